package io.billingsdk.server.anomalies;

import io.billingsdk.costs.LocalDays;
import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.forecast.BucketSize;
import io.billingsdk.forecast.Cause;
import io.billingsdk.forecast.CauseFinder;
import io.billingsdk.forecast.Fact;
import io.billingsdk.forecast.OpenBucket;
import io.billingsdk.forecast.UsageSeries;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.Bucket;
import io.billingsdk.server.ledger.Dimension;
import io.billingsdk.server.ledger.EventFilter;
import io.billingsdk.server.ledger.TotalsQuery;
import io.billingsdk.server.ledger.UsageTotals;
import io.billingsdk.server.performance.CostSeries;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Series of usage and cost from the sums of the ledger and of the costs; in UTC. Thread-safe. */
final class SeriesReader {
  /** Usage that is on its way when a bucket ends. */
  static final Duration GRACE = Duration.ofMinutes(15);

  private static final int DAYS = 395;
  private static final int HOURS = 42 * 24;
  private static final int ACTIVE_DAYS = 35;
  private static final int LEAST_DAYS = 28;
  private static final int LEAST_HOURS = 14 * 24;
  private static final int WEEKS = 4;
  private static final int CAUSES = 3;
  private static final int SHARE_DIGITS = 6;
  private static final int DECIMALS = 18;
  private static final BigDecimal OF_WEEKS = BigDecimal.valueOf(WEEKS);

  private static final String COST_FACTS =
      """
      SELECT coalesce(app_id, '') AS app, model, sum(quantity) AS quantity, sum(amount) AS amount
      FROM cost WHERE at >= :from AND at < :to AND service = :service AND currency = :currency
        AND amount IS NOT NULL
      GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 20000
      """;

  private final Database database;

  SeriesReader(Database database) {
    this.database = database;
  }

  /** The series with usage or cost in the last weeks. */
  List<SeriesName> names(Instant now) {
    List<SeriesName> names = new ArrayList<>();
    Instant from = now.minus(Duration.ofDays(ACTIVE_DAYS));
    TotalsQuery query =
        new TotalsQuery(
            from, now, Bucket.ALL, ZoneOffset.UTC, List.of(Dimension.Column.APP), EventFilter.ALL);
    for (UsageTotals.Row row : new UsageTotals(database).of(query).rows()) {
      String app = row.group().get(0);
      if (app != null) {
        names.add(SeriesName.usage(BucketSize.DAY, app));
        names.add(SeriesName.usage(BucketSize.HOUR, app));
      }
    }
    for (CostSeries.Name each :
        database.read(
            handle -> CostSeries.names(handle, new Range(from, now.plus(LocalDays.QUARTER))))) {
      names.add(SeriesName.cost(BucketSize.DAY, each.service(), each.currency()));
      names.add(SeriesName.cost(BucketSize.HOUR, each.service(), each.currency()));
    }
    return names;
  }

  /** The series from its first usage on; empty while it is too short to be judged. */
  Optional<UsageSeries> read(SeriesName name, Instant now) {
    boolean isDay = name.size() == BucketSize.DAY;
    ChronoUnit unit = unit(name);
    Instant end = now.minus(GRACE).truncatedTo(unit);
    Instant from = end.minus(isDay ? DAYS : HOURS, unit);
    Map<Instant, BigDecimal> values = values(name, from, now);
    List<BigDecimal> closed = new ArrayList<>();
    Instant first = end;
    for (Instant at = from; at.isBefore(end); at = at.plus(1, unit)) {
      BigDecimal value = quantity(values, at);
      if (value.signum() > 0 || !closed.isEmpty()) {
        first = closed.isEmpty() ? at : first;
        closed.add(value);
      }
    }
    if (closed.size() < (isDay ? LEAST_DAYS : LEAST_HOURS)) {
      return Optional.empty();
    }
    LocalDateTime begin = LocalDateTime.ofInstant(first, ZoneOffset.UTC);
    UsageSeries series =
        isDay ? UsageSeries.days(begin.toLocalDate(), closed) : UsageSeries.hours(begin, closed);
    return Optional.of(opened(series, values, end, now, unit));
  }

  private static UsageSeries opened(
      UsageSeries series,
      Map<Instant, BigDecimal> values,
      Instant end,
      Instant now,
      ChronoUnit unit) {
    BigDecimal whole = BigDecimal.valueOf(unit.getDuration().toMillis());
    BigDecimal share =
        BigDecimal.valueOf(Duration.between(end, now).toMillis())
            .divide(whole, SHARE_DIGITS, RoundingMode.DOWN)
            .min(BigDecimal.ONE);
    BigDecimal value = quantity(values, end);
    return share.signum() > 0 ? series.withOpen(new OpenBucket(value, share)) : series;
  }

