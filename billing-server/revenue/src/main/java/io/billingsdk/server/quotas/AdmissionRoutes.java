package io.billingsdk.server.quotas;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.quotas.Admissions.Admission;
import io.billingsdk.server.quotas.QuotaViews.QuotaView;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Admission of calls for producers without an SDK. */
final class AdmissionRoutes {
  private static final String PATH = Route.BASE + "/admissions";
  private static final int NAME_CHARS = 64;
  private static final int MOST = 8;
  private static final long LATER_SECONDS = 60;

  private final Quotas quotas;

  AdmissionRoutes(Quotas quotas) {
    this.quotas = quotas;
  }

  List<Route> routes() {
    return List.of(
        Route.intake(PATH, this::admit).keepingAnswers(),
        Route.intake(PATH + "/settle", this::settle).keepingAnswers());
  }

  private record AdmissionView(
      boolean admitted,
      @Nullable String reason,
      @Nullable List<String> admission,
      @Nullable Instant expiresAt,
      @Nullable Long retryAfterSeconds,
      @Nullable QuotaView quota) {}

  private record SettledView(boolean settled) {}

  private ApiResponse admit(Request request) {
    JsonBody body = request.body();
    String keyId = body.text("keyId", NAME_CHARS);
    String meter = body.optionalText("meter", NAME_CHARS).orElse(QuotaMeters.CALLS);
    BigDecimal amount = body.has("amount") ? bounded(body, "amount") : BigDecimal.ONE;
    boolean isCheck = body.flag("check");
    if (amount.signum() == 0) {
      throw body.wrong("amount", "a number above 0 and at most 2^53 with at most 18 decimals");
    }
    body.end();
    Admissions admissions = new Admissions(request.database(), quotas);
    return ApiResponse.ok(
        view(
            isCheck
                ? admissions.check(keyId, meter, amount)
                : admissions.reserve(keyId, meter, amount)));
  }

  private ApiResponse settle(Request request) {
    JsonBody body = request.body();
    List<String> admission = body.texts("admission", MOST, NAME_CHARS);
    if (admission.isEmpty()) {
      throw body.wrong("admission", "a list of 1 to " + MOST + " reservations");
    }
    BigDecimal used = bounded(body, "used");
    body.end();
    new Admissions(request.database(), quotas).settle(admission, used);
    return ApiResponse.ok(new SettledView(/* settled= */ true));
  }

  private static BigDecimal bounded(JsonBody body, String name) {
    BigDecimal amount = body.amount(name);
    if (!Bounds.isQuantity(amount)) {
      throw body.wrong(name, "a number from 0 to 2^53 with at most 18 decimals");
    }
    return amount;
  }

  private AdmissionView view(Admission admission) {
    QuotaState quota = admission.quota();
    return new AdmissionView(
        admission.isAdmitted(),
        admission.reason(),
        admission.admission().isEmpty() ? null : admission.admission(),
        admission.expiresAt(),
        admission.isAdmitted() || quota == null ? null : retryAfter(quota),
        quota == null ? null : QuotaView.of(quota));
  }

  /** Soon, while somebody may give something back; otherwise when the quota begins again. */
  private long retryAfter(QuotaState quota) {
    if (quota.leased().signum() > 0) {
      return 1;
    }
    long left = Duration.between(quotas.clock().instant(), quota.period().end()).toSeconds() + 1;
    return Math.max(1, Math.min(LATER_SECONDS, left));
  }
}
