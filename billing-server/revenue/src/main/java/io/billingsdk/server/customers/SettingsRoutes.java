package io.billingsdk.server.customers;

import io.billingsdk.server.customers.BillingSettings.Exemption;
import io.billingsdk.server.customers.BillingSettingsBook.Revision;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.SellerSettings.BankAccount;
import io.billingsdk.server.customers.SettingsViews.CustomerSettingsView;
import io.billingsdk.server.customers.SettingsViews.HistoryView;
import io.billingsdk.server.customers.SettingsViews.SellerSettingsView;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings of bills, of customers and sellers. */
final class SettingsRoutes {
  private static final String CUSTOMER = Route.BASE + "/customers/{customerId}/billing-settings";

  private static final String SELLER = Route.BASE + "/sellers/{sellerId}/billing-settings";

  private SettingsRoutes() {}

  static List<Route> routes(TaxIdCheck taxIds) {
    return List.of(
        Route.read(CUSTOMER, SettingsRoutes::ofCustomer).forCustomers(),
        Route.write("PATCH", CUSTOMER, request -> changeCustomer(request, taxIds))
            .needing(RequiredScope.FINANCE),
        Route.read(CUSTOMER + "/history", SettingsRoutes::history),
        Route.read(SELLER, SettingsRoutes::ofSeller),
        Route.write("PATCH", SELLER, SettingsRoutes::changeSeller).needing(RequiredScope.FINANCE));
  }

  private static ApiResponse ofCustomer(Request request) {
    return ApiResponse.ok(view(request, book(request).ofCustomer(request.path("customerId"))));
  }

  private static CustomerSettingsView view(Request request, Revision<BillingSettings> settings) {
    Customer customer = customers(request).require(request.path("customerId"));
    return CustomerSettingsView.of(customer, settings);
  }

  private static ApiResponse history(Request request) {
    return ApiResponse.ok(HistoryView.of(book(request).history(request.path("customerId"))));
  }

  private static ApiResponse changeCustomer(Request request, TaxIdCheck check) {
    JsonBody body = request.body();
    CustomerPatch patch = CustomerPatch.read(body);
    Optional<String> language = body.optionalText("language", CustomerRoutes.LOCALE_CHARS);
    boolean otherIds = body.has("taxIds");
    List<TaxId> ids = CustomerRoutes.taxIds(body, check);
    body.end();
    if (language.isPresent() || otherIds) {
      var unused =
          customers(request)
              .change(
                  request.path("customerId"),
                  old -> old.with(language.orElse(old.locale()), otherIds ? ids : old.taxIds()));
    }
    return ApiResponse.ok(
        view(request, book(request).changeCustomer(request.path("customerId"), patch::on)));
  }

  /** What a body changes; a field that it does not have stays, and null removes one. */
  private record CustomerPatch(List<String> given, BillingSettings settings) {
    private static final List<String> FIELDS =
        List.of("legalName", "address", "emails", "exemption", "series", "netDays", "template");

    static CustomerPatch read(JsonBody body) {
      List<String> given = FIELDS.stream().filter(body::has).toList();
      if (given.isEmpty() && !body.has("language") && !body.has("taxIds")) {
        throw body.wrong(
            "body", "at least one of " + String.join(", ", FIELDS) + ", language, taxIds");
      }
      return new CustomerPatch(
          given,
          new BillingSettings(
              body.optionalText("legalName", CustomerFields.NAME_CHARS).orElse(null),
              body.object("address").map(SellerRoutes::address).orElse(null),
              body.texts("emails", SettingsFields.MOST_EMAILS, SettingsFields.EMAIL_CHARS),
              body.object("exemption").map(SettingsRoutes::exemption).orElse(null),
              body.optionalText("series", SettingsFields.SERIES_CHARS).orElse(null),
              netDays(body),
              body.optionalText("template", SettingsFields.TEMPLATE_CHARS).orElse(null)));
    }

    BillingSettings on(BillingSettings old) {
      return new BillingSettings(
          has("legalName") ? settings.legalName() : old.legalName(),
          has("address") ? settings.address() : old.address(),
          has("emails") ? settings.emails() : old.emails(),
          has("exemption") ? settings.exemption() : old.exemption(),
          has("series") ? settings.series() : old.series(),
          has("netDays") ? settings.netDays() : old.netDays(),
          has("template") ? settings.template() : old.template());
    }

    private boolean has(String field) {
      return given.contains(field);
    }
  }

  private static Exemption exemption(JsonBody body) {
    Exemption exemption =
        new Exemption(
            body.text("reason", SettingsFields.REASON_CHARS),
            body.optionalText("certificate", SettingsFields.CERTIFICATE_CHARS).orElse(null));
    body.end();
    return exemption;
  }

  private static @Nullable Integer netDays(JsonBody body) {
    return body.whole("netDays", 0, SettingsFields.MOST_NET_DAYS).map(Long::intValue).orElse(null);
  }

  private static ApiResponse ofSeller(Request request) {
    String id = request.path("sellerId");
    return ApiResponse.ok(SellerSettingsView.of(id, book(request).ofSeller(id)));
  }

  private static ApiResponse changeSeller(Request request) {
    JsonBody body = request.body();
    boolean otherBank = body.has("bank");
    boolean otherDays = body.has("netDays");
    boolean otherTemplate = body.has("template");
    @Nullable BankAccount bank = body.object("bank").map(SettingsRoutes::bank).orElse(null);
    @Nullable Integer days = netDays(body);
    @Nullable String template =
        body.optionalText("template", SettingsFields.TEMPLATE_CHARS).orElse(null);
    body.end();
    if (!otherBank && !otherDays && !otherTemplate) {
      throw body.wrong("body", "at least one of bank, netDays, template");
    }
    String id = request.path("sellerId");
    Revision<SellerSettings> changed =
        book(request)
            .changeSeller(
                id,
                old ->
                    new SellerSettings(
                        otherBank ? bank : old.bank(),
                        otherDays ? days : old.netDays(),
                        otherTemplate ? template : old.template()));
    return ApiResponse.ok(SellerSettingsView.of(id, changed));
  }

  private static BankAccount bank(JsonBody body) {
    BankAccount bank =
        new BankAccount(
            body.text("holder", CustomerFields.NAME_CHARS),
            Iban.plain(body.text("iban", SettingsFields.IBAN_CHARS)),
            body.optionalText("bic", SettingsFields.BIC_CHARS).orElse(null));
    body.end();
    return bank;
  }

  private static BillingSettingsBook book(Request request) {
    return new BillingSettingsBook(request.database(), request.actor());
  }

  private static Customers customers(Request request) {
    return new Customers(request.database(), request.actor());
  }
}
