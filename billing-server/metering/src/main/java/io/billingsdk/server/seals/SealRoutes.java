package io.billingsdk.server.seals;

import io.billingsdk.seal.SealFinding;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.seals.LedgerVerification.VerifiedLedger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Seals of ledger days, and whether the ledger is as it was sealed. */
final class SealRoutes {
  private static final String SEALS = Route.BASE + "/ledger/seals";
  private static final String LIST = "seals";
  private static final int DAY_CHARS = 10;
  private static final LocalDate FIRST = LocalDate.of(1970, 1, 1);
  private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

  private final DaySealing sealing;
  private final LedgerVerification verification;

  SealRoutes(DaySealing sealing, LedgerVerification verification) {
    this.sealing = sealing;
    this.verification = verification;
  }

  List<Route> routes() {
    return List.of(
        Route.read(SEALS, this::list).query("from", "to").paged(),
        Route.write("POST", SEALS, this::seal),
        Route.read(Route.BASE + "/ledger/verification", this::verify).query("from", "to"));
  }

  private record SealView(
      String day,
      long cutNo,
      long rows,
      String before,
      String digest,
      String signature,
      String keyId,
      Instant sealedAt) {
    static SealView of(StoredSeal stored) {
      return new SealView(
          stored.seal().day().toString(),
          stored.cut(),
          stored.seal().rows(),
          stored.seal().before(),
          stored.seal().digest(),
          stored.seal().signature(),
          stored.keyId(),
          stored.sealedAt());
    }
  }

  private record SealedView(List<SealView> sealed) {}

  private record FindingView(String day, String kind, List<String> rows, String sentence) {
    static FindingView of(SealFinding finding) {
      return new FindingView(
          finding.day().toString(),
          finding.kind().name().toLowerCase(Locale.ROOT),
          finding.rows(),
          finding.sentence());
    }
  }

  private record VerificationView(
      boolean intact, long days, long rows, List<FindingView> findings, long more) {
    static VerificationView of(VerifiedLedger found) {
      return new VerificationView(
          found.findings().isEmpty(),
          found.days(),
          found.rows(),
          found.findings().stream().map(FindingView::of).toList(),
          found.more());
    }
  }

  private ApiResponse list(Request request) {
    LocalDate from = day("from", request.parameter("from")).orElse(FIRST);
    LocalDate to = day("to", request.parameter("to")).orElse(LAST);
    LocalDate after =
        day("cursor", request.cursor(LIST, 1).map(place -> place.get(0))).orElse(FIRST);
    LocalDate first = after.isBefore(from) ? from : after.plusDays(1);
    int limit = request.limit();
    List<StoredSeal> found =
        request.database().read(handle -> SealRows.between(handle, first, to, limit + 1));
    return ApiResponse.ok(
        Page.of(found, limit, SealView::of, each -> Cursor.of(LIST, each.seal().day().toString())));
  }

  /**
   * Each day is sealed in a transaction of its own, which a repetition finds done: its lock is not
   * to be held until the answer is stored.
   */
  private ApiResponse seal(Request request) {
    JsonBody body = request.body();
    LocalDate last = day("day", body.optionalText("day", DAY_CHARS)).orElseGet(sealing::complete);
    body.end();
    List<SealView> sealed = sealing(last, request).stream().map(SealView::of).toList();
    Map<String, Object> asked = Map.of("day", last.toString(), "sealed", sealed.size());
    request
        .database()
        .useTransaction(
            handle ->
                AuditLog.write(
                    handle, request.actor(), "ledger.seal_request", "ledger", null, asked));
    return ApiResponse.ok(new SealedView(sealed));
  }

  private List<StoredSeal> sealing(LocalDate last, Request request) {
    try {
      return sealing.seal(last, request.actor());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new InstallationException("the server stops", stopping);
    }
  }

  private ApiResponse verify(Request request) {
    Optional<LocalDate> from = day("from", request.parameter("from"));
    Optional<LocalDate> to = day("to", request.parameter("to"));
    if (from.isPresent() && to.isPresent() && to.get().isBefore(from.get())) {
      throw Request.invalid("to", "not before from");
    }
    return ApiResponse.ok(VerificationView.of(verification.verify(request.database(), from, to)));
  }

  private static Optional<LocalDate> day(String name, Optional<String> text) {
    return text.map(
        each -> {
          try {
            LocalDate day = LocalDate.parse(each);
            if (!day.isBefore(FIRST) && !day.isAfter(LAST)) {
              return day;
            }
          } catch (DateTimeParseException malformed) {
            throw Request.invalid(name, "a day of UTC, as 2027-01-31");
          }
          throw Request.invalid(name, "a day from 1970 to 9999");
        });
  }
}
