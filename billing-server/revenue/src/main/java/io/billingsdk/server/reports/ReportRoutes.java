package io.billingsdk.server.reports;

import io.billingsdk.documents.DocumentException;
import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import java.util.List;
import java.util.Map;

/** The report of a month. */
final class ReportRoutes {
  private static final String MONTH = Route.BASE + "/customers/{customerId}/reports/{month}";

  private final PaperFolder folder;

  ReportRoutes(PaperFolder folder) {
    this.folder = folder;
  }

  List<Route> routes() {
    return List.of(Route.read(MONTH, this::month).forCustomers().query("format"));
  }

  private ApiResponse month(Request request) {
    String format = request.parameter("format").orElse("json");
    if (!List.of("json", "csv", "pdf").contains(format)) {
      throw Request.invalid("format", "one of json, csv, pdf");
    }
    MonthReport report =
        new MonthReports(request.database()).of(request.path("customerId"), request.path("month"));
    return switch (format) {
      case "csv" -> whole("text/csv; charset=utf-8", ReportCsv.of(report));
      case "pdf" -> whole("application/pdf", pdf(request, report));
      default -> ApiResponse.ok(report);
    };
  }

  private byte[] pdf(Request request, MonthReport report) {
    try {
      return new MonthPapers(request.database(), folder).pdf(report);
    } catch (DocumentException refused) {
      throw RequestRefusedException.conflict("format", String.valueOf(refused.getMessage()));
    }
  }

  private static ApiResponse whole(String mediaType, byte[] bytes) {
    return new ApiResponse.Whole(200, mediaType, bytes, Map.of());
  }
}
