package io.billingsdk.server.quotas;

import io.billingsdk.server.quotas.LeaseRows.Sums;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How a quota stands in a period. Immutable.
 *
 * @param extended the sum of grants in addition to the limit, until a moment
 * @param used the settled sum in the ledger
 * @param beyond what of {@code used} no lease covered
 * @param leased what instances may still use, or have used without its event being here
 * @param remaining what may still be leased; null where nothing bounds it
 */
record QuotaState(
    QuotaRule rule,
    QuotaPeriod period,
    BigDecimal extended,
    BigDecimal used,
    BigDecimal beyond,
    BigDecimal leased,
    @Nullable BigDecimal remaining) {

  static QuotaState of(QuotaRule rule, QuotaPeriod period, Sums sums) {
    BigDecimal capacity = rule.capacity(sums.extended());
    return new QuotaState(
        rule,
        period,
        sums.extended(),
        sums.settled(),
        sums.beyond(),
        sums.leased(),
        capacity == null ? null : capacity.subtract(sums.used()).max(BigDecimal.ZERO));
  }

  /** How quotas stand at a moment, in their order; one statement for all. */
  static List<QuotaState> read(Handle handle, Collection<QuotaRule> rules, Instant now) {
    Map<String, QuotaPeriod> periods = periods(rules, now);
    return of(rules, periods, LeaseRows.sums(handle, periods, now));
  }

  /** How quotas stand by their sums. */
  static List<QuotaState> of(
      Collection<QuotaRule> rules, Map<String, QuotaPeriod> periods, Map<String, Sums> sums) {
    List<QuotaState> states = new ArrayList<>();
    for (QuotaRule each : rules) {
      QuotaPeriod period = periods.get(each.id());
      Sums ofIt = sums.get(each.id());
      if (period != null && ofIt != null) {
        states.add(of(each, period, ofIt));
      }
    }
    return states;
  }

  /** The periods of a moment, by the ids of their quotas. */
  static SortedMap<String, QuotaPeriod> periods(Collection<QuotaRule> rules, Instant now) {
    SortedMap<String, QuotaPeriod> periods = new TreeMap<>();
    rules.forEach(each -> periods.put(each.id(), each.period(now)));
    return periods;
  }

  /** Whether the ledger holds all that may be used; never where nothing bounds it. */
  boolean isUsedUp() {
    BigDecimal most = rule.capacity(extended);
    return most != null && used.compareTo(most) >= 0;
  }

  /** The limit with what was granted in addition. */
  BigDecimal limit() {
    return rule.terms().limit().add(extended);
  }

  /** The used and the leased part. */
  BigDecimal usedAndLeased() {
    return used.add(leased);
  }
}
