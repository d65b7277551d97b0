package io.billingsdk.server.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.util.Set;

/** Notes that the documents of an invoice are to make when it is issued. */
final class DocumentNoter implements OutboxSubscriber {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Database database;

  DocumentNoter(Database database) {
    this.database = database;
  }

  @Override
  public String name() {
    return "invoice-documents";
  }

  @Override
  public Set<String> kinds() {
    return Set.of("invoice.issued");
  }

  @Override
  public void receive(DeliveredEvent event) {
    String number = number(event.event().payload());
    database.useTransaction(handle -> DocumentRows.want(handle, number));
  }

  private static String number(String payload) {
    try {
      return JSON.readTree(payload).path("number").asText();
    } catch (JsonProcessingException malformed) {
      throw new IllegalStateException("the event of an invoice is malformed", malformed);
    }
  }
}
