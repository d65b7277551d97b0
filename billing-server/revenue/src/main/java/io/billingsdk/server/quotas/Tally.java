package io.billingsdk.server.quotas;

import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.quotas.LeaseRefs.LeaseRef;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of one transaction add to counters, and what they take from leases. For one
 * transaction.
 */
final class Tally {
  private final LeaseRefs refs;
  private final SortedMap<Counter, Added> counters = new TreeMap<>();
  private final SortedMap<Long, Taken> leases = new TreeMap<>();

  Tally(LeaseRefs refs) {
    this.refs = refs;
  }

  /** One quota in one period. Sorted: all transactions lock counters in this order. */
  record Counter(String quota, Instant periodStart) implements Comparable<Counter> {
    private static final Comparator<Counter> ORDER =
        Comparator.comparing(Counter::quota).thenComparing(Counter::periodStart);

    @Override
    public int compareTo(Counter other) {
      return ORDER.compare(this, other);
    }
  }

  /** What a counter grows by, and how much of it no lease covers. */
  static final class Added {
    private BigDecimal settled = BigDecimal.ZERO;
    private BigDecimal beyond = BigDecimal.ZERO;

    BigDecimal settled() {
      return settled;
    }

    BigDecimal beyond() {
      return beyond;
    }
  }

  /** What events take from a lease, if so much is left of it. */
  private static final class Taken {
    private final Counter counter;
    private BigDecimal amount = BigDecimal.ZERO;

    Taken(Counter counter) {
      this.counter = counter;
    }
  }

  /** Adds a row of the ledger to a quota. */
  void add(AppendedEvent row, QuotaRule rule, BigDecimal amount, List<Epoch> admission) {
    Counter counter = new Counter(rule.id(), rule.period(row.occurredAt()).start());
    Added added = counters.computeIfAbsent(counter, any -> new Added());
    added.settled = added.settled.add(amount);
    if (amount.signum() <= 0) {
      return;
    }
    // Beyond, until a lease is found to cover it.
    added.beyond = added.beyond.add(amount);
    LeaseRef lease = lease(row, counter, admission);
    if (lease != null) {
      Taken taken = leases.computeIfAbsent(lease.number(), any -> new Taken(counter));
      taken.amount = taken.amount.add(amount);
    }
  }

  /** The first that is of this quota and period: a second one would cover the same usage twice. */
  private @Nullable LeaseRef lease(AppendedEvent row, Counter counter, List<Epoch> admission) {
    for (Epoch each : admission) {
      LeaseRef ref = refs.of(each);
      if (ref != null && ref.covers(counter.quota(), counter.periodStart(), row.id().streamId())) {
        return ref;
      }
    }
    return null;
  }

  boolean isEmpty() {
    return counters.isEmpty();
  }

  /** The leases, in the order in which all transactions lock them. */
  List<Long> leases() {
    return List.copyOf(leases.keySet());
  }

  /** The wish of each of {@link #leases()}. */
  List<BigDecimal> wanted() {
    return leases.values().stream().map(each -> each.amount).toList();
  }

  /** A lease covers so much of what was wanted of it. */
  void cover(long lease, BigDecimal amount) {
    Taken taken = leases.get(lease);
    if (taken != null) {
      Added added = counters.get(taken.counter);
      if (added != null) {
        added.beyond = added.beyond.subtract(amount);
      }
    }
  }

  /** What the counters grow by, in the order in which all transactions lock them. */
  List<Map.Entry<Counter, Added>> counters() {
    return new ArrayList<>(counters.entrySet());
  }
}
