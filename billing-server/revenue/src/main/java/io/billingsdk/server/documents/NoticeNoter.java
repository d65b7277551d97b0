package io.billingsdk.server.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.documents.NoticeRows.WantedNotice;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;

/** Notes that a document is to make when a customer is reminded or has paid. */
final class NoticeNoter implements OutboxSubscriber {
  static final String RECEIPT = "receipt";
  static final String REMINDER = "reminder-";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Actor READER = new Actor("documents");
  private static final String PAID = "payment.received";
  private static final String REMINDED = "invoice.reminder";
  private static final String PAST_DUE = "invoice.past_due";

  private final Database database;

  NoticeNoter(Database database) {
    this.database = database;
  }

  @Override
  public String name() {
    return "notice-documents";
  }

  @Override
  public Set<String> kinds() {
    return Set.of(REMINDED, PAST_DUE, PAID);
  }

  /** The event that asks for a kind of document. */
  static String eventOf(String kind) {
    if (kind.equals(RECEIPT)) {
      return PAID;
    }
    return kind.equals(REMINDER + "past_due") ? PAST_DUE : REMINDED;
  }

  @Override
  public void receive(DeliveredEvent event) throws JsonProcessingException {
    String payload = event.event().payload();
    JsonNode said = JSON.readTree(payload);
    LocalDate day = day(said.path("customerId").asText(), event.createdAt());
    WantedNotice wanted =
        event.event().kind().equals(PAID)
            ? new WantedNotice(said.path("paymentId").asText(), RECEIPT, payload, day, 0)
            : new WantedNotice(
                said.path("number").asText(),
                REMINDER + said.path("step").asText(),
                payload,
                day,
                0);
    database.useTransaction(handle -> NoticeRows.want(handle, wanted));
  }

  /** In the zone of the customer, by its test clock where it has one. */
  private LocalDate day(String customer, Instant at) {
    Instant time = new CustomerClocks(database).testClock(customer).orElse(at);
    return time.atZone(new Customers(database, READER).require(customer).zone()).toLocalDate();
  }
}
