package io.billingsdk.server.notifications;

import io.billingsdk.server.db.ResultRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What became of mails, and which are sent once more. */
final class MailLog {
  /** So often a customer may send a mail again within {@link #REPLAY_TIME}. */
  static final int MOST_REPLAYS = 3;

  static final Duration REPLAY_TIME = Duration.ofHours(24);

  /** The mails of a customer; the operator sees all. */
  private static final String LIST =
      """
      SELECT d.number, d.mail_id, n.kind, d.customer, d.address, d.state, d.attempts,
        d.next_attempt_at, d.problem, d.created_at, d.done_at
      FROM mail_delivery AS d JOIN notice AS n USING (event_id)
        JOIN mail_recipient AS r USING (recipient_id)
      WHERE d.number < :below AND (:owner = '' OR r.customer = :owner)
        AND d.state = coalesce(CAST(:state AS text), d.state)
      ORDER BY d.number DESC LIMIT :most
      """;

  /** A customer repeats no mail that went, and no other without a bound: a stranger may get it. */
  private static final String REPLAY =
      """
      UPDATE mail_delivery AS d SET state = 'pending', failures = 0,
        next_attempt_at = least(:now, now()), deadline = :deadline, done_at = NULL,
        taken_until = NULL,
        replays = CASE WHEN d.replays_since > :dayAgo THEN d.replays + 1 ELSE 1 END,
        replays_since = CASE WHEN d.replays_since > :dayAgo THEN d.replays_since ELSE :now END
      FROM mail_recipient AS r, notice AS n
      WHERE d.mail_id = :mail AND r.recipient_id = d.recipient_id AND n.event_id = d.event_id
        AND r.state = 'enabled' AND n.kind <> ALL (r.muted)
        AND d.state IN ('sent', 'unsure', 'dead')
        AND (:owner = '' OR (r.customer = :owner AND d.state <> 'sent'
          AND NOT (coalesce(d.replays_since > :dayAgo, false) AND d.replays >= :most)))
      """;

  private static final String DROP =
      """
      UPDATE mail_delivery SET state = 'dead', problem = 'the address was removed', done_at = :now
      WHERE recipient_id = :recipient AND state = 'pending'
      """;

  private static final String MUTE =
      """
      UPDATE mail_delivery AS d SET state = 'dead', done_at = :now,
        problem = 'its reader has ended mails of this kind'
      FROM notice AS n
      WHERE n.event_id = d.event_id AND n.kind = :kind AND d.recipient_id = :recipient
        AND d.state = 'pending'
      """;

  private MailLog() {}

  /** A mail. */
  record Mail(
      long number,
      UUID mailId,
      String kind,
      String customer,
      String address,
      String state,
      int attempts,
      Instant nextAttemptAt,
      @Nullable String problem,
      Instant createdAt,
      @Nullable Instant doneAt) {}

  /**
   * The latest first.
   *
   * @param state null for all
   */
  static List<Mail> before(
      Handle handle, String owner, long below, @Nullable String state, int most) {
    return handle
        .createQuery(LIST)
        .bind("owner", owner)
        .bind("below", below)
        .bind("state", state)
        .bind("most", most)
        .map(
            ResultRow.to(
                row ->
                    new Mail(
                        row.number("number"),
                        row.uuid("mail_id"),
                        row.text("kind"),
                        row.text("customer"),
                        row.text("address"),
                        row.text("state"),
                        row.integer("attempts"),
                        row.time("next_attempt_at"),
                        row.textOrNull("problem"),
                        row.time("created_at"),
                        row.timeOrNull("done_at"))))
        .list();
  }

  /** False when there is no such mail that this owner may send again. */
  static boolean replay(Handle handle, String owner, UUID mail, Instant now) {
    return handle
            .createUpdate(REPLAY)
            .bind("owner", owner)
            .bind("mail", mail)
            .bind("now", now)
            .bind("deadline", now.plus(RetrySchedule.LONGEST))
            .bind("dayAgo", now.minus(REPLAY_TIME))
            .bind("most", MOST_REPLAYS)
            .execute()
        == 1;
  }

  /** Ends what waits for an address that is removed. */
  static void drop(Handle handle, UUID recipient, Instant now) {
    handle.createUpdate(DROP).bind("recipient", recipient).bind("now", now).execute();
  }

  /** Ends what waits for an address of a kind that its reader has ended. */
  static void mute(Handle handle, UUID recipient, NoticeKind kind, Instant now) {
    handle
        .createUpdate(MUTE)
        .bind("recipient", recipient)
        .bind("kind", kind.text())
        .bind("now", now)
        .execute();
  }
}
