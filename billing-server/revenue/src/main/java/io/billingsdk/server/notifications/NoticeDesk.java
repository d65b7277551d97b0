package io.billingsdk.server.notifications;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Takes events out of the outbox and puts a row into the line of each endpoint and each address
 * that wants them, all in one transaction: an event that comes twice adds nothing.
 */
final class NoticeDesk implements OutboxSubscriber {
  /** So the numbers of a customer's deliveries are in the order of their commits. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('billing.notice/' || :customer, 0))";

  private static final String ADD =
      """
      INSERT INTO notice (event_id, kind, customer, data, happened_at, created_at)
      VALUES (:event, :kind, :customer, :data, :happened, :now) ON CONFLICT DO NOTHING
      """;

  private final Database database;
  private final NoticeReader reader;
  private final InstantSource clock;
  private final Runnable onAdded;

  /**
   * For a server.
   *
   * @param onAdded run after each event that is new
   */
  NoticeDesk(Database database, InstantSource clock, Runnable onAdded) {
    this.database = database;
    this.reader = new NoticeReader(database);
    this.clock = clock;
    this.onAdded = onAdded;
  }

  @Override
  public String name() {
    return "notifications";
  }

  @Override
  public Set<String> kinds() {
    return NoticeKind.events();
  }

  @Override
  public void receive(DeliveredEvent event) throws JsonProcessingException {
    Optional<Notice> notice = reader.read(event);
    String kind = event.event().kind();
    if (notice.isPresent() && database.inTransaction(handle -> add(handle, kind, notice.get()))) {
      onAdded.run();
    }
  }

  private boolean add(Handle handle, String event, Notice notice) {
    var unused = handle.createQuery(LOCK).bind("customer", notice.customer()).mapToMap().one();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    boolean isNew =
        handle
                .createUpdate(ADD)
                .bind("event", notice.eventId())
                .bind("kind", notice.kind().text())
                .bind("customer", notice.customer())
                .bind("data", notice.data())
                .bind("happened", notice.happenedAt())
                .bind("now", now)
                .execute()
            == 1;
    if (isNew) {
      boolean isForMails = NoticeKind.mailedBy(event).isPresent();
      if (!isForMails) {
        WebhookLines.add(handle, notice, now);
      }
      if (isForMails || !notice.kind().isMailedLater()) {
        MailLines.add(handle, notice, now);
      }
    }
    return isNew;
  }
}
