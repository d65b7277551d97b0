package io.billingsdk.server.quotas;

import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanCharge.UsageForm;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.quotas.QuotaMeasure.BySpending;
import io.billingsdk.server.subscriptions.Segment;
import io.billingsdk.server.subscriptions.Subscription;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one charge prices of a row of the ledger. Immutable.
 *
 * @param part names the segment of the subscription and the charge: tiers begin again with each
 * @param value of the dimension of the charge; empty without one
 * @param quantity of a correction the difference, which may be negative
 */
record PricedUse(String part, PlanCharge charge, String value, BigDecimal quantity) {
  private static final int DECIMALS = 18;

  /** By the plan that the customer had at the moment of the row; nothing of a trial is charged. */
  static List<PricedUse> of(BySpending spending, AppendedEvent row) {
    Subscription subscription = spending.subscription();
    Optional<Segment> found = subscription.segmentAt(row.occurredAt());
    if (found.isEmpty() || found.get().isTrial()) {
      return List.of();
    }
    Segment segment = found.get();
    List<PricedUse> uses = new ArrayList<>();
    for (PlanCharge charge : segment.plan().charges()) {
      String slug = charge.meter();
      Meter meter = slug == null ? null : spending.meters().get(slug);
      if (meter != null && QuotaMeasure.isAdditive(meter) && meter.matches(row)) {
        BigDecimal quantity = meter.valueOf(row);
        String value = DimensionValue.of(charge.charge(), row);
        if (quantity.signum() != 0 && hasPrice(charge.charge(), value)) {
          String part = subscription.id() + "/" + segment.number() + "/" + charge.id();
          uses.add(new PricedUse(part, charge, value, quantity));
        }
      }
    }
    return uses;
  }

  /** Of a value without a price the usage costs nothing; an invoice names it. */
  private static boolean hasPrice(Charge charge, String value) {
    if (charge.dimension() == null || charge.models().containsKey(value)) {
      return true;
    }
    try {
      charge.requirePrices(List.of(value));
      return true;
    } catch (RatingInputException unlisted) {
      return false;
    }
  }

  /** Whether each event has a price of its own. */
  boolean isAlone() {
    return charge.form() == UsageForm.EVENTS;
  }

  BigDecimal priceAlone() {
    BigDecimal price =
        rounded(
            price(ofValue(new Usage.Events(List.of(quantity(quantity.abs())))))
                .orElse(Fraction.ZERO));
    return quantity.signum() < 0 ? price.negate() : price;
  }

  /** Whether what all values cost is the sum of what each costs. */
  boolean isSumOfValues() {
    return charge.charge().dimension() != null && charge.charge().isSumOfValues();
  }

  /** What all usage so far costs, by the values of the dimension. */
  BigDecimal priceOf(Map<String, BigDecimal> totals) {
    if (isAlone()) {
      return BigDecimal.ZERO;
    }
    if (charge.charge().dimension() == null) {
      Usage all = Usage.of(quantity(totals.getOrDefault("", BigDecimal.ZERO)));
      return rounded(price(all).orElse(Fraction.ZERO));
    }
    Map<String, Usage> byValue = new LinkedHashMap<>();
    totals.forEach(
        (each, total) -> {
          // One value without a price would make the price of all others 0.
          if (hasPrice(charge.charge(), each)) {
            byValue.put(each, Usage.of(quantity(total)));
          }
        });
    return rounded(price(new Usage.ByValue(byValue)).orElse(Fraction.ZERO));
  }

  /** What all usage of one value costs, exactly; empty where it cannot be rated. */
  Optional<Fraction> priceOfValue(String one, BigDecimal total) {
    return hasPrice(charge.charge(), one)
        ? price(new Usage.ByValue(Map.of(one, Usage.of(quantity(total)))))
        : Optional.of(Fraction.ZERO);
  }

  private Usage ofValue(Usage usage) {
    return charge.charge().dimension() == null ? usage : new Usage.ByValue(Map.of(value, usage));
  }

  /** Empty for what cannot be rated: the intake must not stop at it. */
  private Optional<Fraction> price(Usage usage) {
    try {
      return Optional.of(charge.charge().rate(usage, PeriodPart.RUNNING).unrounded());
    } catch (RatingInputException unpriced) {
      return Optional.empty();
    }
  }

  /** As the counters keep it. */
  static BigDecimal rounded(Fraction price) {
    return new BigDecimal(price.numerator())
        .divide(new BigDecimal(price.denominator()), DECIMALS, RoundingMode.HALF_UP);
  }

  /** Within what can be rated: corrections may take away more than there was. */
  private static Quantity quantity(BigDecimal number) {
    return Quantity.of(number.max(BigDecimal.ZERO).min(Quantity.MAX.value()));
  }
}
