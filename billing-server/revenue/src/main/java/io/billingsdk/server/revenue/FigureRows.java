package io.billingsdk.server.revenue;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.revenue.Ratios.Ratio;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The figures of the business that a job has noted. */
final class FigureRows {
  private static final String NOTE =
      """
      INSERT INTO business_figure (month, figure, currency, part, whole, state, noted_at)
      VALUES (:month, :figure, :currency, :part, :whole, :state, :at)
      ON CONFLICT (month, figure, currency) DO UPDATE SET part = excluded.part,
        whole = excluded.whole, state = excluded.state, noted_at = excluded.noted_at
      """;

  private static final String FIND =
      """
      SELECT part, whole FROM business_figure
      WHERE month = :month AND figure = :figure AND currency = '' AND state <> 'no_data'
      """;

  private static final String OF_MONTHS =
      """
      SELECT month, figure, currency, part, whole, state FROM business_figure
      WHERE month = ANY(:months) ORDER BY month, figure, currency
      """;

  private FigureRows() {}

  /**
   * A noted figure.
   *
   * @param currency empty for none
   * @param ratio null without data
   */
  record NotedFigure(
      String month, String figure, String currency, @Nullable Ratio ratio, String state) {}

  static void note(Handle handle, String month, BusinessFigure figure, Instant at) {
    String currency = figure.currency();
    handle
        .createUpdate(NOTE)
        .bind("month", month)
        .bind("figure", figure.figure())
        .bind("currency", currency == null ? "" : currency)
        .bind("part", figure.part())
        .bind("whole", figure.whole())
        .bind("state", figure.state())
        .bind("at", at)
        .execute();
  }

  /** The ratio of a figure without a currency; empty without data. */
  static Optional<Ratio> find(Handle handle, String month, String figure) {
    return handle
        .createQuery(FIND)
        .bind("month", month)
        .bind("figure", figure)
        .map(ResultRow.to(row -> new Ratio(row.decimal("part"), row.decimal("whole"))))
        .findFirst();
  }

  static List<NotedFigure> ofMonths(Handle handle, List<String> months) {
    return handle
        .createQuery(OF_MONTHS)
        .bind("months", months.toArray(String[]::new))
        .map(ResultRow.to(FigureRows::noted))
        .list();
  }

  private static NotedFigure noted(ResultRow row) {
    String state = row.text("state");
    return new NotedFigure(
        row.text("month"),
        row.text("figure"),
        row.text("currency"),
        state.equals("no_data") ? null : new Ratio(row.decimal("part"), row.decimal("whole")),
        state);
  }
}
