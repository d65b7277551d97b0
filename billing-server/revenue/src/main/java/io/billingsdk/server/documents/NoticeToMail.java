package io.billingsdk.server.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.documents.NoticeRows.WantedNotice;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Says that a reminder or a receipt can be mailed: its PDF is stored, or could not be made. The
 * event has the fields of the one that asked for the document.
 */
final class NoticeToMail {
  private static final String SUFFIX = "_to_mail";
  private static final ObjectMapper JSON = new ObjectMapper();

  private NoticeToMail() {}

  static void tell(Handle handle, WantedNotice wanted) {
    String subject = "customer/" + customer(wanted.event());
    Outbox.add(
        handle,
        new DomainEvent(
            UUID.randomUUID(),
            NoticeNoter.eventOf(wanted.kind()) + SUFFIX,
            subject,
            wanted.event(),
            "documents"));
  }

  private static String customer(String event) {
    try {
      return JSON.readTree(event).path("customerId").asText();
    } catch (JsonProcessingException malformed) {
      throw new IllegalStateException("a stored event is no JSON", malformed);
    }
  }
}
