package io.billingsdk.server.invoices;

import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The rows of usage that was invoiced before the end of its period. */
final class ProgressRows {
  private static final String ADD =
      """
      INSERT INTO invoice_span (subscription_id, number, customer_id, valid_from, valid_to,
        after_event, last_event, due_at, test_clock, kind)
      VALUES (:id, :number, :customer, :from, :to, :after, :last, :due, :test, 'progress')
      """;

  private static final String COUNT =
      """
      SELECT count(*) FROM invoice_span
      WHERE subscription_id = :id AND kind = 'progress' AND number % :most = :number
      """;

  // A credit of this document is no line that a later one refers to.
  private static final String KEYS =
      """
      SELECT DISTINCT l.key FROM invoice_span s
        JOIN invoice i ON i.subscription_id = s.subscription_id AND i.span = s.number
        JOIN invoice_line l ON l.number = i.number
      WHERE s.subscription_id = :id AND s.kind = 'progress' AND s.number % :most = :number
        AND l.kind = 'progress'
      ORDER BY l.key
      """;

  private static final String LATEST =
      """
      SELECT DISTINCT ON (s.number % 1000000) p.inputs
      FROM invoice_span s JOIN invoice_pin p
        ON p.subscription_id = s.subscription_id AND p.span = s.number
      WHERE s.subscription_id = :id AND s.kind = 'progress'
        AND s.valid_from <= :at AND s.valid_to > :at
      ORDER BY s.number % 1000000, s.number DESC
      """;

  private ProgressRows() {}

  /** The inputs of the last one of each period that holds a moment. */
  static List<Pinned> latest(Handle handle, UUID subscription, Instant at) {
    return handle
        .createQuery(LATEST)
        .bind("id", subscription)
        .bind("at", at)
        .map(ResultRow.to(row -> PinJson.read(row.text("inputs"))))
        .list();
  }

  static void add(Handle handle, Span span, String customer, Instant due, boolean isTest) {
    handle
        .createUpdate(ADD)
        .bind("id", span.subscription())
        .bind("number", span.number())
        .bind("customer", customer)
        .bind("from", span.from())
        .bind("to", span.to())
        .bind("after", span.afterEvent())
        .bind("last", span.lastEvent())
        .bind("due", due)
        .bind("test", isTest)
        .execute();
  }

  /** How many there are of the period that a span bills. */
  static int count(Handle handle, Span span) {
    return handle
        .createQuery(COUNT)
        .bind("id", span.subscription())
        .bind("most", Span.MOST)
        .bind("number", span.ofUsage())
        .mapTo(Integer.class)
        .one();
  }

  /** The keys of usage that was invoiced before the end of the period that a span bills. */
  static List<LineKey> keys(Handle handle, Span span) {
    return handle
        .createQuery(KEYS)
        .bind("id", span.subscription())
        .bind("most", Span.MOST)
        .bind("number", span.ofUsage())
        .map(ResultRow.to(row -> new LineKey(row.text("key"))))
        .list();
  }
}
