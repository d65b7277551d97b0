package io.billingsdk.server.quotas;

import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.quotas.QuotaMeasure.BySpending;
import io.billingsdk.server.quotas.QuotaMeters.Measured;
import io.billingsdk.server.quotas.SpendRows.SpendCounter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * Prices the rows of one transaction. The price of a row is by how much it raises the price of all
 * usage of its charge so far, so the prices of all rows add up to the price of the whole, whatever
 * tiers there are and in whatever order they come. For one transaction.
 */
final class Spending implements Measured {
  private final IdentityHashMap<AppendedEvent, Map<String, BigDecimal>> prices =
      new IdentityHashMap<>();

  private Spending() {}

  /** A row that a charge prices. */
  private record Use(AppendedEvent row, QuotaRule rule, SpendCounter counter, PricedUse priced) {}

  /** Locks the counters of all charges in one order, and adds the usage of the rows to them. */
  static Spending of(Handle handle, List<AppendedEvent> rows, Map<String, List<QuotaRule>> quotas) {
    Spending made = new Spending();
    List<Use> uses = uses(rows, quotas);
    if (uses.isEmpty()) {
      return made;
    }
    Map<SpendCounter, Map<String, BigDecimal>> totals =
        SpendRows.lock(handle, uses.stream().map(Use::counter).sorted().distinct().toList());
    Map<SpendCounter, RunningPrice> prices = new HashMap<>();
    for (Use each : uses) {
      RunningPrice price =
          prices.computeIfAbsent(
              each.counter(),
              counter ->
                  new RunningPrice(
                      each.priced(), totals.computeIfAbsent(counter, any -> new TreeMap<>())));
      made.add(each, price.add(each.priced()));
    }
    SpendRows.save(handle, totals);
    return made;
  }

  private static List<Use> uses(List<AppendedEvent> rows, Map<String, List<QuotaRule>> quotas) {
    List<Use> uses = new ArrayList<>();
    for (AppendedEvent row : rows) {
      String key = row.keyId();
      if (row.app() == null || key == null) {
        continue;
      }
      for (QuotaRule rule : quotas.getOrDefault(key, List.of())) {
        if (rule.measure() instanceof BySpending spending) {
          for (PricedUse each : PricedUse.of(spending, row)) {
            SpendCounter counter =
                new SpendCounter(rule.id(), rule.period(row.occurredAt()).start(), each.part());
            uses.add(new Use(row, rule, counter, each));
          }
        }
      }
    }
    return uses;
  }

  private void add(Use use, BigDecimal price) {
    prices
        .computeIfAbsent(use.row(), any -> new HashMap<>())
        .merge(use.rule().id(), price, BigDecimal::add);
  }

  @Override
  public BigDecimal value(QuotaRule rule, AppendedEvent row) {
    return prices.getOrDefault(row, Map.of()).getOrDefault(rule.id(), BigDecimal.ZERO);
  }
}
