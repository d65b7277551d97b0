package io.billingsdk.server.anomalies;

import io.billingsdk.forecast.BucketSize;
import io.billingsdk.forecast.ForecastInputException;
import io.billingsdk.server.anomalies.UsageSums.Watched;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.HourlyUsage.TimeRange;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at all series. Hours come before days, and apps before what their usage is part of, so
 * that an incident that explains others is there first. Used once.
 */
final class WatchRun {
  private static final Logger log = LoggerFactory.getLogger(WatchRun.class);

  private static final int MOST = 200;
  private static final int ACTIVE_DAYS = 35;
  private static final List<BucketSize> SIZES = List.of(BucketSize.HOUR, BucketSize.DAY);

  private final Database database;
  private final Watch watch;
  private final UsageSums usage;
  private final CostSums costs;
  private final Instant now;
  private final TimeRange active;

  /** Watches 200 values of a dimension by name: that many take seconds. */
  WatchRun(Database database, Instant now) {
    this(database, now, MOST);
  }

  /**
   * @param most values of a dimension that are watched by name
   */
  WatchRun(Database database, Instant now, int most) {
    this.database = database;
    this.watch = new Watch(database);
    this.usage = new UsageSums(database, SeriesMaker.longest(now), most);
    this.costs = new CostSums(database);
    this.now = now;
    this.active = new TimeRange(now.minus(Duration.ofDays(ACTIVE_DAYS)), now);
  }

  void run() {
    for (String dimension : UsageSums.DIMENSIONS) {
      // A dimension that cannot be read must not hide the others.
      guarded("the usage by " + dimension, () -> usage(dimension));
    }
    for (BucketSize size : SIZES) {
      for (SeriesName name : costs.names(size, active)) {
        guarded(name.text(), () -> cost(name));
      }
    }
  }

  private void usage(String dimension) {
    List<String> open =
        database.read(handle -> IncidentRows.namesWithOpenIncidents(handle, dimension));
    Watched watched = usage.watched(dimension, active, open);
    for (BucketSize size : SIZES) {
      TimeRange range = new SeriesMaker(size, now).range();
      usage
          .values(watched, size, range)
          .forEach(
              (value, buckets) -> {
                SeriesName name = SeriesName.usage(size, dimension, value);
                guarded(
                    name.text(),
                    () ->
                        judge(
                            name,
                            buckets,
                            (here, of, bucket) ->
                                ChangedParts.ofUsage(usage.within(here), watched, of, bucket)));
              });
    }
  }

  private void cost(SeriesName name) {
    Map<Instant, BigDecimal> buckets =
        costs.values(name, new SeriesMaker(name.size(), now).range());
    judge(name, buckets, (here, of, bucket) -> ChangedParts.ofCost(new CostSums(here), of, bucket));
  }

  private void judge(SeriesName name, Map<Instant, BigDecimal> buckets, Watch.Changes changes) {
    new SeriesMaker(name.size(), now)
        .of(buckets)
        .ifPresent(series -> watch.judge(name, series, changes, now));
  }

  private static void guarded(String what, Runnable work) {
    if (Thread.currentThread().isInterrupted()) {
      return;
    }
    try {
      work.run();
    } catch (ForecastInputException | RequestRefusedException refused) {
      log.warn("anomalies: cannot judge {}: {}", what, refused.getMessage());
    }
  }
}
