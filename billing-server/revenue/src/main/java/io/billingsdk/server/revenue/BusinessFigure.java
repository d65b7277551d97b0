package io.billingsdk.server.revenue;

import io.billingsdk.rating.Fraction;
import io.billingsdk.server.revenue.Ratios.Ratio;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A figure of the business beside its target. Immutable.
 *
 * @param currency of a figure of money; null for the others
 * @param percent rounded to two decimals; null without data
 * @param part by which the per cent come about; null without data
 * @param whole the same
 * @param target in per cent
 * @param state {@code met}, {@code missed} or {@code no_data}, decided by the exact value
 */
record BusinessFigure(
    String figure,
    @Nullable String currency,
    @Nullable BigDecimal percent,
    @Nullable BigDecimal part,
    @Nullable BigDecimal whole,
    String wanted,
    BigDecimal target,
    String state) {
  /** The figures, each with its target. */
  enum Kind {
    /** Customers of a free plan who pay now. */
    CONVERSION(/* above= */ true, "5"),
    /** Customers who do not pay any longer. */
    CHURN(/* above= */ false, "5"),
    /** Payments that succeeded. */
    PAYMENT_SUCCESS(/* above= */ true, "95"),
    /** Payments that failed. */
    PAYMENT_FAILURE(/* above= */ false, "3"),
    /** How much more recurring revenue there is. */
    REVENUE_GROWTH(/* above= */ true, "10"),
    /** Minutes in which the server was up. */
    AVAILABILITY(/* above= */ true, "99.9"),
    /** Usage that is reconciled from report to invoice. */
    BILLING_ACCURACY(/* above= */ true, "99.9");

    private final boolean above;
    private final BigDecimal target;

    Kind(boolean above, String target) {
      this.above = above;
      this.target = new BigDecimal(target);
    }

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Whether more is better. */
    boolean isAbove() {
      return above;
    }

    private String wanted() {
      return above ? "above" : "below";
    }

    private boolean isMet(Ratio ratio) {
      int order = ratio.percent().compareTo(Fraction.of(target));
      return above ? order > 0 : order < 0;
    }
  }

  /** Of a ratio; null for no data. */
  static BusinessFigure of(Kind kind, @Nullable String currency, @Nullable Ratio ratio) {
    if (ratio == null || ratio.whole().signum() == 0) {
      return new BusinessFigure(
          kind.text(), currency, null, null, null, kind.wanted(), kind.target, "no_data");
    }
    return new BusinessFigure(
        kind.text(),
        currency,
        ratio.shown(),
        ratio.part(),
        ratio.whole(),
        kind.wanted(),
        kind.target,
        kind.isMet(ratio) ? "met" : "missed");
  }
}
