package io.billingsdk.server.quotas;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import java.math.BigDecimal;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Counts each row of the ledger to the quotas of its key, in the transaction that adds it: what its
 * lease held is settled by the same transaction, so that settled and leased together do not change.
 * Thread-safe.
 */
final class QuotaCounters implements AppendHook {
  private final RuleCache rules;
  private final QuotaMeters meters;
  private final LeaseRefs refs = new LeaseRefs();

  /** Of the quotas that keys have, measured by meters. */
  QuotaCounters(RuleCache rules, QuotaMeters meters) {
    this.rules = rules;
    this.meters = meters;
  }

  @Override
  public String name() {
    return "quotas";
  }

  @Override
  public void appended(Connection transaction, List<AppendedEvent> rows) {
    Map<String, List<AppendedEvent>> byKey = new HashMap<>();
    for (AppendedEvent each : rows) {
      String key = each.keyId();
      if (key != null && each.app() != null) {
        byKey.computeIfAbsent(key, any -> new ArrayList<>()).add(each);
      }
    }
    if (!byKey.isEmpty()) {
      var unused = Database.over(transaction, handle -> count(handle, byKey, rows));
    }
  }

  private boolean count(
      Handle handle, Map<String, List<AppendedEvent>> byKey, List<AppendedEvent> rows) {
    Map<String, List<QuotaRule>> quotas = quotas(handle, byKey.keySet());
    if (quotas.isEmpty()) {
      return false;
    }
    refs.load(handle, rows);
    Tally tally = new Tally(refs);
    QuotaMeters.Measured measured = meters.measure(handle, rows, quotas);
    quotas.forEach(
        (key, rules) -> {
          for (AppendedEvent row : byKey.getOrDefault(key, List.of())) {
            for (QuotaRule each : rules) {
              BigDecimal amount = measured.value(each, row);
              if (amount.signum() != 0) {
                tally.add(row, each, amount);
              }
            }
          }
        });
    if (!tally.isEmpty()) {
      SettledRows.save(handle, tally);
    }
    return true;
  }

  /** Of the keys that have quotas. */
  private Map<String, List<QuotaRule>> quotas(Handle handle, Set<String> keys) {
    Map<String, List<QuotaRule>> quotas = new HashMap<>();
    rules
        .terms(handle, keys)
        .forEach(
            (key, terms) -> {
              if (!terms.rules().isEmpty()) {
                quotas.put(key, terms.rules());
              }
            });
    return quotas;
  }
}
