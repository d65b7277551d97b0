package io.billingsdk.server.invoices;

import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.invoices.BilledUsage.BilledTime;
import io.billingsdk.server.invoices.BilledUsage.BillingState;
import io.billingsdk.server.invoices.BilledUsage.DocumentLine;
import io.billingsdk.server.invoices.BilledUsage.UnequalSum;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Billed times, as those read it who compare. */
final class BilledRows {
  private static final String TIMES =
      """
      SELECT number, valid_from, valid_to, after_event, last_event, state, due_at, cut_no, failure
      FROM invoice_span WHERE subscription_id = :id AND kind <> 'progress' ORDER BY number
      """;

  private static final String LINES =
      """
      SELECT l.number, l.line, l.kind FROM invoice_line l JOIN invoice i USING (number)
      WHERE l.subscription_id = :id AND l.key = :key ORDER BY i.position, l.line
      """;

  private static final String UNEQUAL =
      """
      SELECT i.number, i.net, coalesce(l.net, 0) AS of_lines
      FROM invoice i LEFT JOIN (
        SELECT number, sum(net) AS net FROM invoice_line GROUP BY number) AS l USING (number)
      WHERE i.net <> coalesce(l.net, 0) ORDER BY i.position LIMIT :most
      """;

  private static final String LAST_PIN =
      """
      SELECT inputs FROM invoice_pin WHERE subscription_id = :id AND span <= 1000000
      ORDER BY span DESC LIMIT 1
      """;

  private BilledRows() {}

  static List<BilledTime> times(Handle handle, UUID subscription) {
    return handle
        .createQuery(TIMES)
        .bind("id", subscription)
        .map(ResultRow.to(BilledRows::time))
        .list();
  }

  private static BilledTime time(ResultRow row) {
    Long cut = row.numberOrNull("cut_no");
    BillingState state = BillingState.valueOf(row.text("state").toUpperCase(Locale.ROOT));
    return new BilledTime(
        row.integer("number"),
        row.time("valid_from"),
        row.time("valid_to"),
        state == BillingState.EMPTY && cut == null ? BillingState.BEFORE_START : state,
        row.time("due_at"),
        cut,
        row.textOrNull("failure"));
  }

  /** Those with a length that were billed, the first one first. */
  static List<Span> billed(Handle handle, UUID subscription) {
    return SpanRows.settled(handle, subscription).stream()
        .map(SpanRows.SettledSpan::span)
        .filter(each -> each.from().isBefore(each.to()))
        .toList();
  }

  static List<DocumentLine> lines(Handle handle, UUID subscription, String key) {
    return handle
        .createQuery(LINES)
        .bind("id", subscription)
        .bind("key", key)
        .map(
            ResultRow.to(
                row -> new DocumentLine(row.text("number"), row.integer("line"), row.text("kind"))))
        .list();
  }

  static List<UnequalSum> unequalSums(Handle handle, int most) {
    return handle
        .createQuery(UNEQUAL)
        .bind("most", most)
        .map(
            ResultRow.to(
                row ->
                    new UnequalSum(
                        row.text("number"),
                        row.decimal("net").toPlainString(),
                        row.decimal("of_lines").toPlainString())))
        .list();
  }

  /** Which apps the customer had, as the last documents have it; empty without any. */
  static Optional<List<AppSpan>> lastPin(Handle handle, UUID subscription) {
    return handle
        .createQuery(LAST_PIN)
        .bind("id", subscription)
        .map(ResultRow.to(row -> PinJson.read(row.text("inputs")).apps()))
        .findFirst();
  }
}