  /** Corrections may take more from a bucket than it has. */
  private static BigDecimal quantity(Map<Instant, BigDecimal> values, Instant at) {
    return bounded(values.getOrDefault(at, BigDecimal.ZERO)).max(BigDecimal.ZERO);
  }

  /** A cost may have more decimals than statistics take. */
  private static BigDecimal bounded(BigDecimal value) {
    return value.scale() > DECIMALS ? value.setScale(DECIMALS, RoundingMode.HALF_EVEN) : value;
  }

  private static ChronoUnit unit(SeriesName name) {
    return name.size() == BucketSize.DAY ? ChronoUnit.DAYS : ChronoUnit.HOURS;
  }

  private Map<Instant, BigDecimal> values(SeriesName name, Instant from, Instant now) {
    return name.isUsage() ? usage(name, from, now) : costs(name, from, now);
  }

  private Map<Instant, BigDecimal> usage(SeriesName name, Instant from, Instant now) {
    Bucket bucket = name.size() == BucketSize.DAY ? Bucket.DAY : Bucket.HOUR;
    TotalsQuery query =
        new TotalsQuery(
            from, now, bucket, ZoneOffset.UTC, List.of(), EventFilter.ALL.ofApp(name.name()));
    Map<Instant, BigDecimal> values = new HashMap<>();
    new UsageTotals(database)
        .of(query)
        .rows()
        .forEach(row -> values.merge(row.bucket(), row.usage(), BigDecimal::add));
    return values;
  }

  private Map<Instant, BigDecimal> costs(SeriesName name, Instant from, Instant now) {
    CostSeries.Name service = new CostSeries.Name(name.name(), name.currency());
    return database.read(
        handle -> CostSeries.amounts(handle, service, unit(name), new Range(from, now)));
  }

  /** Where the change of a bucket came from, beside the same hours of the last four weeks. */
  List<Cause> causes(SeriesName name, LocalDateTime bucket) {
    Instant from = bucket.toInstant(ZoneOffset.UTC);
    Map<Map<String, String>, BigDecimal[]> sums = new HashMap<>();
    add(sums, name, from, 2);
    for (int week = 1; week <= WEEKS; week++) {
      add(sums, name, from.minus(Duration.ofDays(7L * week)), 0);
    }
    List<Fact> facts = new ArrayList<>();
    sums.forEach(
        (where, values) ->
            facts.add(
                new Fact(
                    where,
                    usual(values[0]).max(BigDecimal.ZERO),
                    usual(values[1]),
                    bounded(values[2]).max(BigDecimal.ZERO),
                    bounded(values[3]))));
    return CauseFinder.rank(facts, CAUSES);
  }

  private static BigDecimal usual(BigDecimal ofFourWeeks) {
    return bounded(ofFourWeeks.divide(OF_WEEKS));
  }

  /** Adds quantities and amounts at a place of the sums: 0 for usual ones, 2 for those now. */
  private void add(
      Map<Map<String, String>, BigDecimal[]> sums, SeriesName name, Instant from, int place) {
    Instant to = from.plus(1, unit(name));
    if (name.isUsage()) {
      TotalsQuery query =
          new TotalsQuery(
              from,
              to,
              Bucket.ALL,
              ZoneOffset.UTC,
              List.of(Dimension.Column.MODULE, Dimension.Column.MODEL),
              EventFilter.ALL.ofApp(name.name()));
      for (UsageTotals.Row row : new UsageTotals(database).of(query).rows()) {
        Map<String, String> where =
            Map.of(
                "service", String.valueOf(row.group().get(0)),
                "model", String.valueOf(row.group().get(1)));
        add(sums, where, place, row.usage(), row.usage());
      }
      return;
    }
    database.read(
        handle -> {
          handle
              .createQuery(COST_FACTS)
              .bind("from", from)
              .bind("to", to)
              .bind("service", name.name())
              .bind("currency", name.currency())
              .map(
                  ResultRow.to(
                      row -> {
                        Map<String, String> where =
                            Map.of("app", row.text("app"), "model", row.text("model"));
                        add(sums, where, place, row.decimal("quantity"), row.decimal("amount"));
                        return where;
                      }))
              .list();
          return true;
        });
  }

  private static void add(
      Map<Map<String, String>, BigDecimal[]> sums,
      Map<String, String> where,
      int place,
      BigDecimal quantity,
      BigDecimal amount) {
    BigDecimal zero = BigDecimal.ZERO;
    BigDecimal[] values =
        sums.computeIfAbsent(where, none -> new BigDecimal[] {zero, zero, zero, zero});
    values[place] = values[place].add(quantity);
    values[place + 1] = values[place + 1].add(amount);
  }
}
