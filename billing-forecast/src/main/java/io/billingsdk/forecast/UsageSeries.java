package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Quantities of buckets that follow each other without a gap: usage or cost. A bucket without usage
 * is 0, never left out. Immutable.
 *
 * @param first the beginning of the first bucket: midnight of a day, or a full hour of UTC
 * @param size the length of each bucket
 * @param closed the quantities of closed buckets, the oldest first; each at least 0
 * @param open the bucket after them, if it has begun
 */
public record UsageSeries(
    LocalDateTime first, BucketSize size, List<BigDecimal> closed, Optional<OpenBucket> open) {
  /** The most buckets of a series. */
  public static final int MOST_BUCKETS = 20_000;

  /** Checks the quantities and the beginning. */
  public UsageSeries {
    Objects.requireNonNull(open, "open");
    if (!first.truncatedTo(size.unit()).equals(first)) {
      throw new ForecastInputException("first", "the beginning of a bucket", first);
    }
    if (closed.size() > MOST_BUCKETS) {
      throw new ForecastInputException("closed", "at most 20000 buckets", closed.size());
    }
    List<BigDecimal> checked = new ArrayList<>(closed.size());
    for (int i = 0; i < closed.size(); i++) {
      checked.add(Check.quantity("closed[" + i + "]", closed.get(i)));
    }
    closed = List.copyOf(checked);
  }

  /** Closed days. */
  public static UsageSeries days(LocalDate first, List<BigDecimal> closed) {
    return new UsageSeries(first.atStartOfDay(), BucketSize.DAY, closed, Optional.empty());
  }

  /** Closed hours of UTC. */
  public static UsageSeries hours(LocalDateTime first, List<BigDecimal> closed) {
    return new UsageSeries(first, BucketSize.HOUR, closed, Optional.empty());
  }

  /** The same series with an open bucket after the closed ones. */
  public UsageSeries withOpen(OpenBucket bucket) {
    return new UsageSeries(first, size, closed, Optional.of(bucket));
  }

  /** The beginning of the bucket with this number, from 0 on. */
  public LocalDateTime bucket(int index) {
    return first.plus(index, size.unit());
  }

  /** The beginning of the first bucket that is not closed. */
  public LocalDateTime end() {
    return bucket(closed.size());
  }

  /** The number of the bucket that begins on this day; may lie outside of the series. */
  int indexOf(LocalDate day) {
    return Math.toIntExact(ChronoUnit.DAYS.between(first.toLocalDate(), day));
  }

  /** Digits after the point that results have: those of the series, at most 6. */
  int decimals() {
    int most = 0;
    for (BigDecimal value : closed) {
      most = Math.max(most, value.scale());
    }
    return Math.min(most, 6);
  }
}
