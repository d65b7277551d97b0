package io.billingsdk.server.forecast;

import io.billingsdk.forecast.Forecaster;
import io.billingsdk.forecast.MonthForecast;
import io.billingsdk.rating.Commitment;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.forecast.ChargeForecast.Swing;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Money of a customer at the end of a month: fees, usage through the tiers, and what is missing to
 * the commitment. Immutable.
 *
 * @param fees of the month
 * @param charges that are forecast
 * @param leftOut ids of charges whose days do not add up to a month
 */
record CustomerForecast(
    YearMonth month,
    PlanVersion plan,
    Money fees,
    List<ChargeForecast> charges,
    List<String> leftOut) {
  private static final int PERCENT_DECIMALS = 1;

  /** On each side of what is expected; a power of two divides exactly. */
  private static final int STEPS = 4;

  /** Copies the lists. */
  CustomerForecast {
    charges = List.copyOf(charges);
    leftOut = List.copyOf(leftOut);
  }

  /** A charge as the API has it. */
  record ChargeView(
      String chargeId,
      @Nullable String value,
      @Nullable BigDecimal amount,
      ForecastView forecast) {}

  /**
   * The forecast as the API has it.
   *
   * @param errorPercent the mean error of the sums of usage, weighted by their amounts
   */
  record MoneyView(
      String plan,
      String currency,
      String state,
      String sentence,
      BigDecimal soFar,
      @Nullable BigDecimal expected,
      @Nullable BigDecimal low,
      @Nullable BigDecimal high,
      @Nullable BigDecimal errorPercent,
      List<ChargeView> charges,
      List<String> leftOut) {}

  MoneyView view() {
    Money now = whole(charges.stream().map(ChargeForecast::soFarPrice).toList());
    boolean isKnown = charges.stream().allMatch(ChargeForecast::isKnown);
    if (!isKnown) {
      return new MoneyView(
          plan.plan(),
          plan.currency(),
          "not_enough_data",
          "Not enough data: " + now + " so far, and usage has fewer than 3 closed days.",
          now.amount(),
          null,
          null,
          null,
          null,
          views(),
          leftOut);
    }
    Money expected = at(BigDecimal.ZERO);
    List<Money> range = range(expected);
    Money low = range.get(0);
    Money high = range.get(1);
    BigDecimal error = error();
    return new MoneyView(
        plan.plan(),
        plan.currency(),
        "forecast",
        sentence(now, expected, low, high, error),
        now.amount(),
        expected.amount(),
        low.amount(),
        high.amount(),
        error,
        views(),
        leftOut);
  }

  private String sentence(
      Money now, Money expected, Money low, Money high, @Nullable BigDecimal error) {
    return month
        + " ends at about "
        + expected
        + ", 8 of 10 times from "
        + low
        + " to "
        + high
        + "; so far "
        + now
        + "; "
        + (error == null
            ? "the error in the past is not known."
            : "sums of usage were off by " + error.toPlainString() + " % in the past.");
  }

  /**
   * The lowest and the highest amount that 8 of 10 months end with. All usage moves together from
   * the low to the high side, by the share of its own interval that errors left in the past that
   * did not cancel out; in steps, since a price may fall at a tier.
   */
  private List<Money> range(Money expected) {
    List<Swing> swings = charges.stream().flatMap(each -> each.swings().stream()).toList();
    BigDecimal share =
        Forecaster.together(
            swings.stream().map(Swing::forecast).toList(),
            swings.stream().map(Swing::width).toList());
    Money least = expected;
    Money most = expected;
    for (int step = -STEPS; step <= STEPS; step++) {
      BigDecimal part = BigDecimal.valueOf(step).divide(BigDecimal.valueOf(STEPS)).multiply(share);
      Money one = at(part);
      least = least.min(one);
      most = most.max(one);
    }
    return List.of(least, most);
  }

  private Money at(BigDecimal part) {
    return whole(charges.stream().map(each -> each.at(part)).toList());
  }

  private Money whole(List<Money> usage) {
    Money sum = usage.stream().reduce(fees, Money::plus);
    Commitment commitment = plan.commitment();
    return commitment == null ? sum : sum.plus(commitment.trueUp(Fraction.ONE, sum).missing());
  }

  private List<ChargeView> views() {
    List<ChargeView> views = new ArrayList<>();
    for (ChargeForecast each : charges) {
      BigDecimal amount = each.isKnown() ? each.expected().amount() : null;
      each.values()
          .forEach(
              (value, outlook) ->
                  views.add(
                      new ChargeView(
                          each.charge().id(),
                          value.isEmpty() ? null : value,
                          amount,
                          ForecastView.of(outlook))));
    }
    return views;
  }

  private @Nullable BigDecimal error() {
    BigDecimal weighted = BigDecimal.ZERO;
    BigDecimal weights = BigDecimal.ZERO;
    for (ChargeForecast each : charges) {
      BigDecimal weight = each.expected().amount().abs().add(BigDecimal.ONE);
      for (var outlook : each.values().values()) {
        if (outlook instanceof MonthForecast known
            && known.backTest().sumErrorPercent().isPresent()) {
          weighted = weighted.add(known.backTest().sumErrorPercent().get().multiply(weight));
          weights = weights.add(weight);
        }
      }
    }
    return weights.signum() == 0
        ? null
        : weighted.divide(weights, PERCENT_DECIMALS, RoundingMode.HALF_EVEN);
  }
}
