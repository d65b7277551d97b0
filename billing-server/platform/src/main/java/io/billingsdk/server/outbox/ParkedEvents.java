package io.billingsdk.server.outbox;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Events that failed too often at a subscriber, so that no server tries them: for an operator who
 * has removed the cause. Thread-safe.
 */
public final class ParkedEvents {
  /** How many are shown or retried at once. */
  public static final int MOST = 1_000;

  private static final String PARKED =
      """
      FROM outbox_delivery AS d JOIN outbox_event AS e USING (position)
      WHERE d.state = 'parked' AND (CAST(:subscriber AS text) IS NULL OR d.subscriber = :subscriber)
        AND (CAST(:position AS bigint) IS NULL OR d.position = :position)
      """;

  private static final String ORDER = "ORDER BY d.position, d.subscriber LIMIT " + MOST;

  private static final String COLUMNS =
      "d.position, d.subscriber, e.kind, e.subject, e.created_at, d.attempts, d.problem ";

  private static final String LIST = "SELECT " + COLUMNS + PARKED + ORDER;

  private static final String RETRY =
      "WITH chosen AS (SELECT "
          + COLUMNS
          + PARKED
          + ORDER
          + " FOR UPDATE OF d) UPDATE outbox_delivery AS o"
          + " SET state = 'pending', spent = o.attempts, next_attempt_at = now() FROM chosen"
          + " WHERE o.position = chosen.position AND o.subscriber = chosen.subscriber"
          + " RETURNING chosen.*";

  // A server that looks at the same moment has not seen the retried events. These changed rows are
  // not due for it, so it takes none of them; otherwise it would deliver one beside a retried one.
  private static final String HOLD_LATER =
      """
      UPDATE outbox_delivery AS later
      SET next_attempt_at = greatest(later.next_attempt_at, now() + interval '1 second')
      FROM unnest(:subscribers, :subjects, :positions) AS retried (subscriber, subject, position)
      WHERE later.subscriber = retried.subscriber AND later.subject = retried.subject
        AND later.position > retried.position AND later.state = 'pending'
      """;

  private static final String NOTIFY = "SELECT pg_notify(:channel, '')";

  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who has events retried
   */
  public ParkedEvents(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * A delivery that is parked.
   *
   * @param position of the event in the outbox
   * @param attempts how often it was tried
   * @param problem of the last attempt; null when its server died of it
   */
  public record ParkedEvent(
      long position,
      String subscriber,
      String kind,
      String subject,
      Instant createdAt,
      int attempts,
      @Nullable String problem) {}

  /**
   * The oldest {@value #MOST}, by position.
   *
   * @param subscriber null for all
   */
  public List<ParkedEvent> oldest(@Nullable String subscriber) {
    return database.read(handle -> select(handle, LIST, subscriber, null));
  }

  /**
   * Has the oldest {@value #MOST} of them delivered after all, each with all of its attempts. They
   * come after later events of their subjects, which went on without them, and after the one that
   * is being delivered.
   *
   * @param subscriber null for all
   * @param position of one event; null for all
   * @return the events that are delivered now, in no order that means something
   * @throws RequestRefusedException when no such event is parked
   */
  public List<ParkedEvent> retry(@Nullable String subscriber, @Nullable Long position) {
    return database.inTransaction(
        handle -> {
          List<ParkedEvent> retried = select(handle, RETRY, subscriber, position);
          if (retried.isEmpty()) {
            throw RequestRefusedException.notFound("position", none(subscriber, position));
          }
          retried.forEach(each -> note(handle, each));
          holdLater(handle, retried);
          var unused = handle.createQuery(NOTIFY).bind("channel", Outbox.CHANNEL).mapToMap().one();
          return retried;
        });
  }

  private static void holdLater(Handle handle, List<ParkedEvent> retried) {
    handle
        .createUpdate(HOLD_LATER)
        .bind(
            "subscribers", SqlArrays.texts(retried.stream().map(ParkedEvent::subscriber).toList()))
        .bind("subjects", SqlArrays.texts(retried.stream().map(ParkedEvent::subject).toList()))
        .bind("positions", SqlArrays.numbers(retried.stream().map(ParkedEvent::position).toList()))
        .execute();
  }

  private static String none(@Nullable String subscriber, @Nullable Long position) {
    return (position == null ? "no event is parked" : "no event " + position + " is parked")
        + (subscriber == null ? "" : " of the subscriber " + subscriber);
  }

  private void note(Handle handle, ParkedEvent event) {
    AuditLog.write(
        handle,
        actor,
        "outbox.retry",
        event.subscriber() + "/" + event.position(),
        Map.of("state", "parked", "attempts", event.attempts()),
        Map.of("state", "pending"));
  }

  private static List<ParkedEvent> select(
      Handle handle, String sql, @Nullable String subscriber, @Nullable Long position) {
    return handle
        .createQuery(sql)
        .bind("subscriber", subscriber)
        .bind("position", position)
        .map(ResultRow.to(ParkedEvents::event))
        .list();
  }

  private static ParkedEvent event(ResultRow row) {
    return new ParkedEvent(
        row.number("position"),
        row.text("subscriber"),
        row.text("kind"),
        row.text("subject"),
        row.time("created_at"),
        row.integer("attempts"),
        row.textOrNull("problem"));
  }
}
