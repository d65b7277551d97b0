package io.billingsdk.server.notifications;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what nobody sends: deliveries of endpoints that stay disabled, mails without an SMTP server,
 * mails whose server was killed. Erases old secrets, and deletes what is older than 90 days.
 */
final class Upkeep implements Job {
  /** How long the log of deliveries is kept. */
  static final Duration KEPT = Duration.ofDays(90);

  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

  /** So many in a transaction: a long one would hold up the clean-up of all tables. */
  private static final int AT_ONCE = 1_000;

  private static final String WAITED_TOO_LONG =
      """
      UPDATE webhook_delivery AS d SET state = 'dead', done_at = :now,
        problem = coalesce(d.problem, 'the endpoint was disabled for three days')
      FROM webhook_endpoint AS e
      WHERE e.endpoint_id = d.endpoint_id AND e.state <> 'enabled' AND d.state = 'pending'
        AND d.deadline <= :now
      """;

  /** An hour later: those that are still tried have their last attempt before. */
  private static final String NOT_MAILED =
      """
      UPDATE mail_delivery SET state = 'dead', done_at = :now,
        problem = coalesce(problem, 'no server has sent mail for three days')
      WHERE state = 'pending' AND deadline <= :late AND (taken_until IS NULL OR taken_until <= :now)
      """;

  /** Those that were added while their address was removed, or its reader ended their kind. */
  private static final String UNWANTED =
      """
      UPDATE mail_delivery AS d SET state = 'dead', done_at = :now,
        problem = 'the address no longer wants such mails'
      FROM mail_recipient AS r, notice AS n
      WHERE r.recipient_id = d.recipient_id AND n.event_id = d.event_id AND d.state = 'pending'
        AND (r.state <> 'enabled' OR n.kind = ANY (r.muted))
      """;

  /** Not at once: during an upgrade, a newer server sends kinds that this one does not know. */
  private static final String UNKNOWN =
      """
      SET state = 'dead', done_at = :now,
        problem = 'no server has known the kind of this notice for an hour'
      FROM notice AS n
      WHERE n.event_id = d.event_id AND d.state = 'pending' AND n.kind <> ALL (:kinds)
        AND d.next_attempt_at <= :hourAgo
      """;

  private static final String CUT_OFF =
      """
      UPDATE mail_delivery SET state = 'unsure', done_at = :now,
        problem = 'the server ended while it sent this mail: it may have gone'
      WHERE state = 'sending' AND taken_until <= :now
      """;

  private static final String DELETE =
      """
      DELETE FROM notice WHERE event_id IN (
        SELECT n.event_id FROM notice AS n
        WHERE n.created_at < :before
          AND NOT EXISTS (SELECT FROM webhook_delivery AS d
            WHERE d.event_id = n.event_id AND d.state = 'pending')
          AND NOT EXISTS (SELECT FROM mail_delivery AS d
            WHERE d.event_id = n.event_id AND d.state IN ('pending', 'sending'))
        LIMIT :most)
      """;

  private final Database database;
  private final InstantSource clock;

  Upkeep(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "notifications-upkeep";
  }

  @Override
  public Duration every() {
    return Duration.ofMinutes(1);
  }

  @Override
  public void run() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    int unsure = database.inTransaction(handle -> end(handle, now));
    if (unsure > 0) {
      log.warn("{} mails may have gone when a server ended; 'billing notifications mails'", unsure);
    }
    while (delete(now) == AT_ONCE && !Thread.currentThread().isInterrupted()) {
      // The next ones.
    }
  }

  private static int end(Handle handle, Instant now) {
    EndpointRows.forgetOldSecrets(handle, now);
    handle.createUpdate(WAITED_TOO_LONG).bind("now", now).execute();
    handle.createUpdate(UNWANTED).bind("now", now).execute();
    for (String update : List.of("UPDATE webhook_delivery AS d ", "UPDATE mail_delivery AS d ")) {
      handle
          .createUpdate(update + UNKNOWN)
          .bind("kinds", SqlArrays.texts(NoticeKind.texts()))
          .bind("now", now)
          .bind("hourAgo", now.minus(Duration.ofHours(1)))
          .execute();
    }
    handle
        .createUpdate(NOT_MAILED)
        .bind("now", now)
        .bind("late", now.minus(Duration.ofHours(1)))
        .execute();
    return handle.createUpdate(CUT_OFF).bind("now", now).execute();
  }

  private int delete(Instant now) {
    return database.inTransaction(
        handle ->
            handle
                .createUpdate(DELETE)
                .bind("before", now.minus(KEPT))
                .bind("most", AT_ONCE)
                .execute());
  }
}
