package io.billingsdk.server.whatif;

import io.billingsdk.rating.Commitment;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Prices many months by one plan: a statement for each charge, whatever the number of months. */
final class PricedMonths {
  private PricedMonths() {}

  /**
   * The amount of each month: fees, usage, and what is missing to a commitment.
   *
   * @param months the apps of each, and when
   */
  static List<Money> of(
      MeterReader reader,
      PlanVersion plan,
      Map<String, Meter> meters,
      List<List<AppRange>> months) {
    List<Money> sums =
        new ArrayList<>(Collections.nCopies(months.size(), Money.zero(plan.currency())));
    for (PlanCharge charge : plan.charges()) {
      if (charge.kind() == PlanCharge.Kind.METERED) {
        List<Usage> usages = reader.usages(charge, meters, months);
        for (int i = 0; i < usages.size(); i++) {
          sums.set(i, sums.get(i).plus(charge.charge().rate(usages.get(i)).amount()));
        }
      } else {
        Money fee = charge.charge().rate(Usage.none()).amount();
        sums.replaceAll(each -> each.plus(fee));
      }
    }
    Commitment commitment = plan.commitment();
    if (commitment != null) {
      sums.replaceAll(each -> each.plus(commitment.trueUp(Fraction.ONE, each).missing()));
    }
    return sums;
  }
}
