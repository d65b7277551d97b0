package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.PriceChange;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanVersion;

/** The fixed prices of plans, by which two plans are compared. */
final class Prices {
  private Prices() {}

  /** What a full period costs without any usage of meters. */
  static Money ofPeriod(PlanVersion plan) {
    Money sum = Money.zero(plan.currency());
    for (PlanCharge each : plan.charges()) {
      if (each.kind() != PlanCharge.Kind.METERED) {
        sum = sum.plus(each.charge().rate(Usage.none()).amount());
      }
    }
    return sum;
  }

  /** Whether the second plan costs more a day; both in one currency. */
  static PriceChange change(PlanVersion from, PlanVersion to) {
    return PriceChange.between(ofPeriod(from), from.interval(), ofPeriod(to), to.interval());
  }
}
