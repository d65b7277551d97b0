package io.billingsdk.server.payments;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.payments.PaidMonths.PaidCounts;
import io.billingsdk.server.payments.PaidMonths.PaidSelection;
import io.billingsdk.server.payments.PaidMonths.PaidSums;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Sums of postings by month. */
final class PaidRows {
  private static final String SUMS =
      """
      WITH moved AS (
        SELECT p.posting_id, p.customer_id, p.currency,
          p.kind IN ('payment', 'top_up') AS is_in,
          CASE WHEN p.kind IN ('payment', 'top_up') THEN m.received_on
            ELSE (p.posted_at AT TIME ZONE 'UTC')::date END AS day
        FROM posting p JOIN payment m ON m.payment_id = p.payment_id
        WHERE (p.customer_id = ANY(:tests)) = :ofTests
      )
      SELECT to_char(moved.day, 'YYYY-MM') AS month,
        coalesce(r.seller_id, (SELECT last.seller_id FROM receivable last
          WHERE last.customer_id = moved.customer_id
          ORDER BY last.issued_on DESC, last.number DESC LIMIT 1), '') AS seller_id,
        moved.currency,
        coalesce(sum(-e.amount) FILTER (WHERE moved.is_in), 0) AS paid,
        coalesce(sum(e.amount) FILTER (WHERE NOT moved.is_in), 0) AS refunded
      FROM moved JOIN posting_entry e ON e.posting_id = moved.posting_id
        LEFT JOIN receivable r ON r.number = e.number
      WHERE moved.day >= :from AND moved.day < :to
        AND e.account IN ('receivable', 'credit', 'prepaid', 'claim')
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      """;

  private static final String COUNTS =
      """
      SELECT count(*) AS payments,
        count(*) FILTER (WHERE EXISTS (SELECT 1 FROM posting p
          WHERE p.payment_id = m.payment_id AND p.kind IN ('return', 'chargeback'))) AS failed
      FROM payment m
      WHERE m.received_on >= :from AND m.received_on < :to
        AND (m.customer_id = ANY(:tests)) = :ofTests
      """;

  private PaidRows() {}

  static List<PaidSums> sums(Handle handle, PaidSelection selection) {
    return bound(handle, SUMS, selection)
        .map(
            ResultRow.to(
                row ->
                    new PaidSums(
                        row.text("month"),
                        row.text("seller_id"),
                        row.text("currency"),
                        row.decimal("paid"),
                        row.decimal("refunded"))))
        .list();
  }

  static PaidCounts counts(Handle handle, PaidSelection selection) {
    return bound(handle, COUNTS, selection)
        .map(ResultRow.to(row -> new PaidCounts(row.number("payments"), row.number("failed"))))
        .one();
  }

  private static Query bound(Handle handle, String sql, PaidSelection selection) {
    return handle
        .createQuery(sql)
        .bind("from", selection.from())
        .bind("to", selection.to())
        .bind("tests", selection.tests().toArray(String[]::new))
        .bind("ofTests", selection.ofTestClocks());
  }
}
