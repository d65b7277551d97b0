package io.billingsdk.server.invoices;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.invoices.CreditNotes.PartOfLine;
import io.billingsdk.server.invoices.InvoiceViews.InvoiceView;
import java.util.ArrayList;
import java.util.List;

/** Corrections that operators ask for. */
final class CorrectionRoutes {
  private static final int MOST_LINES = 1_000;
  private static final int REASON_CHARS = 256;

  private CorrectionRoutes() {}

  static ApiResponse credit(Request request) {
    JsonBody body = request.body();
    List<PartOfLine> parts = parts(body);
    String reason = body.text("reason", REASON_CHARS);
    body.end();
    String note = notes(request).credit(request.path("number"), parts, reason);
    return created(request, note);
  }

  static ApiResponse voidInvoice(Request request) {
    String reason = reason(request);
    return created(request, notes(request).voidInvoice(request.path("number"), reason));
  }

  static ApiResponse uncollectible(Request request) {
    String number = request.path("number");
    String reason = reason(request);
    var unused =
        new InvoiceStates(request.database(), request.actor()).uncollectible(number, reason);
    return ApiResponse.ok(view(request, number));
  }

  private static String reason(Request request) {
    JsonBody body = request.body();
    String reason = body.text("reason", REASON_CHARS);
    body.end();
    return reason;
  }

  private static ApiResponse created(Request request, String number) {
    return ApiResponse.created(InvoiceRoutes.ALL + "/" + number, view(request, number));
  }

  private static InvoiceView view(Request request, String number) {
    return InvoiceView.of(
        new Invoices(request.database(), request.actor(), TaxCalculator.NONE).require(number));
  }

  private static CreditNotes notes(Request request) {
    return new CreditNotes(request.database(), request.actor());
  }

  private static List<PartOfLine> parts(JsonBody body) {
    List<PartOfLine> parts = new ArrayList<>();
    for (JsonBody each : body.objects("lines", MOST_LINES)) {
      long line =
          each.whole("line", 1, Integer.MAX_VALUE)
              .orElseThrow(() -> each.wrong("line", "the number of a line, from 1"));
      parts.add(new PartOfLine(Math.toIntExact(line), each.amount("amount")));
      each.end();
    }
    return parts;
  }
}
