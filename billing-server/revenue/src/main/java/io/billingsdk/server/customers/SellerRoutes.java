package io.billingsdk.server.customers;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.customers.CustomerViews.SellerView;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.NewSeller;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.util.List;
import java.util.Optional;

/** Sellers. */
final class SellerRoutes {
  private static final String SELLERS = Route.BASE + "/sellers";
  private static final String SELLER = SELLERS + "/{sellerId}";
  private static final String LIST = "sellers";

  private final TaxIdCheck taxIds;

  SellerRoutes(TaxIdCheck taxIds) {
    this.taxIds = taxIds;
  }

  List<Route> routes() {
    return List.of(
        Route.read(SELLERS, SellerRoutes::list).paged(),
        Route.write("POST", SELLERS, this::create).needing(RequiredScope.FINANCE),
        Route.read(SELLER, SellerRoutes::get),
        Route.write("PATCH", SELLER, this::change).needing(RequiredScope.FINANCE));
  }

  private static ApiResponse list(Request request) {
    String after = request.cursor(LIST, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<Seller> found = sellers(request).after(after, limit + 1);
    return ApiResponse.ok(
        Page.of(found, limit, SellerView::of, each -> Cursor.of(LIST, each.id())));
  }

  private ApiResponse create(Request request) {
    JsonBody body = request.body();
    NewSeller wanted =
        new NewSeller(
            body.text("sellerId", Bounds.NAME_CHARS),
            body.text("name", Bounds.NAME_CHARS),
            body.text("currency", Bounds.NAME_CHARS),
            body.text("zone", Bounds.NAME_CHARS),
            body.object("address")
                .map(SellerRoutes::address)
                .orElseThrow(() -> body.wrong("address", "an object")),
            CustomerRoutes.taxIds(body, taxIds));
    body.end();
    Seller made = sellers(request).create(wanted);
    return ApiResponse.created(SELLERS + "/" + made.id(), SellerView.of(made));
  }

  private static ApiResponse get(Request request) {
    return ApiResponse.ok(SellerView.of(sellers(request).require(request.path("sellerId"))));
  }

  private ApiResponse change(Request request) {
    JsonBody body = request.body();
    Optional<String> name = body.optionalText("name", Bounds.NAME_CHARS);
    Optional<Address> address = body.object("address").map(SellerRoutes::address);
    boolean otherIds = body.has("taxIds");
    var ids = CustomerRoutes.taxIds(body, taxIds);
    body.end();
    if (name.isEmpty() && address.isEmpty() && !otherIds) {
      throw body.wrong("body", "at least one of name, address, taxIds");
    }
    Seller changed =
        sellers(request)
            .change(
                request.path("sellerId"),
                name.orElse(null),
                address.orElse(null),
                otherIds ? ids : null);
    return ApiResponse.ok(SellerView.of(changed));
  }

  static Address address(JsonBody body) {
    Address address =
        new Address(
            body.texts("lines", Sellers.MOST_LINES, Sellers.LINE_CHARS),
            body.text("city", Sellers.LINE_CHARS),
            body.optionalText("postalCode", Sellers.POSTAL_CODE_CHARS).orElse(null),
            body.optionalText("region", CustomerFields.REGION_CHARS).orElse(null),
            body.text("country", Bounds.NAME_CHARS));
    body.end();
    return address;
  }

  private static Sellers sellers(Request request) {
    return new Sellers(request.database(), request.actor());
  }
}
