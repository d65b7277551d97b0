package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.payments.Payment.NewPayment;
import io.billingsdk.server.payments.Payment.PaymentMethod;
import io.billingsdk.server.payments.PaymentViews.BalanceView;
import io.billingsdk.server.payments.PaymentViews.PaymentView;
import io.billingsdk.server.payments.PaymentViews.ReceivableView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Payments and what is owed. */
final class PaymentRoutes {
  private static final String PAYMENTS = Route.BASE + "/payments";
  private static final String PAYMENT = PAYMENTS + "/{paymentId}";
  private static final String RECEIVABLES = Route.BASE + "/receivables";
  private static final String BALANCE = Route.BASE + "/customers/{customerId}/balance";
  private static final String LIST = "payments";
  private static final String OWED = "receivables";

  private PaymentRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(PAYMENTS, PaymentRoutes::list).query("customerId").paged().forCustomers(),
        Route.write("POST", PAYMENTS, PaymentRoutes::record).needing(RequiredScope.FINANCE),
        Route.read(PAYMENT, PaymentRoutes::get).forCustomers(),
        Route.write("POST", PAYMENT + "/refunds", PaymentRoutes::refund)
            .needing(RequiredScope.REFUND),
        Route.read(RECEIVABLES, PaymentRoutes::receivables)
            .query("customerId", "open")
            .paged()
            .forCustomers(),
        Route.write("POST", RECEIVABLES + "/{number}/write-off", PaymentRoutes::writeOff)
            .needing(RequiredScope.FINANCE),
        Route.read(BALANCE, PaymentRoutes::balance).forCustomers());
  }

  private static ApiResponse list(Request request) {
    @Nullable String customer = customer(request);
    long below = request.numberCursor(LIST).orElse(Long.MAX_VALUE);
    int limit = request.limit();
    List<Payment> found = payments(request).page(customer, below, limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            PaymentView::of,
            each -> Cursor.of(LIST, Long.toString(each.position()))));
  }

  private static ApiResponse record(Request request) {
    JsonBody body = request.body();
    NewPayment wanted =
        new NewPayment(
            body.text("customerId", PaymentFields.ID_CHARS),
            PaymentFields.money(body),
            PaymentMethod.MANUAL,
            PaymentFields.day(body, "receivedOn"),
            body.optionalText("reference", PaymentFields.REASON_CHARS).orElse(null),
            body.texts("numbers", PaymentFields.MOST_NUMBERS, PaymentFields.NUMBER_CHARS));
    body.end();
    Payment made = payments(request).record(wanted);
    return ApiResponse.created(PAYMENTS + "/" + made.id(), PaymentView.of(made));
  }

  private static ApiResponse get(Request request) {
    Payment found = payments(request).require(path(request, "paymentId"));
    @Nullable String own = request.caller().customerId();
    if (own != null && !own.equals(found.customer())) {
      throw RequestRefusedException.notFound("paymentId", "there is no payment " + found.id());
    }
    return ApiResponse.ok(PaymentView.of(found));
  }

  private static ApiResponse refund(Request request) {
    JsonBody body = request.body();
    Money amount = PaymentFields.money(body);
    String reason = body.text("reason", PaymentFields.REASON_CHARS);
    boolean isReturn = body.flag("takenBack");
    body.end();
    Payment after = payments(request).refund(path(request, "paymentId"), amount, reason, isReturn);
    return ApiResponse.ok(PaymentView.of(after));
  }

  private static ApiResponse receivables(Request request) {
    @Nullable String customer = customer(request);
    boolean onlyOpen = request.flag("open").orElse(false);
    String after = request.cursor(OWED, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<Receivable> found = payments(request).receivables(customer, onlyOpen, after, limit + 1);
    return ApiResponse.ok(
        Page.of(found, limit, each -> view(request, each), each -> Cursor.of(OWED, each.number())));
  }

  private static ReceivableView view(Request request, Receivable owed) {
    PastDue days = new PastDue(request.database(), request.actor());
    return ReceivableView.of(owed, days.today(owed.customer()));
  }

  private static ApiResponse writeOff(Request request) {
    JsonBody body = request.body();
    String reason = body.text("reason", PaymentFields.REASON_CHARS);
    body.end();
    String number = PaymentFields.id("number", request.path("number"), PaymentFields.NUMBER_CHARS);
    return ApiResponse.ok(view(request, payments(request).writeOff(number, reason)));
  }

  private static ApiResponse balance(Request request) {
    return ApiResponse.ok(BalanceView.of(payments(request).balance(path(request, "customerId"))));
  }

  private static String path(Request request, String name) {
    return PaymentFields.id(name, request.path(name), PaymentFields.ID_CHARS);
  }

  /** The one that is asked for; that of a customer's token is its own. */
  private static @Nullable String customer(Request request) {
    @Nullable String own = request.caller().customerId();
    @Nullable String asked =
        request
            .parameter("customerId")
            .map(each -> PaymentFields.id("customerId", each, PaymentFields.ID_CHARS))
            .orElse(own);
    if (own != null && !own.equals(asked)) {
      throw RequestRefusedException.notFound(
          "customerId", "there is no customer " + Request.shown(String.valueOf(asked)));
    }
    return asked;
  }

  private static Payments payments(Request request) {
    return new Payments(request.database(), request.actor());
  }
}
