package io.billingsdk.server.revenue;

import io.billingsdk.rating.Commitment;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.revenue.ForecastDays.Target;
import io.billingsdk.server.revenue.RevenueForecast.BackTest;
import io.billingsdk.server.revenue.RevenueForecast.CurrencyForecast;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Adds up the forecasts of the subscriptions of a currency. For one thread. */
final class ForecastSums {
  /** With fewer days of usage, nothing is foretold. */
  private static final int LEAST_DAYS = 3;

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final String currency;
  private final Target target;
  private final List<Past> past = new ArrayList<>();
  private Money fees;
  private Money soFar;
  private Money forecast;
  private long subscriptions;
  private @Nullable LocalDate firstUsed;

  private static final class Past {
    final Target target;
    Money forecast;
    Money actual;

    Past(Target target, Money zero) {
      this.target = target;
      this.forecast = zero;
      this.actual = zero;
    }
  }

  ForecastSums(String currency, ForecastDays days) {
    this.currency = currency;
    this.target = days.target();
    Money zero = Money.zero(currency);
    this.fees = zero;
    this.soFar = zero;
    this.forecast = zero;
    days.backTests().forEach(each -> past.add(new Past(each, zero)));
  }

  /**
   * Adds a subscription.
   *
   * @param since the day on which it began: it has no part in months before
   */
  void add(PlanVersion plan, LocalDate since, List<ForetoldCharge> charges) {
    subscriptions++;
    for (ForetoldCharge each : charges) {
      if (each instanceof ForetoldCharge.Fee fee) {
        fees = fees.plus(fee.amount());
      }
      each.firstUsed().ifPresent(this::used);
    }
    soFar = soFar.plus(sum(charges, each -> each.soFar(target)));
    forecast = forecast.plus(full(plan, charges, each -> each.forecast(target)));
    for (Past each : past) {
      if (since.isBefore(each.target.end())) {
        each.forecast = each.forecast.plus(full(plan, charges, of -> of.forecast(each.target)));
        each.actual = each.actual.plus(full(plan, charges, of -> of.actual(each.target)));
      }
    }
  }

  private void used(LocalDate day) {
    firstUsed = firstUsed == null || day.isBefore(firstUsed) ? day : firstUsed;
  }

  private Money sum(List<ForetoldCharge> charges, Function<ForetoldCharge, Money> amount) {
    return charges.stream().map(amount).reduce(Money.zero(currency), Money::plus);
  }

  /** With what is missing to the commitment. */
  private Money full(
      PlanVersion plan, List<ForetoldCharge> charges, Function<ForetoldCharge, Money> amount) {
    Money sum = sum(charges, amount);
    Commitment commitment = plan.commitment();
    return commitment == null ? sum : sum.plus(commitment.trueUp(Fraction.ONE, sum).missing());
  }

  private boolean isKnown(LocalDate day) {
    LocalDate first = firstUsed;
    return first != null && !first.plusDays(LEAST_DAYS).isAfter(day);
  }

  CurrencyForecast forecast() {
    List<BackTest> tests =
        past.stream()
            .filter(each -> isKnown(each.target.known()))
            .map(
                each ->
                    new BackTest(
                        each.target.month().toString(),
                        each.forecast.amount(),
                        each.actual.amount(),
                        error(each.forecast, each.actual)))
            .toList();
    BigDecimal error =
        tests.stream()
            .map(BackTest::errorPercent)
            .flatMap(Stream::ofNullable)
            .reduce(BigDecimal::max)
            .orElse(null);
    boolean isEnough = isKnown(target.known());
    boolean hasRange = isEnough && error != null;
    String state = isEnough ? hasRange ? "forecast" : "no_back_test" : "not_enough_data";
    return new CurrencyForecast(
        currency,
        state,
        subscriptions,
        fees.amount(),
        soFar.amount(),
        isEnough ? forecast.amount() : null,
        hasRange ? bound(error, /* isHigh= */ false) : null,
        hasRange ? bound(error, /* isHigh= */ true) : null,
        hasRange ? error : null,
        tests);
  }

  private static @Nullable BigDecimal error(Money forecast, Money actual) {
    return actual.signum() == 0
        ? null
        : forecast
            .minus(actual)
            .amount()
            .abs()
            .multiply(HUNDRED)
            .divide(actual.amount().abs(), 2, RoundingMode.HALF_UP);
  }

  /** Revenue that is there already cannot go away. */
  private BigDecimal bound(@Nullable BigDecimal error, boolean isHigh) {
    BigDecimal off = error == null ? BigDecimal.ZERO : error;
    BigDecimal percent = isHigh ? HUNDRED.add(off) : HUNDRED.subtract(off);
    BigDecimal bound =
        forecast
            .amount()
            .multiply(percent)
            .divide(HUNDRED, forecast.amount().scale(), RoundingMode.HALF_UP);
    return isHigh ? bound : bound.max(soFar.amount());
  }
}
