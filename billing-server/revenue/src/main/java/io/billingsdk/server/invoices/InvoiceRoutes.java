package io.billingsdk.server.invoices;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.invoices.InvoiceNumbering.LastNumber;
import io.billingsdk.server.invoices.InvoiceViews.BooksView;
import io.billingsdk.server.invoices.InvoiceViews.FailureView;
import io.billingsdk.server.invoices.InvoiceViews.InvoiceView;
import io.billingsdk.server.invoices.InvoiceViews.NumberingView;
import io.billingsdk.server.invoices.InvoiceViews.RunView;
import io.billingsdk.server.invoices.InvoiceViews.VerificationView;
import io.billingsdk.server.invoices.SpanRows.FailedSpan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Invoices, drafts and runs. */
final class InvoiceRoutes {
  static final String ALL = Route.BASE + "/invoices";
  private static final String ONE = ALL + "/{number}";
  private static final String RUNS = ALL + "/runs";
  private static final String OF_CUSTOMER = Route.BASE + "/customers/{customerId}/invoices";
  private static final String LIST = "invoices";
  private static final String FAILURES = "invoice-failures";
  private static final int ID_CHARS = 64;
  private static final int SERIES_CHARS = 81;
  private static final int MOST_SERIES = 1_000;
  private static final long MOST_NUMBER = 999_999_999_999L;

  private final TaxCalculator taxes;

  InvoiceRoutes(TaxCalculator taxes) {
    this.taxes = taxes;
  }

  List<Route> routes() {
    return List.of(
        Route.write("POST", ONE + "/credit-notes", CorrectionRoutes::credit)
            .needing(RequiredScope.FINANCE),
        Route.write("POST", ONE + "/void", CorrectionRoutes::voidInvoice)
            .needing(RequiredScope.FINANCE),
        Route.write("POST", ONE + "/uncollectible", CorrectionRoutes::uncollectible)
            .needing(RequiredScope.FINANCE),
        Route.read(ALL, this::list).query("customerId").paged().forCustomers(),
        // Before the one whose path is any number.
        Route.read(ALL + "/failures", this::failures).paged(),
        Route.read(ALL + "/verification", this::verifyAll),
        Route.read(ALL + "/numbering", this::numbering),
        Route.write("POST", ALL + "/resume", this::resume).needing(RequiredScope.FINANCE),
        Route.write("POST", RUNS, this::ask).needing(RequiredScope.FINANCE),
        Route.read(RUNS + "/{runId}", this::run),
        Route.read(ONE, this::get).forCustomers(),
        Route.read(ONE + "/document", this::document).forCustomers(),
        Route.read(ONE + "/lines.csv", this::csv).forCustomers(),
        Route.read(ONE + "/events", this::events).forCustomers().query("line"),
        Route.read(ONE + "/verification", this::verify),
        Route.read(OF_CUSTOMER + "/draft", this::draft).forCustomers());
  }

  private ApiResponse list(Request request) {
    @Nullable String own = request.caller().customerId();
    String asked = request.parameter("customerId").map(InvoiceRoutes::customer).orElse(own);
    if (own != null && !own.equals(asked)) {
      throw RequestRefusedException.notFound(
          "customerId", "there is no customer " + Request.shown(String.valueOf(asked)));
    }
    long below = request.numberCursor(LIST).orElse(Long.MAX_VALUE);
    int limit = request.limit();
    List<Issued> found = invoices(request).page(asked, below, limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            InvoiceView::of,
            each -> Cursor.of(LIST, Long.toString(each.position()))));
  }

  private ApiResponse failures(Request request) {
    List<String> place = request.cursor(FAILURES, 2).orElse(List.of(new UUID(0, 0) + "", "0"));
    if (!Cursor.isNumber(place.get(1)) || place.get(1).length() > 9) {
      throw Request.invalid("cursor", "one that a page had as next");
    }
    int limit = request.limit();
    List<FailedSpan> found =
        invoices(request)
            .failures(
                Request.uuid("cursor", place.get(0)), Integer.parseInt(place.get(1)), limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            FailureView::of,
            each ->
                Cursor.of(
                    FAILURES,
                    each.span().subscription().toString(),
                    Integer.toString(each.span().number()))));
  }

  private ApiResponse numbering(Request request) {
    return ApiResponse.ok(NumberingView.of(new InvoiceNumbering(request.database())));
  }

  private ApiResponse resume(Request request) {
    JsonBody body = request.body();
    List<LastNumber> last = new ArrayList<>();
    for (JsonBody each : body.objects("lastNumbers", MOST_SERIES)) {
      last.add(
          new LastNumber(
              each.text("series", SERIES_CHARS),
              each.whole("number", 0, MOST_NUMBER)
                  .orElseThrow(() -> each.wrong("number", "a whole number"))));
      each.end();
    }
    body.end();
    InvoiceNumbering numbering = new InvoiceNumbering(request.database());
    numbering.resume(request.actor(), last);
    // Spans that were refused meanwhile wait for their next time: this run does not.
    var unused = invoices(request).askForRun(null);
    return ApiResponse.ok(NumberingView.of(numbering));
  }

  private ApiResponse ask(Request request) {
    JsonBody body = request.body();
    @Nullable String customer = body.optionalText("customerId", ID_CHARS).orElse(null);
    body.end();
    Invoices invoices = invoices(request);
    UUID id = invoices.askForRun(customer);
    return ApiResponse.created(RUNS + "/" + id, RunView.of(invoices.run(id)));
  }

  private ApiResponse run(Request request) {
    UUID id = Request.uuid("runId", request.path("runId"));
    return ApiResponse.ok(RunView.of(invoices(request).run(id)));
  }

  private ApiResponse get(Request request) {
    return ApiResponse.ok(InvoiceView.of(visible(request)));
  }

  /** Byte by byte as it was issued. */
  private ApiResponse document(Request request) {
    return bytes(ApiResponse.JSON, visible(request).document());
  }

  private ApiResponse csv(Request request) {
    return bytes("text/csv; charset=utf-8", InvoiceCsv.of(visible(request)));
  }

  /** So that a customer can reckon the document again. */
  private ApiResponse events(Request request) {
    String line = request.parameter("line").orElse("0");
    if (!line.matches("[0-9]{1,6}")) {
      throw Request.invalid("line", "the number of a line");
    }
    return bytes(
        "application/x-ndjson", invoices(request).events(visible(request), Integer.parseInt(line)));
  }

  private ApiResponse verify(Request request) {
    String number = request.path("number");
    return ApiResponse.ok(VerificationView.of(invoices(request).verify(number)));
  }

  private ApiResponse verifyAll(Request request) {
    return ApiResponse.ok(BooksView.of(invoices(request).bookDifferences()));
  }

  private ApiResponse draft(Request request) {
    String customer = customer(request.path("customerId"));
    return bytes(ApiResponse.JSON, invoices(request).draft(customer));
  }

  private static String customer(String id) {
    if (id.isEmpty() || id.length() > ID_CHARS) {
      throw Request.invalid("customerId", "1 to " + ID_CHARS + " characters");
    }
    return id;
  }

  private static ApiResponse bytes(String type, String text) {
    return new ApiResponse.Whole(200, type, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** As if one of another customer were not there. */
  private Issued visible(Request request) {
    Issued issued = invoices(request).require(request.path("number"));
    @Nullable String own = request.caller().customerId();
    if (own != null && !own.equals(issued.customer())) {
      throw Invoices.none(issued.number());
    }
    return issued;
  }

  private Invoices invoices(Request request) {
    return new Invoices(request.database(), request.actor(), taxes);
  }
}
