package io.billingsdk.server.credits;

import io.billingsdk.rating.Discount;
import io.billingsdk.server.credits.Coupons.Gift;
import io.billingsdk.server.credits.Coupons.NewCoupon;
import io.billingsdk.server.credits.Coupons.StoredCoupon;
import io.billingsdk.server.credits.CreditViews.CouponView;
import io.billingsdk.server.credits.CreditViews.GiftView;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.util.List;
import java.util.UUID;

/** Coupons, and who has them. */
final class CouponRoutes {
  static final int ID_CHARS = 64;

  private static final String COUPONS = Route.BASE + "/coupons";
  private static final String COUPON = COUPONS + "/{couponId}";
  private static final String GIFTS = Route.BASE + "/customers/{customerId}/coupons";
  private static final String LIST = "coupons";
  private static final String GIFT_LIST = "coupon-gifts";
  private static final long MOST_INVOICES = 1_000_000;

  private CouponRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(COUPONS, CouponRoutes::list).paged(),
        Route.write("POST", COUPONS, CouponRoutes::create).needing(RequiredScope.FINANCE),
        Route.read(COUPON, CouponRoutes::get),
        Route.read(GIFTS, CouponRoutes::gifts).paged().forCustomers(),
        Route.write("POST", GIFTS, CouponRoutes::give).needing(RequiredScope.FINANCE),
        Route.write("POST", GIFTS + "/{giftId}/end", CouponRoutes::end)
            .needing(RequiredScope.FINANCE));
  }

  private static ApiResponse list(Request request) {
    String after = request.cursor(LIST, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<StoredCoupon> found = coupons(request).after(after, limit + 1);
    return ApiResponse.ok(
        Page.of(found, limit, CouponView::of, each -> Cursor.of(LIST, each.id())));
  }

  private static ApiResponse create(Request request) {
    JsonBody body = request.body();
    NewCoupon wanted =
        new NewCoupon(
            body.text("couponId", ID_CHARS),
            body.text("name", CreditFields.TEXT_CHARS),
            discount(body),
            body.whole("invoices", 1, MOST_INVOICES).map(Math::toIntExact).orElse(null),
            body.time("validFrom").orElse(null),
            body.time("validTo").orElse(null));
    body.end();
    coupons(request).create(wanted);
    return ApiResponse.created(
        COUPONS + "/" + wanted.id(), CouponView.of(coupons(request).require(wanted.id())));
  }

  private static Discount discount(JsonBody body) {
    boolean isShare = body.has("percent");
    if (isShare == body.has("amount")) {
      throw body.wrong("percent", "either percent, or amount and currency");
    }
    if (isShare) {
      return Discount.percent(CreditFields.percent(body.amount("percent")).toPlainString());
    }
    String currency = body.text("currency", ID_CHARS);
    return Discount.amount(CreditFields.amount("amount", currency, body.amount("amount")));
  }

  private static ApiResponse get(Request request) {
    return ApiResponse.ok(CouponView.of(coupons(request).require(request.path("couponId"))));
  }

  private static ApiResponse gifts(Request request) {
    long after = request.numberCursor(GIFT_LIST).orElse(0L);
    int limit = request.limit();
    List<Gift> found = coupons(request).of(request.path("customerId"), after, limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            GiftView::of,
            each -> Cursor.of(GIFT_LIST, Long.toString(each.position()))));
  }

  private static ApiResponse give(Request request) {
    JsonBody body = request.body();
    String coupon = body.text("couponId", ID_CHARS);
    UUID subscription = body.has("subscriptionId") ? body.uuid("subscriptionId") : null;
    body.end();
    String customer = request.path("customerId");
    UUID id = coupons(request).give(coupon, customer, subscription);
    return ApiResponse.ok(GiftView.of(coupons(request).gift(customer, id)));
  }

  private static ApiResponse end(Request request) {
    String customer = request.path("customerId");
    UUID id = Request.uuid("giftId", request.path("giftId"));
    coupons(request).take(customer, id);
    return ApiResponse.ok(GiftView.of(coupons(request).gift(customer, id)));
  }

  private static Coupons coupons(Request request) {
    return new Coupons(request.database(), request.actor());
  }
}
