package io.billingsdk.server.invoices;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The spans of subscriptions, and how far each is. */
final class SpanRows {
  private static final String COLUMNS =
      "SELECT subscription_id, number, valid_from, valid_to, after_event, last_event ";

  // It waits for the earlier one, and so is never due before it. One that ended before the server
  // could bill is closed from the beginning: a first start would issue years of invoices otherwise.
  private static final String ADD =
      """
      INSERT INTO invoice_span (subscription_id, number, customer_id, valid_from, valid_to,
        after_event, last_event, due_at, test_clock, state)
      VALUES (:id, :number, :customer, :from, :to, :after, :last,
        greatest(:due, (SELECT due_at FROM invoice_span b WHERE b.subscription_id = :id
          AND b.number = :number - 1 AND b.kind = 'period')), :test,
        CASE WHEN :test OR :to >= (SELECT bill_from FROM invoice_start) THEN 'open' ELSE 'empty'
          END)
      ON CONFLICT DO NOTHING
      """;

  // One whose earlier span is open waits for that one: billed before it, usage would be missing.
  // A closing span is due long after a return of its subscription, which does not wait for it.
  private static final String NO_EARLIER =
      """
      NOT EXISTS (SELECT FROM invoice_span b WHERE b.subscription_id = s.subscription_id
        AND b.number < s.number AND b.state = 'open' AND b.kind = 'period')
      """;

  // One that failed waits longer each time.
  private static final String DUE =
      """
      SELECT s.subscription_id, s.number, s.customer_id, s.due_at, s.test_clock, s.valid_from,
        s.valid_to
      FROM invoice_span s
      WHERE s.state = 'open' AND (s.due_at <= now() OR s.test_clock)
        AND (:customer::text IS NULL OR s.customer_id = :customer)
        AND (:eager OR s.tried_at IS NULL
          OR s.tried_at < now() - least(s.failures, 60) * interval '1 minute')
        AND (s.due_at, s.subscription_id, s.number) > (:at, :id, :number) AND
      """
          + NO_EARLIER
          + "ORDER BY s.due_at, s.subscription_id, s.number LIMIT :most";

  // The patience is less than the socket timeout, after which the connection is lost and nobody
  // knows why. Each bill asks the same questions: to plan one takes longer than to answer it, so
  // the session plans it once. It also keeps the plans of constraints and triggers: one made while
  // the tables were empty would read them whole for each line, since an index seems no better then.
  // All of it is of the transaction, as the lock is.
  private static final String LOCK =
      COLUMNS
          + """
          , set_config('statement_timeout', '45s', true) AS patience,
            set_config('plan_cache_mode', 'force_generic_plan', true) AS plans,
            set_config('enable_seqscan', 'off', true) AS scans
          FROM invoice_span s WHERE subscription_id = :id AND number = :number AND state = 'open'
            AND
          """
          + NO_EARLIER
          + "FOR UPDATE SKIP LOCKED";

  // A running period has no span yet. When it has one, that says what becomes of it.
  private static final String FAILURES =
      """
      SELECT subscription_id, number, valid_from, valid_to, after_event, last_event,
        customer_id, failure, failures, tried_at
      FROM invoice_span WHERE state = 'open' AND failure IS NOT NULL
        AND (subscription_id, number) > (:id, :number)
      UNION ALL
      SELECT f.subscription_id, f.number, f.valid_from, f.valid_to, 0, 0, f.customer_id, f.failure,
        f.failures, f.tried_at
      FROM invoice_progress_failure f
      WHERE (f.subscription_id, f.number) > (:id, :number)
        AND NOT EXISTS (SELECT FROM invoice_span s
          WHERE s.subscription_id = f.subscription_id AND s.number = f.number)
      ORDER BY subscription_id, number LIMIT :most
      """;

  private SpanRows() {}

  /** A span that may be due. */
  record DueSpan(
      UUID subscription,
      int number,
      String customer,
      Instant at,
      boolean isTest,
      Instant begin,
      Instant end) {
    static final DueSpan NONE =
        new DueSpan(
            new UUID(0, 0),
            0,
            "",
            Instant.EPOCH,
            /* isTest= */ false,
            Instant.EPOCH,
            Instant.EPOCH);

    /** Whether it is a closing span: no other is due so late after its end. */
    boolean isClosing() {
      return !at.isBefore(end.plus(ClosingRows.WAIT));
    }

    /** Whether it has usage; otherwise it only brings fees. */
    boolean hasLength() {
      return begin.isBefore(end);
    }
  }

  /**
   * A span that is billed.
   *
   * @param apps a digest of the apps that were the customer's until its end; null of earlier
   *     versions
   */
  record SettledSpan(Span span, long cut, @Nullable String apps) {}

  /** A span that could not be billed. */
  record FailedSpan(Span span, String customer, String reason, int times, Instant triedAt) {}

  static void add(Handle handle, Span span, String customer, Duration grace, boolean isTest) {
    handle
        .createUpdate(ADD)
        .bind("id", span.subscription())
        .bind("number", span.number())
        .bind("customer", customer)
        .bind("from", span.from())
        .bind("to", span.to())
        .bind("after", span.afterEvent())
        .bind("last", span.lastEvent())
        .bind("due", span.to().plus(grace))
        .bind("test", isTest)
        .execute();
  }

