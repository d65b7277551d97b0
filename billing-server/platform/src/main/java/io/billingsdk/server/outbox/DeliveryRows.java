package io.billingsdk.server.outbox;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.outbox.OutboxSubscriber.DeliveredEvent;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatements;

/**
 * The deliveries of one subscriber.
 *
 * <p>Who takes one counts the attempt and puts the next one off by the time that this one may take,
 * in one statement: another server leaves it alone until then, and takes it over when nothing was
 * noted by then. No transaction is open while a subscriber works. The number of the attempt is the
 * proof of ownership: who was too slow notes nothing. Thread-safe.
 */
final class DeliveryRows {
  private static final int MOST_PROBLEM_CHARS = 500;

  /**
   * The first of each subject alone may be next; one that is taken is still the first. A retried
   * one may stand before one that another server has taken: it waits for that one.
   */
  private static final String TAKE =
      """
      WITH head AS (
        SELECT d.position FROM outbox_delivery AS d
        WHERE d.subscriber = :subscriber AND d.state = 'pending' AND d.next_attempt_at <= now()
          AND NOT EXISTS (
            SELECT FROM outbox_delivery AS earlier
            WHERE earlier.subscriber = d.subscriber AND earlier.subject = d.subject
              AND earlier.state = 'pending' AND earlier.position < d.position)
          AND NOT EXISTS (
            SELECT FROM outbox_delivery AS taken
            WHERE taken.subscriber = d.subscriber AND taken.subject = d.subject
              AND taken.state = 'pending' AND taken.position > d.position
              AND taken.taken_until > now())
        ORDER BY d.position LIMIT 1
        FOR UPDATE OF d SKIP LOCKED
      )
      UPDATE outbox_delivery AS d
      SET attempts = d.attempts + 1, next_attempt_at = now() + make_interval(secs => :timeout),
        taken_until = now() + make_interval(secs => :timeout)
      FROM head JOIN outbox_event AS e USING (position)
      WHERE d.subscriber = :subscriber AND d.position = head.position
      RETURNING d.position, d.attempts, d.spent, e.event_id, e.kind, e.subject, e.payload::text AS payload,
        e.actor, e.created_at
      """;

  private static final String MINE =
      " WHERE subscriber = :subscriber AND position = :position AND attempts = :attempt"
          + " AND state = 'pending'";

  private static final String DELIVERED =
      "UPDATE outbox_delivery SET state = 'delivered', delivered_at = now(), problem = NULL,"
          + " taken_until = NULL"
          + MINE;

  private static final String AGAIN =
      "UPDATE outbox_delivery SET problem = :problem, taken_until = NULL,"
          + " next_attempt_at = now() + make_interval(secs => :pause)"
          + MINE;

  private static final String PARKED =
      "UPDATE outbox_delivery SET state = 'parked', problem = :problem, taken_until = NULL" + MINE;

  private static final String GIVEN_BACK =
      "UPDATE outbox_delivery SET attempts = attempts - 1, next_attempt_at = now(),"
          + " taken_until = NULL"
          + MINE;

  private final Database database;
  private final String subscriber;

  DeliveryRows(Database database, String subscriber) {
    this.database = database;
    this.subscriber = subscriber;
  }

  /** Takes the next one that is due; empty when none is. */
  Optional<DeliveredEvent> take(Duration timeout) {
    return database.read(
        handle ->
            handle
                .createQuery(TAKE)
                .bind("subscriber", subscriber)
                .bind("timeout", seconds(timeout))
                .map(ResultRow.to(DeliveryRows::event))
                .findOne());
  }

  private static DeliveredEvent event(ResultRow row) {
    return new DeliveredEvent(
        new DomainEvent(
            row.uuid("event_id"),
            row.text("kind"),
            row.text("subject"),
            row.text("payload"),
            row.text("actor")),
        row.number("position"),
        row.time("created_at"),
        row.integer("attempts"),
        row.integer("spent"));
  }

  /** Notes that it is delivered; false when another server has taken it over. */
  boolean delivered(DeliveredEvent event) {
    return note(DELIVERED, event, "", Duration.ZERO);
  }

  /** Notes that it is to be tried again. */
  boolean again(DeliveredEvent event, String problem, Duration pause) {
    return note(AGAIN, event, problem, pause);
  }

  /** Notes that the server has stopped trying. */
  boolean parked(DeliveredEvent event, String problem) {
    return note(PARKED, event, problem, Duration.ZERO);
  }

  /** Gives it back as if it had not been taken: the server stops. */
  boolean givenBack(DeliveredEvent event) {
    return note(GIVEN_BACK, event, "", Duration.ZERO);
  }

  private boolean note(String sql, DeliveredEvent event, String problem, Duration pause) {
    String shown = problem.substring(0, Math.min(problem.length(), MOST_PROBLEM_CHARS));
    return database.read(
        handle ->
            handle
                    .createUpdate(sql)
                    .bind("subscriber", subscriber)
                    .bind("position", event.position())
                    .bind("attempt", event.attempt())
                    // Not every statement has these two.
                    .configure(SqlStatements.class, config -> config.setUnusedBindingAllowed(true))
                    .bind("problem", shown)
                    .bind("pause", seconds(pause))
                    .execute()
                == 1);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1e3;
  }
}
