package io.billingsdk.server.quotas;

import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.catalog.QuotaTerms;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.StoredKey;
import io.billingsdk.server.quotas.QuotaViews.QuotaView;
import io.billingsdk.server.quotas.QuotaViews.RefusalList;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** How quotas stand, extensions, and the end of leases. */
final class QuotaRoutes {
  private static final String OF_CUSTOMER = Route.BASE + "/customers/{customerId}/quotas";
  private static final String OF_KEY = Route.BASE + "/keys/{keyId}/quotas";
  private static final String REFUSALS = Route.BASE + "/keys/{keyId}/refusals";
  private static final String LIST = "quotas";
  private static final String QUOTAS = Route.BASE + "/quotas";
  private static final int QUOTA_CHARS = 256;
  private static final int CUSTOMER_CHARS = 64;
  private static final int NAME_CHARS = 64;
  private static final int REASON_CHARS = 256;

  private final Quotas quotas;

  QuotaRoutes(Quotas quotas) {
    this.quotas = quotas;
  }

  List<Route> routes() {
    return List.of(
        Route.read(OF_CUSTOMER, this::ofCustomer).forCustomers().paged(),
        Route.read(OF_KEY, this::ofKey).forApps().paged(),
        Route.read(REFUSALS, this::refusals).forApps(),
        Route.write("POST", QUOTAS + "/grant", this::grant),
        Route.write("POST", QUOTAS + "/release", this::release));
  }

  private record GrantView(
      long number, String quota, BigDecimal amount, Instant until, String reason) {}

  private record ReleaseView(String quota, int released) {}

  private ApiResponse ofCustomer(Request request) {
    String customer = request.path("customerId");
    if (customer.length() > CUSTOMER_CHARS) {
      throw Request.invalid("customerId", "1 to " + CUSTOMER_CHARS + " characters");
    }
    return page(request, admin(request).ofCustomer(customer));
  }

  private ApiResponse ofKey(Request request) {
    StoredKey key = key(request);
    return page(request, admin(request).ofKey(key.keyId()));
  }

  private ApiResponse refusals(Request request) {
    StoredKey key = key(request);
    return ApiResponse.ok(RefusalList.of(admin(request).refusals(key.keyId())));
  }

  private ApiResponse page(Request request, List<QuotaState> states) {
    String after = request.cursor(LIST, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    Instant now = quotas.clock().instant();
    List<QuotaState> found =
        states.stream()
            .sorted(Comparator.comparing(state -> state.rule().id()))
            .filter(state -> state.rule().id().compareTo(after) > 0)
            .limit(limit + 1L)
            .toList();
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            state -> QuotaView.of(state, QuotaProjection.of(state, now)),
            state -> Cursor.of(LIST, state.rule().id())));
  }

  /** One of another app is as if it were not there. */
  private static StoredKey key(Request request) {
    String keyId = request.path("keyId");
    return new KeyAdmin(request.database(), null, request.actor())
        .one(keyId)
        .filter(each -> request.caller().sees(each.appId()))
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.notFound("keyId", "there is no key " + keyId + ", or it was removed")));
  }

  private ApiResponse grant(Request request) {
    JsonBody body = request.body();
    String quota = body.text("quota", QUOTA_CHARS);
    BigDecimal amount = body.amount("amount");
    Instant until = body.requiredTime("until");
    String reason = body.text("reason", REASON_CHARS);
    body.end();
    requireMoney(request, quota);
    long number = admin(request).grant(quota, amount, until, reason);
    return ApiResponse.ok(new GrantView(number, quota, amount, until, reason));
  }

  /** What raises the sum that a customer may owe is not for a token that changes keys alone. */
  private void requireMoney(Request request, String quota) {
    boolean isSpendCap =
        request
            .database()
            .read(handle -> quotas.source().byId(handle, quota))
            .filter(rule -> rule.terms().meter().equals(QuotaTerms.AMOUNT))
            .isPresent();
    if (isSpendCap && !request.caller().scopes().includes(Scope.FINANCE)) {
      throw new ProblemException(
          Problem.forbidden("a token of the scope finance is needed: the quota is a spend cap"));
    }
  }

  private ApiResponse release(Request request) {
    JsonBody body = request.body();
    String quota = body.text("quota", QUOTA_CHARS);
    String instance = body.optionalText("instance", NAME_CHARS).orElse(null);
    String reason = body.text("reason", REASON_CHARS);
    body.end();
    return ApiResponse.ok(new ReleaseView(quota, admin(request).release(quota, instance, reason)));
  }

  private QuotaAdmin admin(Request request) {
    return new QuotaAdmin(request.database(), quotas.source(), quotas.clock(), request.actor());
  }
}
