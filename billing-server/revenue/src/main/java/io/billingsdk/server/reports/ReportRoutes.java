package io.billingsdk.server.reports;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import java.util.List;
import java.util.Map;

/** The report of a month. */
final class ReportRoutes {
  private static final String MONTH = Route.BASE + "/customers/{customerId}/reports/{month}";

  private ReportRoutes() {}

  static List<Route> routes() {
    return List.of(Route.read(MONTH, ReportRoutes::month).forCustomers().query("format"));
  }

  private static ApiResponse month(Request request) {
    String format = request.parameter("format").orElse("json");
    if (!format.equals("json") && !format.equals("csv")) {
      throw Request.invalid("format", "one of json, csv");
    }
    MonthReport report =
        new MonthReports(request.database()).of(request.path("customerId"), request.path("month"));
    return format.equals("json")
        ? ApiResponse.ok(report)
        : new ApiResponse.Whole(200, "text/csv; charset=utf-8", ReportCsv.of(report), Map.of());
  }
}
