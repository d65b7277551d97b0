package io.billingsdk.server.quotas;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.server.quotas.TermsCache.Remembered;
import java.math.BigDecimal;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    if (countedAsRemembered(handle, byKey, rows)) {
      return true;
    }
    Map<String, List<QuotaRule>> quotas = quotas(rules.terms(handle, byKey.keySet()));
    if (quotas.isEmpty()) {
      return false;
    }
    refs.load(handle, rows);
    Tally tally = tally(byKey, quotas, meters.measure(handle, rows, quotas));
    if (!tally.isEmpty()) {
      SettledRows.save(handle, tally);
    }
    return true;
  }

  /**
   * Counts by what is remembered of the keys, if that is still so: the one statement that counts
   * compares the version, and otherwise counts nothing. Most batches are done with it, since each
   * statement costs the lane a round trip. A quota of money is left to the other way, since it
   * writes before it counts.
   */
  private boolean countedAsRemembered(
      Handle handle, Map<String, List<AppendedEvent>> byKey, List<AppendedEvent> rows) {
    Remembered<String, KeyTerms> remembered = rules.remembered(byKey.keySet()).orElse(null);
    if (remembered == null) {
      return false;
    }
    Map<String, List<QuotaRule>> quotas = quotas(remembered.values());
    boolean isPriced =
        quotas.values().stream()
            .flatMap(List::stream)
            .anyMatch(each -> !(each.measure() instanceof QuotaMeasure.OfOneRow));
    if (quotas.isEmpty() || isPriced) {
      return false;
    }
    refs.load(handle, rows);
    Tally tally = tally(byKey, quotas, meters.measure(handle, rows, quotas));
    return !tally.isEmpty()
        && !tally.lowers()
        && SettledRows.saveIf(handle, tally, remembered.version());
  }

  private Tally tally(
      Map<String, List<AppendedEvent>> byKey,
      Map<String, List<QuotaRule>> quotas,
      QuotaMeters.Measured measured) {
    Tally tally = new Tally(refs);
    quotas.forEach(
        (key, ofKey) -> {
          for (AppendedEvent row : byKey.getOrDefault(key, List.of())) {
            for (QuotaRule each : ofKey) {
              BigDecimal amount = measured.value(each, row);
              if (amount.signum() != 0) {
                tally.add(row, each, amount);
              }
            }
          }
        });
    return tally;
  }

  /** Of the keys that have quotas. */
  private static Map<String, List<QuotaRule>> quotas(Map<String, KeyTerms> ofKeys) {
    Map<String, List<QuotaRule>> quotas = new HashMap<>();
    ofKeys.forEach(
        (key, terms) -> {
          if (!terms.rules().isEmpty()) {
            quotas.put(key, terms.rules());
          }
        });
    return quotas;
  }
}
