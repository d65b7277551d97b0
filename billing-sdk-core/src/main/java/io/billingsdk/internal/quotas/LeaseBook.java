package io.billingsdk.internal.quotas;

import io.billingsdk.WhenQuotaUnknown;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.protocol.KeyRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The quotas and rates that calls have met in this process, by their names. Two keys with one quota
 * meet the same account. Thread-safe.
 */
final class LeaseBook {
  /** The time without use after which an account is forgotten, once no lease is left of it. */
  private static final long FORGET_NANOS = 600_000_000_000L;

  private final WhenQuotaUnknown whenUnknown;
  private final Clock clock;
  private final Map<String, QuotaAccount> accounts = new ConcurrentHashMap<>();
  private final Map<String, RateGate> rates = new ConcurrentHashMap<>();
  private final Map<String, KeyPlan> plans = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final RefusalCounts refusals = new RefusalCounts();

  LeaseBook(WhenQuotaUnknown whenUnknown, Clock clock) {
    this.whenUnknown = whenUnknown;
    this.clock = clock;
  }

  /** What bounds a key; null when nothing does. */
  @Nullable KeyPlan plan(KeyRecord record) {
    if (record.quotas().isEmpty() && record.rate() == null) {
      return null;
    }
    KeyPlan known = plans.get(record.keyId());
    if (known != null && known.isOf(record)) {
      return known;
    }
    KeyPlan made = new KeyPlan(record, accountsOf(record), rateOf(record));
    plans.put(record.keyId(), made);
    return made;
  }

  /** What bounds a key in place of a plan with a part that was forgotten. */
  @Nullable KeyPlan planAfter(KeyPlan forgotten, KeyRecord record) {
    RateGate rate = forgotten.rate();
    if (rate != null && rate.isForgotten()) {
      rates.remove(rate.keyId(), rate);
    }
    plans.remove(record.keyId(), forgotten);
    return plan(record);
  }

  private QuotaAccount[] accountsOf(KeyRecord record) {
    List<QuotaAccount> all = new ArrayList<>();
    for (KeyRecord.Quota quota : record.quotas()) {
      QuotaTerms terms = QuotaTerms.of(quota);
      if (terms != null) {
        QuotaAccount account =
            accounts.computeIfAbsent(
                terms.id(),
                id ->
                    new QuotaAccount(
                        terms, numbers.incrementAndGet(), whenUnknown, clock.monotonicNanos()));
        if (!all.contains(account)) {
          all.add(account);
        }
        account.lock().lock();
        try {
          account.become(terms);
        } finally {
          account.lock().unlock();
        }
      }
    }
    all.sort(Comparator.comparingLong(QuotaAccount::order));
    return all.toArray(new QuotaAccount[0]);
  }

  private @Nullable RateGate rateOf(KeyRecord record) {
    KeyRecord.Rate rate = record.rate();
    if (rate == null) {
      rates.remove(record.keyId());
      return null;
    }
    RateGate gate =
        rates.computeIfAbsent(record.keyId(), id -> new RateGate(id, rate, clock.monotonicNanos()));
    gate.become(rate);
    return gate;
  }

  Collection<QuotaAccount> accounts() {
    return accounts.values();
  }

  @Nullable QuotaAccount account(String id) {
    return accounts.get(id);
  }

  Collection<RateGate> rates() {
    return rates.values();
  }

  @Nullable RateGate rate(String keyId) {
    return rates.get(keyId);
  }

  RefusalCounts refusals() {
    return refusals;
  }

  boolean isEmpty() {
    return accounts.isEmpty() && rates.isEmpty() && !refusals.hasNews();
  }

  /** Another ledger, or another stream: every earlier lease and share is void. */
  void forgetLeases() {
    for (QuotaAccount each : accounts.values()) {
      each.lock().lock();
      try {
        each.forgetAll();
      } finally {
        each.lock().unlock();
      }
    }
    long now = clock.monotonicNanos();
    rates.values().forEach(each -> each.forget(now));
  }

  /** Lets go of what nobody uses. */
  void forgetIdle(Moment now) {
    for (QuotaAccount each : List.copyOf(accounts.values())) {
      each.lock().lock();
      try {
        if (each.isIdle(now, FORGET_NANOS)) {
          each.forget();
          accounts.remove(each.id(), each);
        }
      } finally {
        each.lock().unlock();
      }
    }
    rates.values().removeIf(each -> each.forgetUnused(now.nanos(), FORGET_NANOS));
    // One that is made meanwhile of a forgotten part goes when a call meets it.
    plans.values().removeIf(KeyPlan::hasForgotten);
  }

  /** Leases that calls are admitted from now. */
  int openLeases() {
    int count = 0;
    for (QuotaAccount each : accounts.values()) {
      each.lock().lock();
      try {
        count += each.open().size();
      } finally {
        each.lock().unlock();
      }
    }
    return count;
  }
}
