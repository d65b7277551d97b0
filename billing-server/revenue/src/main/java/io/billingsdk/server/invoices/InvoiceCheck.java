package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.common.RequestRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reckons a document again from the events behind it, without a server and without a database: for
 * a customer who has both as files. A pure function.
 */
public final class InvoiceCheck {
  private InvoiceCheck() {}

  /**
   * How the document compares.
   *
   * @param number of the document
   * @param lines how many were reckoned again
   * @param events how many the list has
   * @param differences in words; none if all is the same
   * @param unchecked lines that a single document does not explain, and why
   */
  public record CheckedInvoice(
      String number, int lines, long events, List<String> differences, List<String> unchecked) {
    /** Copies the lists. */
    public CheckedInvoice {
      differences = List.copyOf(differences);
      unchecked = List.copyOf(unchecked);
    }
  }

  /**
   * Compares.
   *
   * @param document as it was issued
   * @param events the list that the server wrote, line by line
   * @throws RequestRefusedException when one of them cannot be read; it names the line
   */
  public static CheckedInvoice check(String document, Stream<String> events) {
    JsonNode root =
        CanonicalJson.parsed(document)
            .filter(JsonNode::isObject)
            .orElseThrow(
                () ->
                    RequestRefusedException.invalid("invoice", "the JSON document of an invoice"));
    if (!root.path("format").asText().equals(PaperJson.FORMAT)) {
      throw RequestRefusedException.invalid(
          "format of the invoice", PaperJson.FORMAT + ", which this version reads");
    }
    EventListReader list = EventListReader.read(events);
    List<String> differences = new ArrayList<>();
    List<String> unchecked = new ArrayList<>();
    String number = root.path("number").asText();
    if (!list.number().equals(number)) {
      throw RequestRefusedException.invalid(
          "events", "those of the invoice " + number + ", but are of " + list.number());
    }
    // In the one form that a document has: a file may have it with escapes, or with a line end.
    String sha256 = CanonicalJson.sha256(root.toString());
    if (!list.sha256().equals(sha256)) {
      differences.add(
          "SHA-256 of the document is "
              + sha256
              + ", but the list is of one with "
              + list.sha256());
    }
    int lines = 0;
    for (JsonNode line : root.path("lines")) {
      LineCheck check = new LineCheck(line, root, list);
      try {
        if (check.isDone(differences, unchecked)) {
          lines++;
        }
      } catch (RequestRefusedException | RatingInputException | ArithmeticException fault) {
        differences.add(
            "line " + line.path("line").asText() + " cannot be reckoned: " + fault.getMessage());
      }
    }
    SumCheck.check(root, differences);
    return new CheckedInvoice(number, lines, list.events(), differences, unchecked);
  }
}
