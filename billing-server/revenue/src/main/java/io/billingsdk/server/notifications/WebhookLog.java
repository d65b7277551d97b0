package io.billingsdk.server.notifications;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What became of the deliveries of an endpoint, and which are sent once more. */
final class WebhookLog {
  /** So many are replayed by one request. */
  static final int MOST_REPLAYED = 10_000;

  private static final String LIST =
      """
      SELECT d.number, d.event_id, n.kind, d.customer, d.state, d.attempts, d.next_attempt_at,
        d.problem, d.created_at, d.done_at
      FROM webhook_delivery AS d JOIN notice AS n USING (event_id)
      WHERE d.endpoint_id = :endpoint AND d.number < :below
        AND d.state = coalesce(CAST(:state AS text), d.state)
      ORDER BY d.number DESC LIMIT :most
      """;

  private static final String ATTEMPTS =
      """
      SELECT number, attempt, at, millis, CAST(status AS bigint) AS status, problem, answer
      FROM webhook_attempt
      WHERE number = ANY (:numbers) ORDER BY number, attempt
      """;

  /** The row of one that is in its taker's hands is left alone. */
  private static final String REPLAY =
      """
      UPDATE webhook_delivery SET state = 'pending', failures = 0,
        next_attempt_at = least(:now, now()),
        deadline = :deadline, done_at = NULL
      WHERE number IN (
        SELECT number FROM webhook_delivery
        WHERE endpoint_id = :endpoint
          AND event_id = coalesce(CAST(:event AS uuid), event_id)
          AND created_at >= coalesce(CAST(:since AS timestamptz), created_at)
          AND (taken_until IS NULL OR taken_until <= :now)
        ORDER BY number LIMIT :most FOR UPDATE)
      """;

  private static final String DROP =
      """
      UPDATE webhook_delivery SET state = 'dead', problem = 'the endpoint was removed',
        done_at = :now
      WHERE endpoint_id = :endpoint AND state = 'pending'
      """;

  private WebhookLog() {}

  /** A delivery with its attempts. */
  record Delivery(
      long number,
      UUID eventId,
      String kind,
      String customer,
      String state,
      int attempts,
      Instant nextAttemptAt,
      @Nullable String problem,
      Instant createdAt,
      @Nullable Instant doneAt,
      List<Attempt> log) {
    /** Copies the list. */
    Delivery {
      log = List.copyOf(log);
    }
  }

  /** One attempt of a delivery. */
  record Attempt(
      int attempt,
      Instant at,
      long millis,
      @Nullable Integer status,
      @Nullable String problem,
      @Nullable String answer) {}

  /**
   * The latest first.
   *
   * @param state null for all
   */
  static List<Delivery> before(
      Handle handle, String endpoint, long below, @Nullable String state, int most) {
    List<Delivery> found =
        handle
            .createQuery(LIST)
            .bind("endpoint", endpoint)
            .bind("below", below)
            .bind("state", state)
            .bind("most", most)
            .map(ResultRow.to(row -> delivery(row, List.of())))
            .list();
    Map<Long, List<Attempt>> logs = logs(handle, found.stream().map(Delivery::number).toList());
    return found.stream()
        .map(each -> with(each, logs.getOrDefault(each.number(), List.of())))
        .toList();
  }

  private static Map<Long, List<Attempt>> logs(Handle handle, List<Long> numbers) {
    Map<Long, List<Attempt>> logs = new HashMap<>();
    handle
        .createQuery(ATTEMPTS)
        .bind("numbers", SqlArrays.numbers(numbers))
        .map(ResultRow.to(row -> Map.entry(row.number("number"), attempt(row))))
        .forEach(
            each ->
                logs.computeIfAbsent(each.getKey(), key -> new ArrayList<>()).add(each.getValue()));
    return logs;
  }

  private static Attempt attempt(ResultRow row) {
    Long status = row.numberOrNull("status");
    return new Attempt(
        row.integer("attempt"),
        row.time("at"),
        row.number("millis"),
        status == null ? null : Math.toIntExact(status),
        row.textOrNull("problem"),
        row.textOrNull("answer"));
  }

  private static Delivery delivery(ResultRow row, List<Attempt> log) {
    return new Delivery(
        row.number("number"),
        row.uuid("event_id"),
        row.text("kind"),
        row.text("customer"),
        row.text("state"),
        row.integer("attempts"),
        row.time("next_attempt_at"),
        row.textOrNull("problem"),
        row.time("created_at"),
        row.timeOrNull("done_at"),
        log);
  }

  private static Delivery with(Delivery old, List<Attempt> log) {
    return new Delivery(
        old.number(),
        old.eventId(),
        old.kind(),
        old.customer(),
        old.state(),
        old.attempts(),
        old.nextAttemptAt(),
        old.problem(),
        old.createdAt(),
        old.doneAt(),
        log);
  }

  /**
   * Puts deliveries into the line again, each with all of its attempts, in their order.
   *
   * @param event of one; null for all
   * @param since only those that were added then or later; null for all
   * @return how many
   */
  static int replay(
      Handle handle, String endpoint, @Nullable UUID event, @Nullable Instant since, Instant now) {
    return handle
        .createUpdate(REPLAY)
        .bind("endpoint", endpoint)
        .bind("event", event == null ? null : event.toString())
        .bind("since", since)
        .bind("now", now)
        .bind("deadline", now.plus(RetrySchedule.LONGEST))
        .bind("most", MOST_REPLAYED)
        .execute();
  }

  /** Ends what waits for an endpoint that is removed. */
  static void drop(Handle handle, String endpoint, Instant now) {
    handle.createUpdate(DROP).bind("endpoint", endpoint).bind("now", now).execute();
  }
}
