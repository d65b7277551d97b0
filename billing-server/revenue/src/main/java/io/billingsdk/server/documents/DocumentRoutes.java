package io.billingsdk.server.documents;

import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.documents.pdf.PaperLanguage;
import io.billingsdk.server.documents.DocumentRows.DocumentFault;
import io.billingsdk.server.documents.DocumentViews.DocumentView;
import io.billingsdk.server.documents.DocumentViews.DocumentsView;
import io.billingsdk.server.documents.DocumentViews.FaultView;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Documents of invoices and payments, and previews. */
final class DocumentRoutes {
  private static final String OF_INVOICE = Route.BASE + "/invoices/{number}/documents";
  private static final String FAULTS = "document-failures";
  private static final int PAYMENT_CHARS = 64;
  private static final Pattern REMINDER = Pattern.compile("reminder-[a-z0-9_]{1,32}");
  private static final Pattern TEMPLATE = Pattern.compile("[a-z0-9-]{1,64}");

  private final PaperFolder folder;

  DocumentRoutes(PaperFolder folder) {
    this.folder = folder;
  }

  List<Route> routes() {
    return List.of(
        Route.read(Route.BASE + "/document-failures", this::faults).paged(),
        Route.read(OF_INVOICE, this::list).forCustomers(),
        Route.read(OF_INVOICE + "/{kind}", this::get).forCustomers(),
        Route.read(Route.BASE + "/payments/{paymentId}/receipt", this::receipt).forCustomers(),
        Route.read(Route.BASE + "/sellers/{sellerId}/document-preview", this::preview)
            .query("language", "template"));
  }

  private ApiResponse list(Request request) {
    String number = visible(request);
    Documents documents = documents(request);
    return ApiResponse.ok(
        new DocumentsView(
            number,
            documents.of(number).stream().map(DocumentView::of).toList(),
            documents.faultsOf(number).stream().map(FaultView::of).toList()));
  }

  private ApiResponse get(Request request) {
    String number = visible(request);
    String asked = request.path("kind");
    if (REMINDER.matcher(asked).matches()) {
      return bytes(DocumentKind.PDF, documents(request).reminder(number, asked));
    }
    DocumentKind kind =
        DocumentKind.of(asked).orElseThrow(() -> Request.invalid("kind", DocumentKind.all()));
    return bytes(kind, documents(request).bytes(number, kind));
  }

  private ApiResponse receipt(Request request) {
    String payment = request.path("paymentId");
    if (payment.length() > PAYMENT_CHARS) {
      throw Request.invalid("paymentId", "1 to " + PAYMENT_CHARS + " characters");
    }
    Documents documents = documents(request);
    documents.requireVisiblePayment(payment, request.caller().customerId());
    return bytes(DocumentKind.PDF, documents.receipt(payment));
  }

  private ApiResponse faults(Request request) {
    List<String> place = request.cursor(FAULTS, 2).orElse(List.of("", ""));
    int limit = request.limit();
    List<DocumentFault> found = documents(request).faults(place.get(0), place.get(1), limit + 1);
    return ApiResponse.ok(
        Page.of(
            found, limit, FaultView::of, each -> Cursor.of(FAULTS, each.number(), each.kind())));
  }

  private ApiResponse preview(Request request) {
    String tag = request.parameter("language").orElse("en");
    if (!tag.equals(PaperLanguage.of(tag).tag())) {
      throw Request.invalid("language", "en, de or zh-CN");
    }
    @Nullable String template = request.parameter("template").orElse(null);
    if (template != null && !TEMPLATE.matcher(template).matches()) {
      throw Request.invalid("template", "1 to 64 of a-z 0-9 -");
    }
    byte[] pdf =
        documents(request).preview(request.path("sellerId"), template, PaperLanguage.of(tag));
    return bytes(DocumentKind.PDF, pdf);
  }

  private static ApiResponse bytes(DocumentKind kind, byte[] bytes) {
    return new ApiResponse.Whole(200, kind.mediaType(), bytes, Map.of());
  }

  private String visible(Request request) {
    String number = request.path("number");
    documents(request).requireVisible(number, request.caller().customerId());
    return number;
  }

  private Documents documents(Request request) {
    return new Documents(request.database(), folder);
  }
}
