package io.billingsdk.server.quotas;

import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.quotas.LeaseRefs.LeaseRef;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of one transaction add to counters, and what they take from leases. For one
 * transaction and one thread.
 */
final class Tally {
  private final LeaseRefs refs;
  private final SortedMap<Counter, Added> counters = new TreeMap<>();
  private final Map<Long, Taken> leases = new HashMap<>();

  /** Where the row before of a quota was counted: mostly the next one is counted there too. */
  private final IdentityHashMap<QuotaRule, Place> places = new IdentityHashMap<>();

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

  /** What a counter grows by. */
  static final class Added {
    private BigDecimal settled = BigDecimal.ZERO;
    private BigDecimal grown = BigDecimal.ZERO;
    private BigDecimal lowered = BigDecimal.ZERO;

    /** The difference of its sum. */
    BigDecimal settled() {
      return settled;
    }

    /** The sum of the rows that add to it. It is beyond the leases where none covers it. */
    BigDecimal grown() {
      return grown;
    }

    /** How much corrections take back. */
    BigDecimal lowered() {
      return lowered;
    }
  }

  /** What events want of a lease. */
  record Wanted(long lease, BigDecimal amount, Counter counter) {}

  private record Place(QuotaPeriod period, Counter counter, Added added) {}

  private static final class Taken {
    private final Counter counter;
    private BigDecimal amount = BigDecimal.ZERO;

    Taken(Counter counter) {
      this.counter = counter;
    }
  }

  /** Adds a row of the ledger to a quota. */
  void add(AppendedEvent row, QuotaRule rule, BigDecimal amount) {
    Place place = place(rule, row.occurredAt());
    Added added = place.added();
    added.settled = added.settled.add(amount);
    if (amount.signum() <= 0) {
      added.lowered = added.lowered.subtract(amount);
      return;
    }
    added.grown = added.grown.add(amount);
    LeaseRef lease = lease(row, place.counter());
    if (lease != null) {
      Taken taken = leases.computeIfAbsent(lease.number(), any -> new Taken(place.counter()));
      taken.amount = taken.amount.add(amount);
    }
  }

  private Place place(QuotaRule rule, Instant moment) {
    Place before = places.get(rule);
    if (before != null && before.period().contains(moment)) {
      return before;
    }
    QuotaPeriod period = rule.period(moment);
    Counter counter = new Counter(rule.id(), period.start());
    Place place = new Place(period, counter, counters.computeIfAbsent(counter, any -> new Added()));
    places.put(rule, place);
    return place;
  }

  /** The first that is of this quota and period: a second one would cover the same usage twice. */
  private @Nullable LeaseRef lease(AppendedEvent row, Counter counter) {
    for (String each : row.admission()) {
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

  /** Whether a correction takes something back. */
  boolean lowers() {
    return counters.values().stream().anyMatch(each -> each.lowered.signum() > 0);
  }

  /** The leases, in the order in which all transactions lock them. */
  List<Wanted> leases() {
    return leases.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> new Wanted(each.getKey(), each.getValue().amount, each.getValue().counter))
        .toList();
  }

  /** What the counters grow by, in the order in which all transactions lock them. */
  List<Map.Entry<Counter, Added>> counters() {
    return List.copyOf(counters.entrySet());
  }
}
