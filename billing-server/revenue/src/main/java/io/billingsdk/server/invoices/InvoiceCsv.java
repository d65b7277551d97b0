package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The lines of a document as CSV (RFC 4180). */
final class InvoiceCsv {
  private static final List<String> COLUMNS =
      List.of("line", "kind", "plan", "version", "charge", "name", "from", "to", "share", "net");

  private InvoiceCsv() {}

  static String of(Issued issued) {
    JsonNode document = CanonicalJson.stored(issued.document());
    StringBuilder csv = new StringBuilder("number,");
    csv.append(String.join(",", COLUMNS)).append(",currency,taxCategory,taxPercent\r\n");
    for (JsonNode line : document.get("lines")) {
      csv.append(cell(issued.number()));
      for (String column : COLUMNS) {
        JsonNode value = line.get(column);
        csv.append(',').append(value.isNull() ? "" : cell(value.asText()));
      }
      csv.append(',').append(cell(issued.currency()));
      csv.append(',').append(cell(line.get("tax").get("category").asText()));
      csv.append(',').append(cell(line.get("tax").get("percent").asText()));
      csv.append("\r\n");
    }
    return csv.toString();
  }

  /** A text that a spreadsheet would run as a formula gets an apostrophe; a number does not. */
  private static String cell(String value) {
    boolean isNumber = value.matches("-?[0-9]+(\\.[0-9]+)?");
    String safe = !isNumber && value.matches("(?s)[=+\\-@\t\r].*") ? "'" + value : value;
    return safe.matches("(?s).*[\",\r\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
