package io.billingsdk.server.catalog;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of a meter may be used in a period.
 *
 * @param meter the slug of the meter
 * @param limit in units of the meter, from 0
 * @param mode what happens at the limit
 * @param overageCap how much more than the limit may be used, with {@link Mode#OVERAGE}; null for
 *     no bound
 * @param period when the count begins again
 * @param scope who shares it
 * @param thresholds percents of the limit at which a notice is sent, rising
 * @param thresholdEvery after how many percents more a notice is sent again and again, above the
 *     last of {@code thresholds}; null for never
 */
public record QuotaTerms(
    String meter,
    BigDecimal limit,
    Mode mode,
    @Nullable BigDecimal overageCap,
    Period period,
    Scope scope,
    List<Integer> thresholds,
    @Nullable Integer thresholdEvery) {

  /** The meter of a spend cap: the price of usage, in the currency of the plan. */
  public static final String AMOUNT = "amount";

  /** What happens at the limit. */
  public enum Mode {
    /** Nothing more is admitted. */
    HARD,
    /** More is admitted up to the cap, and charged. */
    OVERAGE,
    /** More is admitted; a notice is sent. */
    NOTIFY
  }

  /** When the count begins again. */
  public enum Period {
    /** On the first of each month, at midnight in the zone of the customer. */
    CALENDAR_MONTH,
    /** With each billing period of the subscription. */
    BILLING_PERIOD
  }

  /** Who shares it. */
  public enum Scope {
    /** All keys of all apps of the customer. */
    CUSTOMER,
    /** Each key has its own. */
    KEY
  }

  /** Copies the list. */
  public QuotaTerms {
    thresholds = List.copyOf(thresholds);
  }

  /** One whose notices end with the last threshold. */
  public QuotaTerms(
      String meter,
      BigDecimal limit,
      Mode mode,
      @Nullable BigDecimal overageCap,
      Period period,
      Scope scope,
      List<Integer> thresholds) {
    this(meter, limit, mode, overageCap, period, scope, thresholds, null);
  }
}
