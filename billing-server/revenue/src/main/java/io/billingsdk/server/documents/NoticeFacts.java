package io.billingsdk.server.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.documents.DocumentException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.documents.NoticeRows.WantedNotice;
import io.billingsdk.server.invoices.IssuedDocuments;
import io.billingsdk.server.invoices.IssuedDocuments.IssuedPaper;
import io.billingsdk.server.payments.ReceivedPayments;
import io.billingsdk.server.payments.ReceivedPayments.ReceivedPayment;
import java.util.Optional;

/**
 * Writes down what a reminder or a receipt says, as JSON of the format {@code billing-notice/1}.
 * Seller and customer are those of the invoice; a payment for no invoice has those of now.
 */
final class NoticeFacts {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Actor READER = new Actor("documents");

  private final Database database;

  NoticeFacts(Database database) {
    this.database = database;
  }

  ObjectNode of(WantedNotice wanted) {
    return wanted.kind().equals(NoticeNoter.RECEIPT) ? receipt(wanted) : reminder(wanted);
  }

  private ObjectNode reminder(WantedNotice wanted) {
    JsonNode said = tree(wanted.event());
    JsonNode invoice = invoice(wanted.number());
    ObjectNode facts =
        head("reminder", wanted.number())
            .put("on", wanted.happened().toString())
            .put("currency", said.path("currency").asText())
            .put("issueDate", invoice.path("issueDate").asText())
            .put("dueDate", said.path("dueOn").asText())
            .put("open", said.path("open").asText());
    if (said.path("reference").isTextual()) {
      facts.put("reference", said.path("reference").asText());
    }
    return parties(facts, invoice);
  }

  private ObjectNode receipt(WantedNotice wanted) {
    ReceivedPayment payment =
        new ReceivedPayments(database)
            .find(wanted.number())
            .orElseThrow(() -> new DocumentException("there is no payment " + wanted.number()));
    ObjectNode facts =
        head("receipt", payment.id())
            .put("on", payment.receivedOn().toString())
            .put("currency", payment.currency())
            .put("method", payment.method())
            .put("amount", payment.amount().toPlainString())
            .put("kept", payment.kept().toPlainString());
    if (payment.reference() != null) {
      facts.put("reference", payment.reference());
    }
    ArrayNode settled = facts.putArray("settled");
    payment
        .settled()
        .forEach(
            (number, amount) ->
                settled.addObject().put("number", number).put("amount", amount.toPlainString()));
    return payment.settled().keySet().stream()
        .findFirst()
        .flatMap(this::find)
        .map(invoice -> parties(facts, invoice))
        .orElseGet(() -> partiesOfNow(facts, payment.customer()));
  }

  private static ObjectNode head(String kind, String number) {
    return JSON.createObjectNode()
        .put("format", "billing-notice/1")
        .put("kind", kind)
        .put("number", number);
  }

  private static ObjectNode parties(ObjectNode facts, JsonNode invoice) {
    facts.set("seller", invoice.path("seller"));
    facts.set("customer", invoice.path("customer"));
    return facts;
  }

  private ObjectNode partiesOfNow(ObjectNode facts, String id) {
    Customer customer = new Customers(database, READER).require(id);
    String seller = customer.seller();
    if (seller == null) {
      throw new DocumentException(
          "the customer " + id + " has no seller; set one, so that the receipt has a sender");
    }
    PartyJson.seller(facts.putObject("seller"), new Sellers(database, READER).require(seller));
    PartyJson.customer(facts.putObject("customer"), customer);
    return facts;
  }

  private JsonNode invoice(String number) {
    return find(number).orElseThrow(() -> new DocumentException("there is no invoice " + number));
  }

  private Optional<JsonNode> find(String number) {
    return new IssuedDocuments(database)
        .find(number)
        .map(IssuedPaper::document)
        .map(NoticeFacts::tree);
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException malformed) {
      throw new IllegalStateException("a stored document or event is no JSON", malformed);
    }
  }
}
