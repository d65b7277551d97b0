package io.billingsdk.server.invoices;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * What the documents of all series must fulfil together, and the triggers that keep them so: what
 * making each document again does not show.
 */
final class BookRows {
  private static final int MOST = 20;

  /** Each is on also for a session that plays a replica. */
  private static final List<String> GUARDS =
      List.of(
          "invoice.invoice_unchanged",
          "invoice.invoice_adds_up",
          "invoice.invoice_sums",
          "invoice_line.invoice_line_unchanged",
          "invoice_line.invoice_line_of_new",
          "invoice_pin.invoice_pin_unchanged",
          "invoice_tax.invoice_tax_unchanged",
          "invoice_correction.invoice_correction_unchanged",
          "invoice_series.invoice_series_forward",
          "invoice_series.invoice_series_kept",
          "plan_version.plan_version_unchanged",
          "plan_version_meter.plan_version_meter_unchanged",
          "meter.meter_unchanged",
          "subscription_event.subscription_event_unchanged");

  private static final String OFF =
      """
      SELECT 'the trigger ' || split_part(guard, '.', 2) || ' of the table '
        || split_part(guard, '.', 1) || ' is missing or off' AS difference
      FROM unnest(:guards) AS guard WHERE NOT EXISTS (
        SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = current_schema()::regnamespace AND t.tgenabled = 'A'
          AND c.relname = split_part(guard, '.', 1) AND t.tgname = split_part(guard, '.', 2))
      ORDER BY guard LIMIT :most
      """;

  private static final String GAPS =
      """
      SELECT format('the series %s has %s numbers up to %s, but gave %s', series,
        coalesce(given, 0), coalesce(highest, 0), coalesce(last_number, 0)) AS difference
      FROM invoice_series
      FULL JOIN (SELECT series, sum(numbers) AS given, max(highest) AS highest FROM (
          SELECT series, count(*) AS numbers, max(series_number) AS highest
          FROM invoice GROUP BY series
          UNION ALL
          SELECT series, last_number - first_number + 1, last_number FROM invoice_skipped
        ) AS known GROUP BY series) AS numbers USING (series)
      WHERE given IS DISTINCT FROM last_number OR highest IS DISTINCT FROM last_number
      ORDER BY series LIMIT :most
      """;

  private static final String DATES =
      """
      SELECT number || ' has an earlier date than the number before it' AS difference
      FROM (SELECT number, issue_date,
          lag(issue_date) OVER (PARTITION BY series ORDER BY series_number) AS before
        FROM invoice) AS dated
      WHERE issue_date < before ORDER BY number LIMIT :most
      """;

  private static final String LINES =
      """
      SELECT coalesce(i.number, l.number) || ' has ' || count(l.number) || ' rows of lines, but '
        || coalesce(max(i.lines), 0) || ' lines' AS difference
      FROM invoice i FULL JOIN invoice_line l USING (number) GROUP BY i.number, l.number
      HAVING count(l.number) IS DISTINCT FROM max(i.lines) ORDER BY 1 LIMIT :most
      """;

  private BookRows() {}

  /** The faults, up to {@value #MOST} of each kind. */
  static List<String> differences(Handle handle) {
    List<String> found = new ArrayList<>();
    for (String check : List.of(OFF, GAPS, DATES, LINES)) {
      var query = handle.createQuery(check).bind("most", MOST);
      found.addAll(
          (check.equals(OFF) ? query.bind("guards", SqlArrays.texts(GUARDS)) : query)
              .map(ResultRow.to(row -> row.text("difference")))
              .list());
    }
    return found;
  }
}
