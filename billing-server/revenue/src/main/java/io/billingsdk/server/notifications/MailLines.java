package io.billingsdk.server.notifications;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The lines of mails: one for each address. Only its first may be next.
 *
 * <p>A row says that its mail is being sent before the SMTP server is given it. So a mail whose
 * server was killed then is known, and is not sent twice: nobody can tell whether it went.
 */
final class MailLines {
  private static final String ADD =
      """
      INSERT INTO mail_delivery (mail_id, event_id, recipient_id, customer, address,
        next_attempt_at, deadline, created_at)
      VALUES (:mail, :event, :recipient, :customer, :address, least(:now, now()), :deadline, :now)
      ON CONFLICT DO NOTHING
      """;

  /** Two that look at once would not see each other's mails. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('billing.mail-take', 0))";

  private static final String TAKE =
      """
      WITH head AS (
        SELECT d.number FROM mail_delivery AS d JOIN mail_recipient AS r USING (recipient_id)
          JOIN notice AS n USING (event_id)
        WHERE r.state = 'enabled' AND n.kind <> ALL (r.muted) AND n.kind = ANY (:kinds)
          AND d.state = 'pending' AND d.next_attempt_at <= :now
          AND (d.taken_until IS NULL OR d.taken_until <= :now)
          AND NOT EXISTS (
            SELECT FROM mail_delivery AS earlier
            WHERE earlier.address = d.address AND earlier.state IN ('pending', 'sending')
              AND earlier.number < d.number)
          AND NOT EXISTS (
            SELECT FROM mail_delivery AS later
            WHERE later.address = d.address AND later.state IN ('pending', 'sending')
              AND later.number > d.number
              AND (later.state = 'sending' OR later.taken_until > :now))
        ORDER BY d.next_attempt_at, d.number LIMIT 1
        FOR UPDATE OF d SKIP LOCKED
      )
      UPDATE mail_delivery AS d SET attempts = d.attempts + 1, taken_until = :until
      FROM head, notice AS n, mail_recipient AS r
      WHERE d.number = head.number AND n.event_id = d.event_id AND r.recipient_id = d.recipient_id
      RETURNING d.number, d.mail_id, d.attempts, d.failures, d.deadline, d.address, d.recipient_id,
        r.locale, n.event_id, n.kind, n.customer AS about, n.data, n.happened_at
      """;

  private static final String MINE = " WHERE number = :number AND attempts = :attempt";

  private static final String SENDING =
      "UPDATE mail_delivery SET state = 'sending'" + MINE + " AND state = 'pending'";

  private static final String GIVE_BACK =
      "UPDATE mail_delivery SET taken_until = NULL" + MINE + " AND state = 'pending'";

  private static final String DONE =
      """
      UPDATE mail_delivery SET state = :state, problem = :problem, taken_until = NULL,
        done_at = CASE WHEN :state = 'pending' THEN NULL ELSE :now END,
        failures = failures + :failed, next_attempt_at = :next
      """
          + MINE
          + " AND state IN ('pending', 'sending')";

  private MailLines() {}

  /** A mail in the hands of its taker. */
  record TakenMail(
      long number,
      UUID mailId,
      int attempt,
      int failures,
      Instant deadline,
      String address,
      UUID recipient,
      @Nullable String locale,
      Notice notice) {}

  /** How a mail can stand after an attempt, as the database names it. */
  enum MailOutcome {
    PENDING,
    SENT,
    UNSURE,
    DEAD;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static void add(Handle handle, Notice notice, Instant now) {
    for (MailRecipient each : receiving(handle, notice)) {
      handle
          .createUpdate(ADD)
          .bind("mail", UUID.randomUUID())
          .bind("event", notice.eventId())
          .bind("recipient", each.id())
          .bind("customer", notice.customer())
          .bind("address", each.address())
          .bind("now", now)
          .bind("deadline", now.plus(RetrySchedule.LONGEST))
          .execute();
    }
  }

  /** Those that want it; a mandatory one that nobody wants goes to all of its customer. */
  private static List<MailRecipient> receiving(Handle handle, Notice notice) {
    List<MailRecipient> all = RecipientRows.of(handle, notice.customer());
    List<MailRecipient> found = new ArrayList<>();
    all.stream().filter(each -> each.wants(notice.kind())).forEach(found::add);
    if (found.isEmpty() && notice.kind().isMandatory()) {
      found.addAll(all);
    }
    if (!notice.customer().isEmpty()) {
      RecipientRows.of(handle, "").stream()
          .filter(each -> each.wants(notice.kind()))
          .forEach(found::add);
    }
    return found;
  }

  /**
   * Takes the next one that is due; empty when none is. One that was put back into its line waits
   * for a later one that is under way.
   */
  static Optional<TakenMail> take(Handle handle, Instant now, Instant until) {
    handle.execute(LOCK);
    return handle
        .createQuery(TAKE)
        .bind("kinds", SqlArrays.texts(NoticeKind.texts()))
        .bind("now", now)
        .bind("until", until)
        .map(ResultRow.to(MailLines::taken))
        .findFirst();
  }

  private static TakenMail taken(ResultRow row) {
    return new TakenMail(
        row.number("number"),
        row.uuid("mail_id"),
        row.integer("attempts"),
        row.integer("failures"),
        row.time("deadline"),
        row.text("address"),
        row.uuid("recipient_id"),
        row.textOrNull("locale"),
        new Notice(
            row.uuid("event_id"),
            NoticeKind.of(row.text("kind")).orElseThrow(),
            row.text("about"),
            row.text("data"),
            row.time("happened_at")));
  }

  /** Says that the SMTP server is given it from now on; false when it is no longer the taker's. */
  static boolean sending(Handle handle, TakenMail taken) {
    return handle
            .createUpdate(SENDING)
            .bind("number", taken.number())
            .bind("attempt", taken.attempt())
            .execute()
        == 1;
  }

  /** Puts one back that was not sent; no attempt of it has failed. */
  static void giveBack(Handle handle, TakenMail taken) {
    handle
        .createUpdate(GIVE_BACK)
        .bind("number", taken.number())
        .bind("attempt", taken.attempt())
        .execute();
  }

  /**
   * Notes how it went.
   *
   * @param next when it is tried again, if it is
   */
  static void done(
      Handle handle,
      TakenMail taken,
      MailOutcome outcome,
      @Nullable String problem,
      Instant now,
      Instant next) {
    handle
        .createUpdate(DONE)
        .bind("number", taken.number())
        .bind("attempt", taken.attempt())
        .bind("state", outcome.text())
        .bind("problem", problem)
        .bind("failed", outcome == MailOutcome.SENT ? 0 : 1)
        .bind("now", now)
        .bind("next", next)
        .execute();
  }
}
