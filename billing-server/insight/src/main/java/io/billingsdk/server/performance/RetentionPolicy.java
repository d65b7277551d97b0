package io.billingsdk.server.performance;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * How long the analytics keep what they are made of. The ledger is kept whatever this says.
 * Immutable.
 *
 * @param recordMonths whole months of UTC before the one that runs, of costs and steps
 * @param sumMonths the same of sums and sketches; at least as many
 */
public record RetentionPolicy(int recordMonths, int sumMonths) {
  /** The most months. */
  public static final int MOST = 1_200;

  /** 13 months of records, and 37 of sums. */
  public static final RetentionPolicy USUAL = new RetentionPolicy(13, 37);

  /** Checks the bounds. */
  public RetentionPolicy {
    if (recordMonths < 1 || recordMonths > MOST) {
      throw new IllegalArgumentException(
          "recordMonths must be 1 to " + MOST + ", but is " + recordMonths);
    }
    if (sumMonths < recordMonths || sumMonths > MOST) {
      throw new IllegalArgumentException(
          "sumMonths must be recordMonths ("
              + recordMonths
              + ") to "
              + MOST
              + ", but is "
              + sumMonths);
    }
  }

  Instant firstRecord(Instant now) {
    return first(now, recordMonths);
  }

  Instant firstSum(Instant now) {
    return first(now, sumMonths);
  }

  private static Instant first(Instant now, int months) {
    return YearMonth.from(now.atOffset(ZoneOffset.UTC))
        .minusMonths(months)
        .atDay(1)
        .atStartOfDay(ZoneOffset.UTC)
        .toInstant();
  }
}
