package io.billingsdk.server.dunning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.dunning.RetryCase.CaseState;
import io.billingsdk.server.dunning.RetryCases.Decline;
import io.billingsdk.server.invoices.InvoiceStates;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.time.LocalDate;
import java.util.Set;

/** Hears of declined charges, of invoices that are paid, and of saved payment methods. */
final class DunningEvents implements OutboxSubscriber {
  private static final String FAILED = "charge.failed";
  private static final String RETURNED = "charge.returned";
  private static final String SAVED = "payment_method.saved";
  private static final String REMOVED = "payment_method.removed";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Actor TIME = new Actor("time");

  private final Database database;
  private final RetryCases cases;
  private final Retries retries;
  private final CardExpiry cards;

  DunningEvents(Database database, Retries retries, CardExpiry cards) {
    this.database = database;
    this.cases = new RetryCases(database, TIME);
    this.retries = retries;
    this.cards = cards;
  }

  @Override
  public String name() {
    return "dunning";
  }

  @Override
  public Set<String> kinds() {
    return Set.of(FAILED, RETURNED, SAVED, REMOVED, InvoiceStates.CHANGED, CustomerClocks.MOVED);
  }

  @Override
  public void receive(DeliveredEvent event) throws JsonProcessingException {
    JsonNode said = JSON.readTree(event.event().payload());
    String customer = said.path("customerId").asText();
    String number = said.path("number").asText("");
    switch (event.event().kind()) {
      case FAILED -> failed(said, customer, number);
      case RETURNED -> cases.returned(number, customer);
      case SAVED -> saved(said, customer);
      case REMOVED ->
          database.useTransaction(
              handle -> CardRows.remove(handle, said.path("methodId").asText()));
      case CustomerClocks.MOVED -> {
        retries.lookAt(customer);
        cards.lookAt(customer);
      }
      default -> state(said.path("state").asText(), number);
    }
  }

  /** A charge of no invoice is a top-up: who makes it sees its end. */
  private void failed(JsonNode said, String customer, String number) {
    if (!number.isEmpty()) {
      cases.declined(
          new Decline(
              number,
              customer,
              Math.max(1, said.path("attempt").asInt(1)),
              DeclineKind.of(said.path("declineClass").asText()),
              said.path("declineCode").asText()));
    }
  }

  private void saved(JsonNode said, String customer) {
    cases.methodSaved(customer);
    if (said.path("expiresOn").isTextual()) {
      LocalDate day = LocalDate.parse(said.path("expiresOn").asText());
      database.useTransaction(
          handle ->
              CardRows.store(
                  handle,
                  new CardRows.Card(
                      said.path("methodId").asText(),
                      customer,
                      said.path("brand").asText(),
                      said.path("last4").asText(),
                      day)));
    }
  }

  private void state(String state, String number) {
    switch (state) {
      case "paid" -> cases.settled(number, CaseState.RECOVERED);
      case "void", "uncollectible" -> cases.settled(number, CaseState.CLOSED);
      default -> {
        // A part is open, and its attempts go on.
      }
    }
  }
}
