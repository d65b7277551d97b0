package io.billingsdk.server.customers;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.Customer.TaxPlace;
import io.billingsdk.server.customers.CustomerViews.AppSpanView;
import io.billingsdk.server.customers.CustomerViews.AppSpansView;
import io.billingsdk.server.customers.CustomerViews.ClockView;
import io.billingsdk.server.customers.CustomerViews.CustomerView;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Customers, their apps and their clocks. */
final class CustomerRoutes {
  private static final String CUSTOMERS = Route.BASE + "/customers";
  private static final String CUSTOMER = CUSTOMERS + "/{customerId}";
  private static final String APPS = CUSTOMER + "/apps";
  private static final String LIST = "customers";

  /** The longest tag of a language that a customer may have. */
  static final int LOCALE_CHARS = 35;

  private final TaxIdCheck taxIds;

  CustomerRoutes(TaxIdCheck taxIds) {
    this.taxIds = taxIds;
  }

  List<Route> routes() {
    return List.of(
        Route.read(CUSTOMERS, CustomerRoutes::list).paged(),
        change("POST", CUSTOMERS, this::create),
        Route.read(CUSTOMER, CustomerRoutes::get).forCustomers(),
        change("PATCH", CUSTOMER, this::change),
        Route.read(APPS, CustomerRoutes::apps).forCustomers(),
        change("POST", APPS, CustomerRoutes::assign),
        change("POST", APPS + "/release", CustomerRoutes::release),
        change("POST", CUSTOMER + "/clock", CustomerRoutes::moveClock));
  }

  private static Route change(String method, String path, Route.Handler handler) {
    return Route.write(method, path, handler).needing(RequiredScope.FINANCE);
  }

  private static ApiResponse list(Request request) {
    String after = request.cursor(LIST, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<Customer> found = customers(request).after(after, limit + 1);
    return ApiResponse.ok(
        Page.of(found, limit, CustomerView::of, each -> Cursor.of(LIST, each.id())));
  }

  private ApiResponse create(Request request) {
    JsonBody body = request.body();
    NewCustomer wanted =
        new NewCustomer(
            body.text("customerId", Bounds.NAME_CHARS),
            body.text("name", Bounds.NAME_CHARS),
            body.text("currency", Bounds.NAME_CHARS),
            body.text("zone", Bounds.NAME_CHARS),
            body.optionalText("locale", LOCALE_CHARS).orElse("en"),
            body.optionalText("sellerId", Bounds.NAME_CHARS).orElse(null),
            taxPlace(body).orElse(null),
            taxIds(body, taxIds),
            body.time("testClock").orElse(null));
    body.end();
    Customer made = customers(request).create(wanted);
    return ApiResponse.created(
        CUSTOMERS + "/" + made.id(), CustomerView.of(made, wanted.testClock()));
  }

  private static ApiResponse get(Request request) {
    String id = request.path("customerId");
    Customer customer = customers(request).require(id);
    Instant clock = new CustomerClocks(request.database()).testClock(id).orElse(null);
    return ApiResponse.ok(CustomerView.of(customer, clock));
  }

  private ApiResponse change(Request request) {
    JsonBody body = request.body();
    Optional<String> name = body.optionalText("name", Bounds.NAME_CHARS);
    Optional<ZoneId> zone = body.optionalText("zone", Bounds.NAME_CHARS).map(CustomerFields::zone);
    Optional<String> locale = body.optionalText("locale", LOCALE_CHARS);
    boolean otherSeller = body.has("sellerId");
    String seller = body.optionalText("sellerId", Bounds.NAME_CHARS).orElse(null);
    boolean otherPlace = body.has("taxPlace");
    TaxPlace place = taxPlace(body).orElse(null);
    boolean otherIds = body.has("taxIds");
    List<TaxId> ids = taxIds(body, taxIds);
    body.end();
    boolean otherWords = name.isPresent() || zone.isPresent() || locale.isPresent();
    if (!otherWords && !otherSeller && !otherPlace && !otherIds) {
      throw body.wrong("body", "at least one of name, zone, locale, sellerId, taxPlace, taxIds");
    }
    Customer changed =
        customers(request)
            .change(
                request.path("customerId"),
                old ->
                    new Customer(
                        old.id(),
                        name.orElse(old.name()),
                        old.currency(),
                        zone.orElse(old.zone()),
                        locale.orElse(old.locale()),
                        otherSeller ? seller : old.seller(),
                        otherPlace ? place : old.taxPlace(),
                        otherIds ? ids : old.taxIds(),
                        old.createdAt()));
    return ApiResponse.ok(CustomerView.of(changed));
  }

  private static ApiResponse apps(Request request) {
    Customer customer = customers(request).require(request.path("customerId"));
    return ApiResponse.ok(
        new AppSpansView(
            customers(request).spans(customer.id()).stream().map(AppSpanView::of).toList()));
  }

  private static ApiResponse assign(Request request) {
    JsonBody body = request.body();
    String app = body.text("appId", Bounds.NAME_CHARS);
    @Nullable Instant from = body.time("from").orElse(null);
    body.end();
    return ApiResponse.ok(
        AppSpanView.of(customers(request).assign(request.path("customerId"), app, from)));
  }

  private static ApiResponse release(Request request) {
    JsonBody body = request.body();
    String app = body.text("appId", Bounds.NAME_CHARS);
    @Nullable Instant at = body.time("at").orElse(null);
    body.end();
    String customer = request.path("customerId");
    customers(request).release(customer, app, at);
    return ApiResponse.ok(
        new AppSpansView(
            customers(request).spans(customer).stream().map(AppSpanView::of).toList()));
  }

  private static ApiResponse moveClock(Request request) {
    JsonBody body = request.body();
    Instant to = body.requiredTime("to");
    body.end();
    String customer = request.path("customerId");
    Instant now = new CustomerClocks(request.database()).moveTo(request.actor(), customer, to);
    return ApiResponse.ok(new ClockView(customer, now));
  }

  private static Optional<TaxPlace> taxPlace(JsonBody body) {
    return body.object("taxPlace")
        .map(
            place -> {
              TaxPlace read =
                  new TaxPlace(
                      place.text("country", Bounds.NAME_CHARS),
                      place.optionalText("region", CustomerFields.REGION_CHARS).orElse(null));
              place.end();
              return read;
            });
  }

  /** Tax ids of a body; the check must take each. */
  static List<TaxId> taxIds(JsonBody body, TaxIdCheck check) {
    List<TaxId> ids = new ArrayList<>();
    for (JsonBody each : body.objects("taxIds", CustomerFields.MOST_TAX_IDS)) {
      ids.add(
          new TaxId(
              each.text("type", Bounds.NAME_CHARS),
              each.text("value", CustomerFields.TAX_ID_CHARS)));
      each.end();
      Optional<String> expected = check.expected(ids.get(ids.size() - 1));
      if (expected.isPresent()) {
        throw each.wrong("value", expected.get());
      }
    }
    return ids;
  }

  private static Customers customers(Request request) {
    return new Customers(request.database(), request.actor());
  }
}
