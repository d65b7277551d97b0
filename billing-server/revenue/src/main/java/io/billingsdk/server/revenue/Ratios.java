package io.billingsdk.server.revenue;

import io.billingsdk.rating.Fraction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** What the figures of the business divide, as far as this server knows it. */
interface Ratios {
  /** No part of this server knows it yet. */
  Ratios NONE = new Ratios() {};

  /** Payments that succeeded, of all that were tried; empty while nobody takes payments. */
  default Optional<Ratio> paymentsMade() {
    return Optional.empty();
  }

  /** Usage that was reconciled from report to invoice, of all usage; empty if nobody looked. */
  default Optional<Ratio> reconciled() {
    return Optional.empty();
  }

  /**
   * A part of a whole, which is not 0.
   *
   * @param part may be below 0
   */
  record Ratio(BigDecimal part, BigDecimal whole) {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    static Ratio of(long part, long whole) {
      return new Ratio(BigDecimal.valueOf(part), BigDecimal.valueOf(whole));
    }

    /** The rest of the whole. */
    Ratio rest() {
      return new Ratio(whole.subtract(part), whole);
    }

    /** In per cent, exactly. */
    Fraction percent() {
      return Fraction.of(part.multiply(HUNDRED)).dividedBy(Fraction.of(whole));
    }

    /** In per cent, to be shown. */
    BigDecimal shown() {
      return part.multiply(HUNDRED).divide(whole, 2, RoundingMode.HALF_UP);
    }
  }
}
