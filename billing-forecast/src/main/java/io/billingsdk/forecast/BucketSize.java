package io.billingsdk.forecast;

import java.time.temporal.ChronoUnit;

/** How long a bucket of a {@link UsageSeries} is. */
public enum BucketSize {
  /** A calendar day in the zone of the series. */
  DAY(ChronoUnit.DAYS),
  /** An hour of UTC, so that no hour is missing or doubled where clocks change. */
  HOUR(ChronoUnit.HOURS);

  private final ChronoUnit unit;

  BucketSize(ChronoUnit unit) {
    this.unit = unit;
  }

  ChronoUnit unit() {
    return unit;
  }
}
