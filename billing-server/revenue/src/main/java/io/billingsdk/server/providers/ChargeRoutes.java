package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.providers.InvoiceCharges.Prepared;
import io.billingsdk.server.providers.ProviderViews.ChargeView;
import io.billingsdk.server.providers.ProviderViews.RefundView;
import io.billingsdk.server.providers.RefundRows.StoredRefund;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Charges, top-ups and refunds. A request stores what is to be done in its transaction; the
 * provider is called after its commit.
 */
final class ChargeRoutes {
  private static final String CHARGES = Route.BASE + "/charges";
  private static final String TOP_UPS = Route.BASE + "/top-ups";
  private static final String REFUNDS = Route.BASE + "/refunds";
  private static final String LIST = "charges";
  private static final String REFUND_LIST = "refunds";

  private final ProviderParts parts;

  ChargeRoutes(ProviderParts parts) {
    this.parts = parts;
  }

  List<Route> routes() {
    return List.of(
        Route.read(CHARGES, ChargeRoutes::list).query("customerId", "state").paged().forCustomers(),
        Route.read(CHARGES + "/{chargeId}", ChargeRoutes::get).forCustomers(),
        Route.write("POST", CHARGES, this::charge).needing(RequiredScope.FINANCE),
        Route.write("POST", TOP_UPS, this::topUp).needing(RequiredScope.FINANCE),
        Route.read(REFUNDS, ChargeRoutes::refunds).query("customerId").paged().forCustomers(),
        Route.read(REFUNDS + "/{refundId}", ChargeRoutes::refund).forCustomers(),
        Route.write("POST", REFUNDS, this::refundPayment).needing(RequiredScope.REFUND));
  }

  private static ApiResponse list(Request request) {
    @Nullable String customer = ProviderFields.customer(request);
    Optional<String> text = request.parameter("state");
    @Nullable ChargeState state = null;
    if (text.isPresent()) {
      state =
          java.util.Arrays.stream(ChargeState.values())
              .filter(each -> each.text().equals(text.get()))
              .findFirst()
              .orElseThrow(
                  () ->
                      Request.invalid(
                          "state",
                          "created, needs_operator, requires_action, processing, failed, succeeded"
                              + " or returned"));
    }
    long below = request.numberCursor(LIST).orElse(Long.MAX_VALUE);
    int limit = request.limit();
    @Nullable ChargeState wanted = state;
    List<Charge> found =
        request
            .database()
            .read(handle -> ChargeRows.page(handle, customer, wanted, below, limit + 1));
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            each -> ChargeView.of(each, isOperator(request)),
            each -> Cursor.of(LIST, Long.toString(each.position()))));
  }

  private static ApiResponse get(Request request) {
    String id = ProviderFields.path(request, "chargeId");
    Charge found =
        request
            .database()
            .read(handle -> ChargeRows.find(handle, id))
            .filter(each -> !ProviderFields.isHidden(request, each.customer()))
            .orElseThrow(
                () -> RequestRefusedException.notFound("chargeId", "there is no charge " + id));
    return ApiResponse.ok(ChargeView.of(found, isOperator(request)));
  }

  private static boolean isOperator(Request request) {
    return request.caller().customerId() == null;
  }

  private ApiResponse charge(Request request) {
    JsonBody body = request.body();
    String number = body.text("number", ProviderFields.NUMBER_CHARS);
    body.end();
    Actor actor = request.actor();
    Prepared prepared =
        request
            .database()
            .inTransaction(handle -> parts.charges().prepareNext(handle, number, actor));
    Charge charge = prepared.charge();
    request.afterCommit(() -> parts.after(() -> parts.charges().send(prepared)));
    return created(charge);
  }

  private ApiResponse topUp(Request request) {
    JsonBody body = request.body();
    String customer = body.text("customerId", ProviderFields.ID_CHARS);
    Money amount = ProviderFields.money(body);
    @Nullable ProviderName page =
        body.optionalText("provider", ProviderFields.CODE_CHARS)
            .map(text -> ProviderFields.provider(body, text))
            .orElse(null);
    body.end();
    Actor actor = request.actor();
    Database here = request.database();
    Charge charge =
        here.inTransaction(
            handle -> parts.topUps(here).prepare(handle, customer, amount, page, actor));
    request.afterCommit(() -> parts.after(() -> parts.topUps().send(charge)));
    return created(charge);
  }

  private static ApiResponse created(Charge charge) {
    return ApiResponse.created(CHARGES + "/" + charge.id(), ChargeView.of(charge));
  }

  private static ApiResponse refunds(Request request) {
    @Nullable String customer = ProviderFields.customer(request);
    long below = request.numberCursor(REFUND_LIST).orElse(Long.MAX_VALUE);
    int limit = request.limit();
    List<StoredRefund> found =
        request.database().read(handle -> RefundRows.page(handle, customer, below, limit + 1));
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            RefundView::of,
            each -> Cursor.of(REFUND_LIST, Long.toString(each.position()))));
  }

  private static ApiResponse refund(Request request) {
    String id = ProviderFields.path(request, "refundId");
    StoredRefund found =
        request
            .database()
            .read(handle -> RefundRows.find(handle, id))
            .filter(each -> !ProviderFields.isHidden(request, each.customer()))
            .orElseThrow(
                () -> RequestRefusedException.notFound("refundId", "there is no refund " + id));
    return ApiResponse.ok(RefundView.of(found));
  }

  private ApiResponse refundPayment(Request request) {
    JsonBody body = request.body();
    String payment = body.text("paymentId", ProviderFields.ID_CHARS);
    Money amount = ProviderFields.money(body);
    String reason = body.text("reason", ProviderFields.REASON_CHARS);
    Optional<RefundCredit> credit = RefundCredit.read(body);
    body.end();
    Actor actor = request.actor();
    StoredRefund refund =
        request
            .database()
            .inTransaction(
                handle -> parts.refunds().prepare(handle, payment, amount, reason, actor, credit));
    request.afterCommit(() -> parts.after(() -> parts.refunds().send(refund)));
    return ApiResponse.created(REFUNDS + "/" + refund.id(), RefundView.of(refund));
  }
}
