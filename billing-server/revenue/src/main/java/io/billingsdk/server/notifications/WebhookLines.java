package io.billingsdk.server.notifications;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The lines of deliveries: one for each endpoint and customer. Only its first may be next.
 *
 * <p>A taker counts the attempt and has the row until a moment, in one statement. No transaction is
 * open while it sends. The number of the attempt is the proof of ownership: a taker that was too
 * slow notes nothing.
 */
final class WebhookLines {
  private static final String ADD =
      """
      INSERT INTO webhook_delivery
        (endpoint_id, event_id, customer, next_attempt_at, deadline, created_at)
      VALUES (:endpoint, :event, :customer, least(:now, now()), :deadline, :now)
      ON CONFLICT DO NOTHING
      """;

  /**
   * So many deliveries of an endpoint are under way at once; of one that fails, a single one. So a
   * receiver that hangs does not hold all threads.
   */
  static final int MOST_AT_ONCE = 2;

  /** Two that look at once would not see each other's deliveries. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('billing.webhook-take', 0))";

  private static final String TAKE =
      """
      WITH head AS (
        SELECT d.number FROM webhook_delivery AS d JOIN webhook_endpoint AS e USING (endpoint_id)
          JOIN notice AS n USING (event_id)
        WHERE n.kind = ANY (:kinds) AND d.state = 'pending' AND d.next_attempt_at <= :now
          AND (d.taken_until IS NULL OR d.taken_until <= :now) AND e.state = 'enabled'
          AND NOT EXISTS (
            SELECT FROM webhook_delivery AS earlier
            WHERE earlier.endpoint_id = d.endpoint_id AND earlier.customer = d.customer
              AND earlier.state = 'pending' AND earlier.number < d.number)
          AND NOT EXISTS (
            SELECT FROM webhook_delivery AS later
            WHERE later.endpoint_id = d.endpoint_id AND later.customer = d.customer
              AND later.state = 'pending' AND later.number > d.number
              AND later.taken_until > :now)
          AND (
            SELECT count(*) FROM webhook_delivery AS busy
            WHERE busy.endpoint_id = d.endpoint_id AND busy.state = 'pending'
              AND busy.taken_until > :now)
            < CASE WHEN e.failing_since IS NULL THEN :most ELSE 1 END
        ORDER BY d.next_attempt_at, d.number LIMIT 1
        FOR UPDATE OF d SKIP LOCKED
      )
      UPDATE webhook_delivery AS d SET attempts = d.attempts + 1, taken_until = :until
      FROM head, webhook_endpoint AS e, notice AS n
      WHERE d.number = head.number AND e.endpoint_id = d.endpoint_id AND n.event_id = d.event_id
      RETURNING d.number, d.attempts, d.failures, d.deadline, e.endpoint_id, e.customer, e.url, e.format,
        n.event_id, n.kind, n.customer AS about, n.data, n.happened_at
      """;

  private static final String MINE =
      " WHERE number = :number AND attempts = :attempt AND state = 'pending'";

  private static final String DELIVERED =
      "UPDATE webhook_delivery SET state = 'delivered', done_at = :now, problem = NULL,"
          + " taken_until = NULL"
          + MINE;

  private static final String FAILED =
      """
      UPDATE webhook_delivery SET failures = failures + 1, problem = :problem, taken_until = NULL,
        next_attempt_at = :next, state = CASE WHEN :dead THEN 'dead' ELSE 'pending' END,
        done_at = CASE WHEN :dead THEN :now END
      """
          + MINE;

  private static final String NOTE =
      """
      INSERT INTO webhook_attempt (number, attempt, at, millis, status, problem, answer)
      VALUES (:number, :attempt, :at, :millis, :status, :problem, :answer) ON CONFLICT DO NOTHING
      """;

  /** An endpoint that is back receives at once what waits for it. */
  private static final String HURRY =
      """
      UPDATE webhook_delivery SET next_attempt_at = least(:now, now())
      WHERE endpoint_id = :endpoint AND state = 'pending' AND next_attempt_at > :now
      """;

