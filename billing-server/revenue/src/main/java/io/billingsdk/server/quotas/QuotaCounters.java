package io.billingsdk.server.quotas;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.server.quotas.QuotaSource.KeyName;
import java.math.BigDecimal;
import java.sql.Connection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Counts each row of the ledger to the quotas of its key, in the transaction that adds it: what its
 * lease held is settled by the same transaction, so that settled and leased together do not change.
 * Thread-safe.
 */
final class QuotaCounters implements AppendHook {
  private final RuleCache rules;
  private final QuotaMeters meters;
  private final LeaseRefs refs = new LeaseRefs();

  /** Of the quotas that a source knows, measured by meters. */
  public QuotaCounters(QuotaSource source, QuotaMeters meters) {
    this.rules = new RuleCache(source);
    this.meters = meters;
  }

  @Override
  public String name() {
    return "quotas";
  }

  @Override
  public void appended(Connection transaction, List<AppendedEvent> rows) {
    Set<KeyName> keys = new HashSet<>();
    for (AppendedEvent each : rows) {
      KeyName name = keyOf(each);
      if (name != null) {
        keys.add(name);
      }
    }
    if (!keys.isEmpty()) {
      var unused = Database.over(transaction, handle -> count(handle, keys, rows));
    }
  }

  private boolean count(Handle handle, Set<KeyName> keys, List<AppendedEvent> rows) {
    Map<KeyName, List<QuotaRule>> quotas = rules.rules(handle, keys);
    if (keys.stream().allMatch(each -> quotas.getOrDefault(each, List.of()).isEmpty())) {
      return false;
    }
    refs.load(handle, rows);
    Tally tally = new Tally(refs);
    QuotaMeters.Measured measured = meters.measure(handle, rows, quotas);
    for (AppendedEvent row : rows) {
      KeyName key = keyOf(row);
      for (QuotaRule each :
          key == null ? List.<QuotaRule>of() : quotas.getOrDefault(key, List.of())) {
        BigDecimal amount = measured.value(each, row);
        if (amount.signum() != 0) {
          tally.add(row, each, amount);
        }
      }
    }
    if (!tally.isEmpty()) {
      SettledRows.save(handle, tally);
    }
    return true;
  }

  private static @Nullable KeyName keyOf(AppendedEvent row) {
    String app = row.app();
    String key = row.keyId();
    return app == null || key == null ? null : new KeyName(app, key);
  }
}
