package io.billingsdk.server.reports;

import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Up to which month the report of each customer is sent. */
final class MailedRows {
  /** Somewhere on earth the month is over; whether it is where the customer is, Java knows. */
  private static final String CANDIDATES =
      """
      SELECT c.customer_id, c.zone, m.month, t.now,
        CASE WHEN b.begun IS NULL OR k.shown IS NOT NULL THEN b.begun
          ELSE greatest(b.begun, c.created_at) END AS begun
      FROM customer AS c
      LEFT JOIN customer_clock AS k USING (customer_id)
      LEFT JOIN report_mailed AS m USING (customer_id)
      CROSS JOIN LATERAL (SELECT coalesce(k.shown, :now) AS now) AS t
      CROSS JOIN LATERAL (
        SELECT min(valid_from) AS begun FROM (
          SELECT valid_from FROM customer_app_span WHERE customer_id = c.customer_id
          UNION ALL
          SELECT g.valid_from FROM subscription AS s
            JOIN subscription_segment AS g USING (subscription_id)
            WHERE s.customer_id = c.customer_id) AS all_of_it) AS b
      WHERE c.customer_id > :after AND (m.month IS NULL OR m.month < to_char(
        (t.now + interval '14 hours') AT TIME ZONE 'UTC' - interval '1 month', 'YYYY-MM'))
      ORDER BY c.customer_id LIMIT :most
      """;

  private static final String NOTE =
      """
      INSERT INTO report_mailed AS m (customer_id, month) VALUES (:customer, :month)
      ON CONFLICT (customer_id) DO UPDATE SET month = excluded.month, noted_at = now()
      WHERE m.month < excluded.month
      """;

  private MailedRows() {}

  /**
   * A customer whose report may be due.
   *
   * @param month up to which it is sent; null for none
   * @param now by the clock of the customer
   * @param begun when the customer and the first app or subscription were there; null without
   *     either
   */
  record Candidate(
      String customer,
      ZoneId zone,
      @Nullable YearMonth month,
      Instant now,
      @Nullable Instant begun) {}

  /** Customers in the order of their ids, from one on. */
  static List<Candidate> candidates(Handle handle, Instant now, String after, int most) {
    return handle
        .createQuery(CANDIDATES)
        .bind("now", now)
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(MailedRows::candidate))
        .list();
  }

  private static Candidate candidate(ResultRow row) {
    String month = row.textOrNull("month");
    return new Candidate(
        row.text("customer_id"),
        ZoneId.of(row.text("zone")),
        month == null ? null : YearMonth.parse(month),
        row.time("now"),
        row.timeOrNull("begun"));
  }

  /** Notes that a report is sent; false when it is so already. */
  static boolean note(Handle handle, String customer, YearMonth month) {
    return handle
            .createUpdate(NOTE)
            .bind("customer", customer)
            .bind("month", month.toString())
            .execute()
        == 1;
  }
}
