package io.billingsdk.server.tax;

import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.invoices.IssuedDocuments;
import io.billingsdk.server.tax.TaxImports.Imported;
import io.billingsdk.server.tax.TaxViews.ImportedTableView;
import io.billingsdk.server.tax.TaxViews.RateView;
import io.billingsdk.server.tax.TaxViews.RatesView;
import io.billingsdk.server.tax.TaxViews.ReturnRowView;
import io.billingsdk.server.tax.TaxViews.ReturnView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tables of rates, exchange rates and returns. */
final class TaxRoutes {
  private static final String RATES = Route.BASE + "/tax/rates";
  private static final String EXCHANGE = Route.BASE + "/tax/exchange-rates";
  private static final String RETURNS = Route.BASE + "/tax/returns";

  private static final int ID_CHARS = 64;

  /** As much as a request may have. */
  private static final int FILE_CHARS = 200_000;

  private final TaxTables tables;

  TaxRoutes(TaxTables tables) {
    this.tables = tables;
  }

  List<Route> routes() {
    return List.of(
        Route.read(RATES, this::rates).query("country"),
        Route.write("POST", RATES, this::importRates).needing(RequiredScope.FINANCE),
        Route.write("POST", EXCHANGE, this::importExchangeRates).needing(RequiredScope.FINANCE),
        Route.read(RETURNS, TaxRoutes::returns)
            .query("sellerId", "month", "quarter", "format", "testClocks"));
  }

  private ApiResponse rates(Request request) {
    RateTable table = tables.current(request.database());
    Optional<String> country = request.parameter("country");
    if (country.filter(each -> !Countries.isCountry(each)).isPresent()) {
      throw Request.invalid("country", "the ISO 3166 code of a country with two letters, as DE");
    }
    return ApiResponse.ok(
        new RatesView(
            table.edition().toString(),
            table.rows().stream()
                .filter(row -> country.isEmpty() || country.get().equals(row.place().country()))
                .map(RateView::of)
                .toList()));
  }

  private ApiResponse importRates(Request request) {
    RateTable table = imports(request).rates(file(request));
    return ApiResponse.ok(new ImportedTableView(table.edition().toString(), table.rows().size()));
  }

  private ApiResponse importExchangeRates(Request request) {
    Imported imported = imports(request).exchangeRates(file(request));
    return ApiResponse.ok(imported);
  }

  private static String file(Request request) {
    JsonBody body = request.body();
    String file = body.text("file", FILE_CHARS);
    body.end();
    return file;
  }

  private TaxImports imports(Request request) {
    return new TaxImports(request.database(), request.actor(), tables);
  }

  private static ApiResponse returns(Request request) {
    String seller =
        request
            .parameter("sellerId")
            .filter(id -> !id.isEmpty() && id.length() <= ID_CHARS)
            .orElseThrow(
                () -> Request.invalid("sellerId", "given, with 1 to " + ID_CHARS + " characters"));
    new Sellers(request.database(), request.actor()).require(seller);
    ReturnPeriod period = period(request);
    String format = request.parameter("format").orElse("json");
    if (!format.equals("json") && !format.equals("csv")) {
      throw Request.invalid("format", "one of json, csv");
    }
    TaxReturn sums = new TaxReturn();
    new IssuedDocuments(request.database())
        .forEach(
            seller,
            period.from(),
            period.to(),
            request.flag("testClocks").orElse(false),
            sums::add);
    ReturnView view =
        new ReturnView(
            seller,
            period.name(),
            period.from().toString(),
            period.to().minusDays(1).toString(),
            sums.sums().entrySet().stream()
                .map(each -> ReturnRowView.of(each.getKey(), each.getValue()))
                .toList());
    return format.equals("json")
        ? ApiResponse.ok(view)
        : new ApiResponse.Whole(
            200,
            "text/csv; charset=utf-8",
            ReturnCsv.of(view).getBytes(StandardCharsets.UTF_8),
            Map.of());
  }

  private static ReturnPeriod period(Request request) {
    Optional<String> month = request.parameter("month");
    Optional<String> quarter = request.parameter("quarter");
    if (month.isPresent() == quarter.isPresent()) {
      throw Request.invalid("month", "given, such as 2026-07, or quarter, such as 2026-Q3");
    }
    return month
        .map(ReturnPeriod::month)
        .orElseGet(() -> ReturnPeriod.quarter(quarter.orElseThrow()));
  }
}
