package io.billingsdk.server.performance;

import io.billingsdk.server.performance.Sums.Sum;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What something cost in one currency.
 *
 * @param name of it; empty for a use without one
 * @param cost of all uses whose cost is known; null while none is, which is not 0
 * @param uses the known ones of this currency, and the unknown ones
 * @param unknown how many have no known cost
 * @param timed how many have a duration
 */
record CostSum(
    String name,
    @Nullable BigDecimal cost,
    long uses,
    long unknown,
    long timed,
    BigDecimal durationMillis) {
  /** The dearest first; of equal ones the smaller name. */
  static final Comparator<CostSum> DEAREST =
      Comparator.comparing(CostSum::known).reversed().thenComparing(CostSum::name);

  private static final int COST_DECIMALS = 12;
  private static final int DURATION_DECIMALS = 3;

  /** The known cost; 0 without one. */
  BigDecimal known() {
    return cost == null ? BigDecimal.ZERO : cost;
  }

  /** Of each use whose cost is known; null without one. */
  @Nullable BigDecimal averageCost() {
    long known = uses - unknown;
    // The correction of a use may have a cost while the use has none yet.
    return cost == null || known == 0
        ? null
        : cost.divide(BigDecimal.valueOf(known), COST_DECIMALS, RoundingMode.HALF_UP);
  }

  /** In milliseconds; null without one. */
  @Nullable BigDecimal averageDuration() {
    return timed == 0
        ? null
        : durationMillis.divide(BigDecimal.valueOf(timed), DURATION_DECIMALS, RoundingMode.HALF_UP);
  }

  /** The sums of a currency by name; names without a use in it or an unknown one are left out. */
  static Map<String, CostSum> byName(List<Sum> sums, String currency) {
    Map<String, CostSum> found = new HashMap<>();
    for (Sum each : sums) {
      boolean isUnknown = isUnknown(each);
      if (isUnknown || each.currency().equals(currency)) {
        CostSum one =
            new CostSum(
                each.name(),
                isUnknown ? null : each.amount(),
                each.uses(),
                isUnknown ? each.uses() : 0,
                each.timed(),
                each.durationMillis());
        found.merge(each.name(), one, CostSum::plus);
      }
    }
    return found;
  }

  /** The currencies of known costs other than this one. */
  static Set<String> otherCurrencies(List<Sum> sums, String currency) {
    Set<String> others = new TreeSet<>();
    for (Sum each : sums) {
      if (!isUnknown(each) && !each.currency().equals(currency)) {
        others.add(each.currency());
      }
    }
    return others;
  }

  private static boolean isUnknown(Sum sum) {
    return sum.state().equals("unknown");
  }

  private CostSum plus(CostSum other) {
    BigDecimal sum = cost == null ? other.cost : cost.add(other.known());
    return new CostSum(
        name,
        sum,
        uses + other.uses,
        unknown + other.unknown,
        timed + other.timed,
        durationMillis.add(other.durationMillis));
  }
}
