package io.billingsdk.server.quotas;

import io.billingsdk.server.control.InstanceLeases;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.server.ledger.LedgerFeature;
import java.time.Clock;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The quotas of a server: counts usage, leases what may be used, and says how quotas stand.
 * Thread-safe.
 */
final class Quotas {
  private final Database database;
  private final QuotaSource source;
  private final Clock clock;
  private final RuleCache rules;
  private final QuotaCounters counters;
  private final InstanceQuotas instances;
  private volatile @Nullable UUID ledger;

  /**
   * Of the quotas that a source knows, measured by meters.
   *
   * @param clock of the server; periods are by it
   */
  public Quotas(Database database, QuotaSource source, QuotaMeters meters, Clock clock) {
    this.database = database;
    this.source = source;
    this.clock = clock;
    this.rules = new RuleCache(source);
    this.counters = new QuotaCounters(rules, meters);
    this.instances =
        new InstanceQuotas(
            new Leases(database, source, this::ledger, clock),
            new Releases(database, clock),
            new RateShares(database, source, clock),
            new Refusals(database, clock));
  }

  /** Counts each row of the ledger; for every writer of the ledger. */
  public AppendHook counters() {
    return counters;
  }

  /** Answers instances. */
  public InstanceLeases instances() {
    return instances;
  }

  /** Says which thresholds are reached. */
  QuotaNotices notices() {
    return new QuotaNotices(database, source, clock);
  }

  /** Deletes what is over. */
  QuotaRetention retention() {
    return new QuotaRetention(database, clock);
  }

  /** Stops customers whose spend cap is used up. */
  SpendStops spendStops() {
    return new SpendStops(database, source, clock);
  }

  /** Judges keys with many refused calls. */
  Violations violations() {
    return new Violations(database, source, clock);
  }

  QuotaSource source() {
    return source;
  }

  Clock clock() {
    return clock;
  }

  /** The terms of keys. */
  RuleCache rules() {
    return rules;
  }

  /**
   * The id of the ledger, read once: it is another one after a restore alone, before a server
   * starts. It is read on the connection of the caller: one more, while all of a pool wait for one
   * more, would never come.
   */
  UUID ledger(Handle handle) {
    UUID known = ledger;
    if (known == null) {
      known = LedgerFeature.id(database.within(handle));
      ledger = known;
    }
    return known;
  }
}
