package io.billingsdk.server.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.invoices.IssuedDocuments.IssuedPaper;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Says that the PDF of an invoice or credit note is stored, so that it can be mailed. */
final class StoredNotice {
  /** Events that say so, one for each document. Their subject is {@code customer/ID}. */
  static final String STORED = "invoice.document_stored";

  private static final ObjectMapper JSON = new ObjectMapper();

  private StoredNotice() {}

  static void tell(Handle handle, IssuedPaper paper) {
    JsonNode document = tree(paper.document());
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("number", paper.number());
    shown.put("kind", document.path("kind").asText());
    shown.put("customerId", paper.customer());
    shown.put("sellerId", paper.seller());
    shown.put("issuedOn", document.path("issueDate").asText());
    shown.put("currency", document.path("currency").asText());
    shown.put("total", document.at("/totals/total").asText());
    shown.put("due", document.at("/totals/due").asText());
    if (document.has("corrects")) {
      shown.put("corrects", document.at("/corrects/number").asText());
    }
    String subject = "customer/" + paper.customer();
    Outbox.add(handle, DomainEvent.of(STORED, subject, shown, "documents"));
  }

  private static JsonNode tree(String document) {
    try {
      return JSON.readTree(document);
    } catch (JsonProcessingException malformed) {
      throw new IllegalStateException("a stored invoice is no JSON", malformed);
    }
  }
}
