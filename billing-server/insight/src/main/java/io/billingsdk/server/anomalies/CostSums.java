package io.billingsdk.server.anomalies;

import io.billingsdk.costs.LocalDays;
import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.forecast.BucketSize;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.HourlyUsage.TimeRange;
import io.billingsdk.server.performance.CostSeries;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Cost by service and currency, from the sums of the costs. Thread-safe. */
final class CostSums {
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
    // The sums are by quarters of an hour: the one that has begun counts too.
    Range quarters = new Range(active.from(), active.to().plus(LocalDays.QUARTER));
    return database.read(handle -> CostSeries.names(handle, quarters)).stream()
        .map(each -> SeriesName.cost(size, each.service(), each.currency()))
        .toList();
  }

  /** The cost by bucket. */
  Map<Instant, BigDecimal> values(SeriesName name, TimeRange range) {
    CostSeries.Name service = new CostSeries.Name(name.name(), name.currency());
    return database.read(
        handle ->
            CostSeries.amounts(
                handle,
                service,
                SeriesMaker.unit(name.size()),
                new Range(range.from(), range.to())));
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
