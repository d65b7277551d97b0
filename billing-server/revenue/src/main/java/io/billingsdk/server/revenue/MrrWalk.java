package io.billingsdk.server.revenue;

import io.billingsdk.rating.Money;
import io.billingsdk.server.subscriptions.PlanTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How recurring revenue moves in a time, in each currency: from its opening by each change to its
 * closing. A change at the first moment is one of the time, one at its end is not. So the closing
 * of a month is the opening of the next. For one thread.
 */
final class MrrWalk {
  private final Instant from;
  private final Instant to;
  private final Map<String, MrrSums> sums = new TreeMap<>();
  private final PayingCounts counts = new PayingCounts();

  /**
   * Of a time.
   *
   * @param to its end, exclusive
   */
  MrrWalk(Instant from, Instant to) {
    this.from = from;
    this.to = to;
  }

  /** Adds all times of a customer, which are in one currency. */
  void add(List<PlanTime> times) {
    if (times.isEmpty()) {
      return;
    }
    String currency = times.get(0).monthly().currency();
    Money zero = Money.zero(currency);
    MrrSums of = sums.computeIfAbsent(currency, each -> new MrrSums(zero));
    PayingLife life = new PayingLife(from, to);
    Money before = zero;
    for (Map.Entry<Instant, Level> each : levels(times, zero).entrySet()) {
      if (!each.getKey().isBefore(to)) {
        break;
      }
      Money now = each.getValue().monthly();
      if (each.getKey().isBefore(from)) {
        of.open(before, now);
      } else {
        of.move(before, now, life.hasPaid());
      }
      life.reach(each.getKey(), each.getValue());
      before = now;
    }
    counts.add(life);
  }

  /** The fees at a moment at which they change, and whether a plan is in use. */
  record Level(Money monthly, int plans) {
    boolean pays() {
      return monthly.signum() > 0;
    }

    /** In a trial, or of a plan without a fee. */
    boolean isFree() {
      return plans > 0 && !pays();
    }
  }

  /** From each moment of a change on. Of changes at one moment only their sum counts. */
  private static Map<Instant, Level> levels(List<PlanTime> times, Money zero) {
    TreeMap<Instant, Level> changes = new TreeMap<>();
    for (PlanTime each : times) {
      changes.merge(each.from(), new Level(each.monthly(), 1), MrrWalk::sum);
      Instant end = each.to();
      if (end != null) {
        changes.merge(end, new Level(each.monthly().negated(), -1), MrrWalk::sum);
      }
    }
    Level[] level = {new Level(zero, 0)};
    changes.replaceAll((at, change) -> level[0] = sum(level[0], change));
    return changes;
  }

  private static Level sum(Level one, Level other) {
    return new Level(one.monthly().plus(other.monthly()), one.plans() + other.plans());
  }

  /** By currency, in the order of their codes. */
  Map<String, MrrSums> sums() {
    return sums;
  }

  /** Of customers, over all currencies: people can be added up. */
  PayingCounts counts() {
    return counts;
  }
}