  static Optional<Span> last(Handle handle, UUID subscription) {
    return handle
        .createQuery(
            COLUMNS
                + "FROM invoice_span WHERE subscription_id = :id AND kind <> 'progress'"
                + " ORDER BY number DESC LIMIT 1")
        .bind("id", subscription)
        .map(ResultRow.to(SpanRows::span))
        .findFirst();
  }

  /** The last one that is billed: no invoice has anything that comes after it. */
  static Optional<Span> lastBilled(Handle handle, UUID subscription) {
    return handle
        .createQuery(
            COLUMNS
                + "FROM invoice_span WHERE subscription_id = :id AND state <> 'open'"
                + " AND kind <> 'progress' ORDER BY number DESC LIMIT 1")
        .bind("id", subscription)
        .map(ResultRow.to(SpanRows::span))
        .findFirst();
  }

  /** The number of the event that ends the last span of each of these; absent without a span. */
  static Map<UUID, Long> noted(Handle handle, List<UUID> subscriptions) {
    Map<UUID, Long> noted = new HashMap<>();
    handle
        .createQuery(
            "SELECT subscription_id, max(last_event) AS last FROM invoice_span WHERE"
                + " subscription_id = ANY (:ids::uuid[]) AND kind <> 'progress' GROUP BY"
                + " subscription_id")
        .bind("ids", SqlArrays.texts(subscriptions.stream().map(UUID::toString).toList()))
        .map(ResultRow.to(row -> Map.entry(row.uuid("subscription_id"), row.number("last"))))
        .forEach(each -> noted.put(each.getKey(), each.getValue()));
    return noted;
  }

  /** All that are billed, the first one first. */
  static List<SettledSpan> settled(Handle handle, UUID subscription) {
    return handle
        .createQuery(
            COLUMNS
                + ", cut_no, apps FROM invoice_span WHERE subscription_id = :id"
                + " AND cut_no IS NOT NULL AND kind <> 'progress' ORDER BY number")
        .bind("id", subscription)
        .map(
            ResultRow.to(
                row -> new SettledSpan(span(row), row.number("cut_no"), row.textOrNull("apps"))))
        .list();
  }

  /**
   * Those that may be due, the longest due first.
   *
   * @param customer of this customer alone; null for all
   * @param eager also those that failed a short time ago
   */
  static List<DueSpan> due(
      Handle handle, @Nullable String customer, boolean eager, DueSpan after, int most) {
    Query query = handle.createQuery(DUE).bind("customer", customer).bind("eager", eager);
    return query
        .bind("at", after.at())
        .bind("id", after.subscription())
        .bind("number", after.number())
        .bind("most", most)
        .map(
            ResultRow.to(
                row ->
                    new DueSpan(
                        row.uuid("subscription_id"),
                        row.integer("number"),
                        row.text("customer_id"),
                        row.time("due_at"),
                        row.flag("test_clock"),
                        row.time("valid_from"),
                        row.time("valid_to"))))
        .list();
  }

  /** The span, for this transaction alone; empty if it is billed, or if somebody bills it now. */
  static Optional<Span> lock(Handle handle, UUID subscription, int number) {
    return handle
        .createQuery(LOCK)
        .bind("id", subscription)
        .bind("number", number)
        .map(ResultRow.to(SpanRows::span))
        .findFirst();
  }

  /**
   * A span that is done.
   *
   * @param apps a digest of the apps that were the customer's until its end; null if it was not
   *     rated
   */
  static void done(Handle handle, Span span, long cut, @Nullable String apps, boolean isEmpty) {
    handle
        .createUpdate(
            "UPDATE invoice_span SET state = :state, cut_no = :cut, apps = :apps, failure = NULL,"
                + " tried_at = now() WHERE subscription_id = :id AND number = :number")
        .bind("cut", cut)
        .bind("apps", apps)
        .bind("state", isEmpty ? "empty" : "billed")
        .bind("id", span.subscription())
        .bind("number", span.number())
        .execute();
  }

  static void failed(Handle handle, DueSpan span, String reason) {
    handle
        .createUpdate(
            "UPDATE invoice_span SET failure = :reason, failures = failures + 1, tried_at = now()"
                + " WHERE subscription_id = :id AND number = :number AND state = 'open'")
        .bind("reason", reason)
        .bind("id", span.subscription())
        .bind("number", span.number())
        .execute();
  }

  /** Those that could not be billed, by subscription and number. */
  static List<FailedSpan> failures(Handle handle, UUID after, int afterNumber, int most) {
    return handle
        .createQuery(FAILURES)
        .bind("id", after)
        .bind("number", afterNumber)
        .bind("most", most)
        .map(
            ResultRow.to(
                row ->
                    new FailedSpan(
                        span(row),
                        row.text("customer_id"),
                        row.text("failure"),
                        row.integer("failures"),
                        row.time("tried_at"))))
        .list();
  }

  private static Span span(ResultRow row) {
    return new Span(
        row.uuid("subscription_id"),
        row.integer("number"),
        row.time("valid_from"),
        row.time("valid_to"),
        row.number("after_event"),
        row.number("last_event"));
  }
}
