package io.billingsdk.server.margin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.rating.Money;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.invoices.IssuedDocuments;
import io.billingsdk.server.invoices.IssuedDocuments.IssuedDocument;
import io.billingsdk.server.invoices.IssuedDocuments.Selection;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** The lines of issued documents, in pages: the memory does not depend on how many there are. */
final class InvoicedLines {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DOCUMENTS = 100;

  private final IssuedDocuments documents;

  InvoicedLines(Database database) {
    this.documents = new IssuedDocuments(database);
  }

  /** Shows each line of the documents, in the order of their issue. */
  void forEach(Selection selection, Consumer<InvoicedLine> line) {
    long next = 0;
    List<IssuedDocument> page;
    do {
      page = documents.from(selection, next, DOCUMENTS);
      for (IssuedDocument each : page) {
        lines(each, line);
        next = each.position() + 1;
      }
    } while (page.size() == DOCUMENTS);
  }

  private static void lines(IssuedDocument issued, Consumer<InvoicedLine> shown) {
    JsonNode document = read(issued);
    String currency = text(document, "currency");
    for (JsonNode line : document.path("lines")) {
      Money price =
          Money.of(currency, text(line, "net")).minus(Money.of(currency, text(line, "discount")));
      shown.accept(
          new InvoicedLine(
              text(document.path("customer"), "customerId"),
              text(line, "plan"),
              line.path("version").asInt(),
              text(line, "charge"),
              text(line, "kind").equals("usage"),
              Instant.parse(text(line, "from")),
              Instant.parse(text(line, "to")),
              issued.isInvoice() ? price : price.negated()));
    }
  }

  private static JsonNode read(IssuedDocument issued) {
    try {
      return JSON.readTree(issued.document());
    } catch (JsonProcessingException malformed) {
      throw new DatabaseException(
          new SQLException("the document " + issued.number() + " in its row is malformed"));
    }
  }

  private static String text(JsonNode node, String field) {
    String found = node.path(field).asText("");
    return found.isEmpty() && field.equals("discount") ? BigDecimal.ZERO.toString() : found;
  }
}
