package io.billingsdk.server.anomalies;

import io.billingsdk.forecast.BucketSize;
import io.billingsdk.forecast.OpenBucket;
import io.billingsdk.forecast.UsageSeries;
import io.billingsdk.server.ledger.HourlyUsage.TimeRange;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes series of sums by bucket; in UTC. Immutable. */
final class SeriesMaker {
  /** Usage that is on its way when a bucket ends. */
  static final Duration GRACE = Duration.ofMinutes(15);

  private static final int DAYS = 395;
  private static final int HOURS = 42 * 24;
  private static final int LEAST_DAYS = 28;
  private static final int LEAST_HOURS = 14 * 24;
  private static final int SHARE_DIGITS = 6;
  private static final int DECIMALS = 18;

  private final boolean isDay;
  private final Instant now;
  private final ChronoUnit unit;
  private final Instant end;

  SeriesMaker(BucketSize size, Instant now) {
    this.isDay = size == BucketSize.DAY;
    this.now = now;
    this.unit = unit(size);
    this.end = now.minus(GRACE).truncatedTo(unit);
  }

  static ChronoUnit unit(BucketSize size) {
    return size == BucketSize.DAY ? ChronoUnit.DAYS : ChronoUnit.HOURS;
  }

  /** The longest range that is read. */
  static TimeRange longest(Instant now) {
    return new SeriesMaker(BucketSize.DAY, now).range();
  }

  /** The range that is read. */
  TimeRange range() {
    return new TimeRange(end.minus(isDay ? DAYS : HOURS, unit), now);
  }

  /** The series from its first usage on; empty while it is too short to be judged. */
  Optional<UsageSeries> of(Map<Instant, BigDecimal> values) {
    List<BigDecimal> closed = new ArrayList<>();
    Instant first = end;
    for (Instant at = range().from(); at.isBefore(end); at = at.plus(1, unit)) {
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
    return Optional.of(
        opened(
            isDay
                ? UsageSeries.days(begin.toLocalDate(), closed)
                : UsageSeries.hours(begin, closed),
            values));
  }

  private UsageSeries opened(UsageSeries series, Map<Instant, BigDecimal> values) {
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
  static BigDecimal bounded(BigDecimal value) {
    return value.scale() > DECIMALS ? value.setScale(DECIMALS, RoundingMode.HALF_EVEN) : value;
  }
}
