package io.billingsdk.server.revenue;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.invoices.IssuedDocuments.Selection;
import io.billingsdk.server.revenue.RevenueReport.InvoicedSums;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reports of revenue, and the charges of invoices. */
final class RevenueRoutes {
  private static final String BASE = Route.BASE + "/revenue";
  private static final String CHARGES = "revenue-charges";
  private static final String TESTS = "testClocks";
  private static final int MOST_MONTHS = 60;

  private RevenueRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(BASE + "/reports/{month}", RevenueRoutes::report)
            .query("zone", "format", "forecast", TESTS),
        Route.read(BASE + "/forecast", RevenueRoutes::forecast).query("day", "zone", TESTS),
        Route.read(BASE + "/invoiced", RevenueRoutes::invoiced).query("from", "to", TESTS),
        Route.read(BASE + "/charges", RevenueRoutes::charges)
            .query("from", "to", "customerId", "sellerId", TESTS)
            .paged()
            .forCustomers());
  }

  private static ApiResponse report(Request request) {
    String format = request.parameter("format").orElse("json");
    if (!format.equals("json") && !format.equals("csv")) {
      throw Request.invalid("format", "one of json, csv");
    }
    BooksMonth month =
        BooksMonth.of("month", request.path("month"), request.parameter("zone").orElse("UTC"));
    RevenueReports reports = new RevenueReports(request.database(), InstantSource.system());
    RevenueReport report =
        request.flag("forecast").orElse(false)
            ? reports.withForecast(month, ofTestClocks(request))
            : reports.of(month, ofTestClocks(request));
    return format.equals("json")
        ? ApiResponse.ok(report)
        : new ApiResponse.Whole(200, "text/csv; charset=utf-8", RevenueCsv.of(report), Map.of());
  }

  private static ApiResponse forecast(Request request) {
    ZoneId zone = BooksMonth.zone(request.parameter("zone").orElse("UTC"));
    LocalDate day = date(request, "day", LocalDate.now(zone));
    return ApiResponse.ok(
        new Forecaster(request.database()).of(new ForecastDays(day, zone), ofTestClocks(request)));
  }

  private static ApiResponse invoiced(Request request) {
    YearMonth last =
        request
            .parameter("to")
            .map(text -> BooksMonth.month("to", text))
            .orElseGet(() -> YearMonth.now(ZoneOffset.UTC));
    YearMonth first =
        request
            .parameter("from")
            .map(text -> BooksMonth.month("from", text))
            .orElseGet(() -> last.minusMonths(11));
    if (first.isAfter(last) || first.plusMonths(MOST_MONTHS).isBefore(last.plusMonths(1))) {
      throw Request.invalid("from", "a month up to 'to', at most " + MOST_MONTHS + " months of it");
    }
    List<InvoicedSums> found =
        new InvoicedMonths(request.database()).of(first, last, ofTestClocks(request));
    return ApiResponse.ok(new InvoicedView(found));
  }

  /** Sums by month. */
  private record InvoicedView(List<InvoicedSums> items) {}

  private static ApiResponse charges(Request request) {
    List<String> place = request.cursor(CHARGES, 2).orElse(List.of("0", "-1"));
    int limit = request.limit();
    List<ChargePages.ChargeRow> found =
        new ChargePages(request.database())
            .after(
                selection(request),
                place(place.get(0), Long.MAX_VALUE),
                (int) place(place.get(1), Integer.MAX_VALUE),
                limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            ChargePages.ChargeRow::columns,
            each ->
                Cursor.of(CHARGES, Long.toString(each.position()), Integer.toString(each.row()))));
  }

  private static long place(String text, long most) {
    if (text.equals("-1")) {
      return -1;
    }
    if (!Cursor.isNumber(text) || Long.parseLong(text) > most) {
      throw Request.invalid("cursor", "one that a page had as next");
    }
    return Long.parseLong(text);
  }

  private static Selection selection(Request request) {
    @Nullable String own = request.caller().customerId();
    @Nullable String asked = request.parameter("customerId").orElse(own);
    if (own != null && !own.equals(asked)) {
      throw RequestRefusedException.notFound(
          "customerId", "there is no customer " + Request.shown(String.valueOf(asked)));
    }
    LocalDate from = date(request, "from", LocalDate.of(2000, 1, 1));
    LocalDate to = date(request, "to", LocalDate.of(2100, 1, 1));
    if (!from.isBefore(to)) {
      throw Request.invalid("to", "a day after 'from', " + from);
    }
    return new Selection(
        from, to, asked, request.parameter("sellerId").orElse(null), ofTestClocks(request));
  }

  private static LocalDate date(Request request, String name, LocalDate none) {
    return request.parameter(name).map(text -> date(name, text)).orElse(none);
  }

  private static LocalDate date(String name, String text) {
    try {
      if (text.matches("20[0-9]{2}-[0-9]{2}-[0-9]{2}")) {
        return LocalDate.parse(text);
      }
    } catch (DateTimeParseException noDate) {
      throw wrongDate(name);
    }
    throw wrongDate(name);
  }

  private static RuntimeException wrongDate(String name) {
    return Request.invalid(name, "a day of 2000 to 2099, as 2026-11-30");
  }

  private static boolean ofTestClocks(Request request) {
    return request.flag(TESTS).orElse(false);
  }
}
