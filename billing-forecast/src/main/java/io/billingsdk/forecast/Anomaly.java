package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.time.LocalDateTime;

/**
 * A bucket that is not as its series has it at such a time.
 *
 * @param bucket the beginning of the bucket
 * @param onset the beginning of the bucket with which it began, perhaps the same
 * @param kind its form, as far as it is known by this bucket
 * @param direction more or less than expected
 * @param actual the quantity of the bucket, or of what has passed of an open one
 * @param expected the estimate of the whole bucket
 * @param low usual quantities are from here
 * @param high to here
 * @param provisional whether the bucket is open, so that this may still pass
 */
public record Anomaly(
    LocalDateTime bucket,
    LocalDateTime onset,
    AnomalyKind kind,
    Direction direction,
    BigDecimal actual,
    BigDecimal expected,
    BigDecimal low,
    BigDecimal high,
    boolean provisional) {

  /** One sentence for people. */
  public String sentence() {
    return (provisional ? "So far " : "")
        + actual.toPlainString()
        + " at "
        + bucket
        + (direction == Direction.UP ? ", more" : ", less")
        + " than the usual "
        + low.toPlainString()
        + " to "
        + high.toPlainString()
        + switch (kind) {
          case SPIKE -> ".";
          case SHIFT -> ": the level is another one since " + onset + ".";
          case DRIFT -> ": the level has moved slowly since " + onset + ".";
          case SILENCE -> ": there was nothing since " + onset + ".";
        };
  }
}
