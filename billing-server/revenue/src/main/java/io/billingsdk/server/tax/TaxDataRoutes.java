package io.billingsdk.server.tax;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.invoices.TaxCalculator;
import io.billingsdk.server.tax.TaxPlaces.Place;
import io.billingsdk.server.tax.TaxQuestion.Exemption;
import io.billingsdk.server.tax.TaxQuestion.Registration;
import io.billingsdk.server.tax.TaxQuestion.Scheme;
import io.billingsdk.server.tax.TaxQuestion.Supply;
import io.billingsdk.server.tax.TaxViews.CustomerTaxView;
import io.billingsdk.server.tax.TaxViews.CustomerTaxesView;
import io.billingsdk.server.tax.TaxViews.RegistrationView;
import io.billingsdk.server.tax.TaxViews.RegistrationsView;
import io.billingsdk.server.tax.TaxViews.TaxationView;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Registrations of sellers and tax data of customers. */
final class TaxDataRoutes {
  private static final String REGISTRATIONS = Route.BASE + "/sellers/{sellerId}/tax-registrations";
  private static final String CUSTOMER = Route.BASE + "/customers/{customerId}/tax";
  private static final int WORD_CHARS = 64;

  private final TaxCalculator calculator;
  private final boolean isAsking;

  TaxDataRoutes(TaxCalculator calculator, boolean isAsking) {
    this.calculator = calculator;
    this.isAsking = isAsking;
  }

  List<Route> routes() {
    return List.of(
        Route.read(REGISTRATIONS, this::registrations),
        Route.write("POST", REGISTRATIONS, this::register).needing(RequiredScope.FINANCE),
        Route.write("POST", REGISTRATIONS + "/{registrationId}/end", this::end)
            .needing(RequiredScope.FINANCE),
        Route.read(CUSTOMER, this::ofCustomer),
        Route.write("PUT", CUSTOMER, this::set).needing(RequiredScope.FINANCE),
        Route.read(CUSTOMER + "/{day}", this::explain));
  }

  private ApiResponse registrations(Request request) {
    return ApiResponse.ok(
        new RegistrationsView(
            taxes(request).registrations(request.path("sellerId")).stream()
                .map(RegistrationView::of)
                .toList()));
  }

  private ApiResponse register(Request request) {
    JsonBody body = request.body();
    Scheme scheme =
        word(body, "scheme", Scheme.values(), Scheme::text)
            .orElseThrow(() -> body.wrong("scheme", words(Scheme.values(), Scheme::text)));
    Place place = place(body);
    Registration wanted = new Registration(scheme, place, body.text("number", WORD_CHARS));
    LocalDate from =
        day(body, "validFrom").orElseThrow(() -> body.wrong("validFrom", "a day, as 2026-07-01"));
    @Nullable LocalDate to = day(body, "validTo").orElse(null);
    body.end();
    String seller = request.path("sellerId");
    SellerRegistration made = taxes(request).register(seller, wanted, from, to);
    return ApiResponse.created(
        REGISTRATIONS.replace("{sellerId}", seller), RegistrationView.of(made));
  }

  private ApiResponse end(Request request) {
    UUID id = Request.uuid("registrationId", request.path("registrationId"));
    JsonBody body = request.body();
    LocalDate last =
        day(body, "lastDay").orElseThrow(() -> body.wrong("lastDay", "a day, as 2026-06-30"));
    body.end();
    return ApiResponse.ok(
        RegistrationView.of(taxes(request).end(request.path("sellerId"), id, last)));
  }

  private ApiResponse ofCustomer(Request request) {
    Taxes taxes = taxes(request);
    return ApiResponse.ok(
        new CustomerTaxesView(
            taxes.ofCustomer(request.path("customerId")).stream()
                .map(each -> view(taxes, each))
                .toList()));
  }

  private static CustomerTaxView view(Taxes taxes, CustomerTax tax) {
    return CustomerTaxView.of(tax, tax.taxId() == null ? null : taxes.status(tax.taxId()).text());
  }

  private ApiResponse set(Request request) {
    JsonBody body = request.body();
    LocalDate from =
        day(body, "validFrom").orElseThrow(() -> body.wrong("validFrom", "a day, as 2026-07-01"));
    Place place = place(body);
    @Nullable String taxId = body.optionalText("taxId", TaxNumber.CHARS).orElse(null);
    Supply supply = word(body, "supply", Supply.values(), Supply::text).orElse(Supply.DIGITAL);
    Optional<JsonBody> exempt = body.object("exemption");
    @Nullable Exemption exemption = exempt.map(TaxDataRoutes::exemption).orElse(null);
    @Nullable LocalDate until = exempt.flatMap(each -> day(each, "until")).orElse(null);
    exempt.ifPresent(JsonBody::end);
    body.end();
    Taxes taxes = taxes(request);
    CustomerTax wanted = new CustomerTax(from, place, taxId, supply, exemption, until);
    return ApiResponse.ok(view(taxes, taxes.set(request.path("customerId"), wanted)));
  }

  private static Exemption exemption(JsonBody body) {
    return new Exemption(
        body.text("category", 1),
        body.optionalText("code", WORD_CHARS).orElse(null),
        body.text("reason", Taxes.REASON_CHARS));
  }

  private ApiResponse explain(Request request) {
    LocalDate day = day("day", request.path("day"));
    return ApiResponse.ok(TaxationView.of(taxes(request).explain(request.path("customerId"), day)));
  }

  private static Place place(JsonBody body) {
    return TaxPlaces.read(
        "", body.text("country", WORD_CHARS), body.optionalText("region", WORD_CHARS).orElse(null));
  }

  private static Optional<LocalDate> day(JsonBody body, String field) {
    return body.optionalText(field, WORD_CHARS).map(text -> day(field, text));
  }

  private static LocalDate day(String field, String text) {
    try {
      LocalDate day = LocalDate.parse(text);
      if (day.getYear() >= 1900 && day.getYear() < 3000) {
        return day;
      }
    } catch (DateTimeParseException malformed) {
      // The refusal below says it.
    }
    throw Request.invalid(field, "a day of 1900 to 2999, as 2026-07-01");
  }

  private static <T> Optional<T> word(
      JsonBody body, String field, T[] all, Function<T, String> text) {
    return body.optionalText(field, WORD_CHARS)
        .map(
            given ->
                Arrays.stream(all)
                    .filter(each -> text.apply(each).equals(given.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> body.wrong(field, words(all, text))));
  }

  private static <T> String words(T[] all, Function<T, String> text) {
    return "one of " + Arrays.stream(all).map(text).collect(Collectors.joining(", "));
  }

  private Taxes taxes(Request request) {
    return new Taxes(request.database(), request.actor(), calculator, isAsking);
  }
}