  private WebhookLines() {}

  /** A delivery in the hands of its taker. */
  record TakenWebhook(
      long number,
      int attempt,
      int failures,
      Instant deadline,
      String endpointId,
      String owner,
      String url,
      WebhookFormat format,
      Notice notice) {}

  /**
   * How an attempt went.
   *
   * @param status of the answer; null when there was none
   * @param problem null for a success
   * @param answer the beginning of the answer's body; null when there was none
   */
  record AttemptResult(
      Instant at,
      Duration took,
      @Nullable Integer status,
      @Nullable String problem,
      @Nullable String answer) {}

  static void add(Handle handle, Notice notice, Instant now) {
    for (WebhookEndpoint each : EndpointRows.receiving(handle, notice.customer())) {
      if (KindPatterns.fit(each.kinds(), notice.kind().text())) {
        handle
            .createUpdate(ADD)
            .bind("endpoint", each.id())
            .bind("event", notice.eventId())
            .bind("customer", notice.customer())
            .bind("now", now)
            .bind("deadline", now.plus(RetrySchedule.LONGEST))
            .execute();
      }
    }
  }

  /**
   * Takes the next one that is due; empty when none is. One that was put back into its line waits
   * for a later one that is under way.
   */
  static Optional<TakenWebhook> take(Handle handle, Instant now, Instant until) {
    handle.execute(LOCK);
    return handle
        .createQuery(TAKE)
        .bind("kinds", SqlArrays.texts(NoticeKind.texts()))
        .bind("most", MOST_AT_ONCE)
        .bind("now", now)
        .bind("until", until)
        .map(ResultRow.to(WebhookLines::taken))
        .findFirst();
  }

  private static TakenWebhook taken(ResultRow row) {
    UUID event = row.uuid("event_id");
    return new TakenWebhook(
        row.number("number"),
        row.integer("attempts"),
        row.integer("failures"),
        row.time("deadline"),
        row.text("endpoint_id"),
        row.text("customer"),
        row.text("url"),
        WebhookFormat.of(row.text("format")),
        new Notice(
            event,
            NoticeKind.of(row.text("kind")).orElseThrow(),
            row.text("about"),
            row.text("data"),
            row.time("happened_at")));
  }

  /** Notes a success; false when it is no longer the taker's. */
  static boolean delivered(Handle handle, TakenWebhook taken, AttemptResult result, Instant now) {
    note(handle, taken, result);
    return handle
            .createUpdate(DELIVERED)
            .bind("number", taken.number())
            .bind("attempt", taken.attempt())
            .bind("now", now)
            .execute()
        == 1;
  }

  /**
   * Notes a failure.
   *
   * @param next when it is tried again; null: never
   */
  static boolean failed(
      Handle handle,
      TakenWebhook taken,
      AttemptResult result,
      Instant now,
      @Nullable Instant next) {
    note(handle, taken, result);
    return handle
            .createUpdate(FAILED)
            .bind("number", taken.number())
            .bind("attempt", taken.attempt())
            .bind("problem", result.problem())
            .bind("next", next == null ? now : next)
            .bind("dead", next == null)
            .bind("now", now)
            .execute()
        == 1;
  }

  static void hurry(Handle handle, String endpointId, Instant now) {
    handle.createUpdate(HURRY).bind("endpoint", endpointId).bind("now", now).execute();
  }

  private static void note(Handle handle, TakenWebhook taken, AttemptResult result) {
    handle
        .createUpdate(NOTE)
        .bind("number", taken.number())
        .bind("attempt", taken.attempt())
        .bind("at", result.at())
        .bind("millis", result.took().toMillis())
        .bind("status", result.status())
        .bind("problem", result.problem())
        .bind("answer", result.answer())
        .execute();
  }
}
