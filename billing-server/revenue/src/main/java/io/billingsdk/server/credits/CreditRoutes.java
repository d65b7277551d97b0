package io.billingsdk.server.credits;

import io.billingsdk.rating.Money;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.credits.CreditRows.StoredCredit;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.credits.CreditViews.CreditLedgerView;
import io.billingsdk.server.credits.CreditViews.CreditView;
import io.billingsdk.server.credits.Credits.CreditSource;
import io.billingsdk.server.credits.Credits.NewCredit;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The credits of customers. */
final class CreditRoutes {
  private static final String OF_CUSTOMER = Route.BASE + "/customers/{customerId}/credits";
  private static final String CREDITS = Route.BASE + "/credits";
  private static final String CREDIT = CREDITS + "/{creditId}";
  private static final String LIST = "credits";

  private CreditRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(OF_CUSTOMER, CreditRoutes::list).paged().forCustomers(),
        Route.write("POST", OF_CUSTOMER, CreditRoutes::give).needing(RequiredScope.FINANCE),
        Route.read(CREDIT, CreditRoutes::get).forCustomers(),
        Route.write("POST", CREDIT + "/withdrawal", CreditRoutes::withdraw)
            .needing(RequiredScope.FINANCE));
  }

  private static ApiResponse list(Request request) {
    long after = request.numberCursor(LIST).orElse(0L);
    int limit = request.limit();
    List<StoredCredit> found = credits(request).of(request.path("customerId"), after, limit + 1);
    return ApiResponse.ok(
        Page.of(
            found, limit, CreditView::of, each -> Cursor.of(LIST, Long.toString(each.position()))));
  }

  private static ApiResponse give(Request request) {
    JsonBody body = request.body();
    CreditKind kind = kind(body);
    String currency = body.text("currency", CouponRoutes.ID_CHARS);
    Money amount = CreditFields.amount("amount", currency, body.amount("amount"));
    NewCredit wanted =
        new NewCredit(
            request.path("customerId"),
            kind,
            kind == CreditKind.PREPAID ? CreditSource.TOP_UP : CreditSource.OPERATOR,
            amount,
            body.whole("priority", 0, CreditFields.MOST_PRIORITY)
                .map(Math::toIntExact)
                .orElse(Credits.PRIORITY),
            body.time("expiresAt").orElse(null),
            body.optionalText("reference", CreditFields.TEXT_CHARS).orElse(null),
            body.text("reason", CreditFields.TEXT_CHARS),
            rollover(body, currency));
    body.end();
    UUID id = credits(request).give(wanted);
    return ApiResponse.created(CREDITS + "/" + id, CreditView.of(credits(request).require(id)));
  }

  private static @Nullable CreditRollover rollover(JsonBody body, String currency) {
    Optional<JsonBody> given = body.object("rollover");
    if (given.isEmpty()) {
      return null;
    }
    JsonBody bounds = given.get();
    CreditRollover rollover =
        new CreditRollover(
            bounds.has("least")
                ? CreditFields.bound("rollover.least", currency, bounds.amount("least"))
                : Money.zero(currency),
            CreditFields.bound("rollover.most", currency, bounds.amount("most")),
            bounds.flag("keepOverage"));
    bounds.end();
    return rollover;
  }

  /** Account credit comes from documents and payments alone. */
  private static CreditKind kind(JsonBody body) {
    String kind = body.text("kind", CouponRoutes.ID_CHARS);
    if (!kind.equals("promotional") && !kind.equals("prepaid")) {
      throw body.wrong("kind", "promotional or prepaid");
    }
    return CreditKind.of(kind);
  }

  private static ApiResponse get(Request request) {
    UUID id = Request.uuid("creditId", request.path("creditId"));
    StoredCredit credit = credits(request).require(id);
    @Nullable String own = request.caller().customerId();
    if (own != null && !own.equals(credit.customer())) {
      throw RequestRefusedException.notFound("creditId", "there is no credit " + id);
    }
    return ApiResponse.ok(CreditLedgerView.of(credit, credits(request).movements(id)));
  }

  private static ApiResponse withdraw(Request request) {
    UUID id = Request.uuid("creditId", request.path("creditId"));
    JsonBody body = request.body();
    String reason = body.text("reason", CreditFields.TEXT_CHARS);
    body.end();
    credits(request).withdraw(id, reason);
    return ApiResponse.ok(CreditView.of(credits(request).require(id)));
  }

  private static Credits credits(Request request) {
    return new Credits(request.database(), request.actor());
  }
}
