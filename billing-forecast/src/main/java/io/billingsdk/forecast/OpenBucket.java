package io.billingsdk.forecast;

import java.math.BigDecimal;

/**
 * The bucket that is still filling.
 *
 * @param value the quantity so far, at least 0
 * @param share the part of the bucket that has passed, above 0 and at most 1
 */
public record OpenBucket(BigDecimal value, BigDecimal share) {
  /** Checks the bounds. */
  public OpenBucket {
    value = Check.quantity("value", value);
    if (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) > 0) {
      throw new ForecastInputException("share", "above 0 and at most 1", share);
    }
  }
}
