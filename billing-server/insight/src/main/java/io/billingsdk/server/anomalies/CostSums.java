package io.billingsdk.server.anomalies;

import io.billingsdk.forecast.BucketSize;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.HourlyUsage.TimeRange;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Cost by service and currency, from the sums of the costs. Thread-safe. */
final class CostSums {
  private static final String NAMES =
      """
      SELECT DISTINCT service, currency FROM analytics_sum
      WHERE dimension = 'operation' AND minutes = 1440 AND starts >= :from AND starts < :to
        AND currency <> ''
      ORDER BY service, currency
      """;

  private static final String VALUES =
      """
      SELECT starts, sum(amount) AS amount FROM analytics_sum
      WHERE dimension = 'operation' AND minutes = :minutes AND starts >= :from AND starts < :to
        AND service = :service AND currency = :currency
      GROUP BY starts
      """;

  private static final String PARTS =
      """
      SELECT coalesce(app_id, '') AS app, model, sum(quantity) AS quantity, sum(amount) AS amount
      FROM cost WHERE at >= :from AND at < :to AND service = :service AND currency = :currency
        AND amount IS NOT NULL
      GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 20000
      """;

  private final Database database;

  CostSums(Database database) {
    this.database = database;
  }

  /** The series of a size with cost in a range. */
  List<SeriesName> names(BucketSize size, TimeRange active) {
    return database.read(
        handle ->
            handle
                .createQuery(NAMES)
                .bind("from", active.from())
                .bind("to", active.to())
                .map(
                    ResultRow.to(
                        row -> SeriesName.cost(size, row.text("service"), row.text("currency"))))
                .list());
  }

  /** The cost by bucket. */
  Map<Instant, BigDecimal> values(SeriesName name, TimeRange range) {
    Map<Instant, BigDecimal> values = new HashMap<>();
    database
        .read(
            handle ->
                handle
                    .createQuery(VALUES)
                    .bind("minutes", name.size() == BucketSize.DAY ? 24 * 60 : 60)
                    .bind("from", range.from())
                    .bind("to", range.to())
                    .bind("service", name.name())
                    .bind("currency", name.currency())
                    .map(ResultRow.to(row -> Map.entry(row.time("starts"), row.decimal("amount"))))
                    .list())
        .forEach(each -> values.put(each.getKey(), each.getValue()));
    return values;
  }

  /** A part of a cost. */
  record CostPart(String app, String model, BigDecimal quantity, BigDecimal amount) {}

  /** What a cost is made of. */
  List<CostPart> parts(SeriesName name, TimeRange range) {
    return database.read(
        handle ->
            handle
                .createQuery(PARTS)
                .bind("from", range.from())
                .bind("to", range.to())
                .bind("service", name.name())
                .bind("currency", name.currency())
                .map(
                    ResultRow.to(
                        row ->
                            new CostPart(
                                row.text("app"),
                                row.text("model"),
                                row.decimal("quantity"),
                                row.decimal("amount"))))
                .list());
  }
}
