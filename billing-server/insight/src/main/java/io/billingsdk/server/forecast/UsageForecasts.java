package io.billingsdk.server.forecast;

import io.billingsdk.forecast.Forecaster;
import io.billingsdk.forecast.MonthOutlook;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.Meter.Aggregation;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.catalog.Meters;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.Bucket;
import io.billingsdk.server.ledger.EventFilter;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import io.billingsdk.server.ledger.TotalsQuery;
import io.billingsdk.server.ledger.UsageTotals;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Forecasts of usage, from the sums of the ledger. Thread-safe. */
final class UsageForecasts {
  private static final Actor READER = new Actor("forecast");

  private final Database database;

  UsageForecasts(Database database) {
    this.database = database;
  }

  /** The usage of an app. */
  MonthOutlook ofApp(String app, DailySeries days) {
    return of(new EventFilter(app, null, null, null, Map.of(), false), days);
  }

  /** The usage of a service, which is the module of events, by all apps. */
  MonthOutlook ofService(String module, DailySeries days) {
    return of(new EventFilter(null, null, module, null, Map.of(), false), days);
  }

  private MonthOutlook of(EventFilter filter, DailySeries days) {
    if (!days.now().isAfter(days.start(days.first()))) {
      throw new IllegalStateException("the history is empty");
    }
    TotalsQuery query =
        new TotalsQuery(
            days.start(days.first()), days.now(), Bucket.DAY, days.zone(), List.of(), filter);
    Map<LocalDate, BigDecimal> usage = new HashMap<>();
    new UsageTotals(database)
        .of(query)
        .rows()
        .forEach(
            row ->
                usage.merge(
                    row.bucket().atZone(days.zone()).toLocalDate(), row.usage(), BigDecimal::add));
    return Forecaster.monthEnd(days.of(usage));
  }

  /**
   * What a meter will show for a customer.
   *
   * @param places the apps of the customer on each of the days
   * @throws RequestRefusedException when the meter does not add up day by day
   */
  MonthOutlook ofMeter(String slug, DailySeries days, List<List<AppRange>> places) {
    Meter meter = new Meters(database, READER).require(slug);
    if (!addsUp(meter)) {
      throw RequestRefusedException.invalid(
          "name", "a meter that sums or counts; days of others do not add up to a month");
    }
    List<BigDecimal> totals = new MeterReader(database).totals(meter, places);
    List<LocalDate> dates = days.days();
    Map<LocalDate, BigDecimal> usage = new HashMap<>();
    for (int i = 0; i < dates.size(); i++) {
      usage.put(dates.get(i), totals.get(i));
    }
    return Forecaster.monthEnd(days.of(usage));
  }

  /** Whether a month is the sum of its days. */
  static boolean addsUp(Meter meter) {
    return meter.aggregation() == Aggregation.SUM || meter.aggregation() == Aggregation.COUNT;
  }
}
