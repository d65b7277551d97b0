package io.billingsdk.server.payments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.rating.Money;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * An invoice or a credit note, as the event of its issue says it. Immutable.
 *
 * @param corrects the invoice that a credit note corrects; null for an invoice
 * @param prepaid what prepaid credit has paid of the total
 * @param dueOn the last day in time, as the document says it; null if it says none
 */
record IssuedDocument(
    String number,
    String customer,
    String seller,
    LocalDate issuedOn,
    @Nullable String corrects,
    Money taxable,
    Money tax,
    Money total,
    Money prepaid,
    @Nullable LocalDate dueOn) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads the payload of an event {@code invoice.issued}. */
  static IssuedDocument of(String payload) throws JsonProcessingException {
    JsonNode event = JSON.readTree(payload);
    String corrects = event.path("corrects").asText();
    return new IssuedDocument(
        event.path("number").asText(),
        event.path("customerId").asText(),
        event.path("sellerId").asText(),
        LocalDate.parse(event.path("issuedOn").asText()),
        corrects.isEmpty() ? null : corrects,
        amount(event, "taxable"),
        amount(event, "tax"),
        amount(event, "total"),
        amount(event, "prepaid"),
        event.path("dueOn").isTextual() ? LocalDate.parse(event.path("dueOn").asText()) : null);
  }

  private static Money amount(JsonNode event, String field) {
    return Money.of(event.path("currency").asText(), event.path(field).asText());
  }

  /** The amount to be paid. */
  Money due() {
    return total.minus(prepaid);
  }
}
