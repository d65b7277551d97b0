package io.billingsdk.internal.quotas;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.protocol.LeaseRequest.Ask;
import io.billingsdk.protocol.LeaseRequest.Demand;
import io.billingsdk.protocol.LeaseRequest.Holding;
import io.billingsdk.protocol.StreamSecret;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what is to be said of the quotas and rates of a {@link LeaseBook} at a moment. One
 * thread.
 */
final class LeaseRequests {
  /** Of a quota that is used, the lease of the next period is asked for so early. */
  static final long AHEAD_MILLIS = 60_000;

  /** The time without use after which a lease goes back. */
  static final long IDLE_NANOS = 60_000_000_000L;

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final BigDecimal MOST = BigDecimal.valueOf(Bounds.COUNT_MAX);

  /** The time before the end of a share at which it is asked for again. */
  private static final long SHARE_MARGIN_NANOS = 5 * SECOND_NANOS;

  /** The pause before a key without a share asks again, and how often it is so short. */
  private static final long SOON_NANOS = SECOND_NANOS / 5;

  private static final int SOON_TIMES = 10;

  private static final long REFUSALS_PAUSE_NANOS = 10 * SECOND_NANOS;

  private final LeaseBook book;
  private final LeaseWire wire;
  private final Map<String, Counted> counted = new HashMap<>();
  private boolean refusalsSaid;
  private long refusalsAtNanos;

  /**
   * Calls of a key.
   *
   * @param sum at the last look
   * @param ofSecond during the second before it
   * @param said to the billing system last
   * @param shortOf how often in a row it was asked for a share while there was too little
   * @param atNanos when the second ended
   */
  private record Counted(
      long sum, long ofSecond, long said, long saidAtNanos, int shortOf, long atNanos) {

    static Counted begin(RateGate gate) {
      return new Counted(0, 0, 0, 0, 0, gate.createdNanos());
    }

    /** Not of a part of a second: it would look like few calls. */
    Counted asked(long newSum, long nowNanos) {
      return nowNanos - atNanos < SECOND_NANOS / 2
          ? this
          : new Counted(newSum, newSum - sum, said, saidAtNanos, shortOf, nowNanos);
    }

    Counted said(long calls, long sayingAtNanos, boolean isShort) {
      return new Counted(sum, ofSecond, calls, sayingAtNanos, isShort ? shortOf + 1 : 0, atNanos);
    }

    Counted unsaid() {
      return new Counted(sum, ofSecond, said, 0, shortOf, atNanos);
    }

    /**
     * Calls of the last second; of a key that was not used in it, as many as it now begins with.
     */
    long demand(RateGate gate, Moment now) {
      long fresh = gate.asked() - sum;
      if (ofSecond > 0 || fresh < 2) {
        return Math.max(ofSecond, fresh);
      }
      long sinceNanos = Math.min(SECOND_NANOS, now.nanos() - atNanos);
      return fresh * SECOND_NANOS / Math.max(SECOND_NANOS / 10, sinceNanos);
    }
  }

  LeaseRequests(LeaseBook book, LeaseWire wire) {
    this.book = book;
    this.wire = wire;
  }

  /** To be called each second: how many calls came meanwhile. */
  void count(Moment now) {
    for (RateGate each : book.rates()) {
      counted.put(each.keyId(), counted(each).asked(each.asked(), now.nanos()));
    }
    counted.keySet().removeIf(each -> book.rate(each) == null);
  }

  /**
   * The request to send now; null when there is none.
   *
   * @param confirms keys whose share is to be confirmed
   */
  @Nullable LeaseRequest next(long number, UUID stream, Moment now, Iterable<String> confirms) {
    List<Ask> asks = new ArrayList<>();
    for (QuotaAccount each : book.accounts()) {
      if (asks.size() < Bounds.LEASE_ENTRIES - 4) {
        each.lock().lock();
        try {
          ask(each, now, asks);
        } finally {
          each.lock().unlock();
        }
      }
    }
    List<Demand> demands = demands(now, confirms);
    boolean alone = asks.isEmpty() && demands.isEmpty();
    if (alone && (!book.refusals().hasNews() || !isDue(now))) {
      return null;
    }
    List<LeaseRequest.Refusals> refusals = book.refusals().news(Bounds.LEASE_ENTRIES);
    // Those that had no room are said at once.
    refusalsSaid = refusals.size() < Bounds.LEASE_ENTRIES;
    refusalsAtNanos = now.nanos();
    return new LeaseRequest(number, stream, wire.secret(stream), asks, demands, refusals);
  }

  /** The refusals that a stream has not said yet; null for none. */
  @Nullable LeaseRequest refusals(long number, UUID stream) {
    List<LeaseRequest.Refusals> news = book.refusals().news(Bounds.LEASE_ENTRIES);
    return news.isEmpty()
        ? null
        : new LeaseRequest(number, stream, wire.secret(stream), List.of(), List.of(), news);
  }

  /**
   * A request is not going to be answered: its leases are asked for again, and its demands are said
   * again as soon as they are due.
   */
  void givenUp(LeaseRequest request) {
    for (Ask each : request.asks()) {
      QuotaAccount account = book.account(each.quota());
      if (account != null && each.holding() == Holding.OPEN) {
        account.lock().lock();
        try {
          account.unanswered();
        } finally {
          account.lock().unlock();
        }
      }
    }
    for (Demand each : request.demands()) {
      counted.computeIfPresent(each.keyId(), (key, before) -> before.unsaid());
    }
  }

  /**
   * The last requests of a process: it spends no more. There are none when it has nothing to say.
   *
   * @param number of the first of them
   */
  List<LeaseRequest> last(long number, UUID stream) {
    List<Ask> asks = ends();
    List<LeaseRequest.Refusals> refusals = book.refusals().news(Integer.MAX_VALUE);
    StreamSecret secret = wire.secret(stream);
    List<LeaseRequest> requests = new ArrayList<>();
    for (int from = 0;
        from < Math.max(asks.size(), refusals.size());
        from += Bounds.LEASE_ENTRIES) {
      requests.add(
          new LeaseRequest(
              number + requests.size(),
              stream,
              secret,
              part(asks, from),
              List.of(),
              part(refusals, from)));
    }
    return requests;
  }

  private List<Ask> ends() {
    List<Ask> asks = new ArrayList<>();
    // Calls that are open now are lost: nothing is accepted of them any longer.
    Holding holding = wire.settledUpTo(wire.mark()) ? Holding.DONE : Holding.CLOSED;
    for (QuotaAccount each : book.accounts()) {
      each.lock().lock();
      try {
        each.endAll();
        for (Lease lease : each.ended()) {
          if (holding == Holding.DONE || !lease.saidClosed()) {
            asks.add(end(each, lease, holding));
          }
        }
      } finally {
        each.lock().unlock();
      }
    }
    return asks;
  }

  private static <T> List<T> part(List<T> all, int from) {
    int begin = Math.min(from, all.size());
    return all.subList(begin, Math.min(begin + Bounds.LEASE_ENTRIES, all.size()));
  }

  /** Refusals alone are no reason to ask often. */
  private boolean isDue(Moment now) {
    return !refusalsSaid || now.nanos() - refusalsAtNanos >= REFUSALS_PAUSE_NANOS;
  }

  private void ask(QuotaAccount account, Moment now, List<Ask> asks) {
    account.endOld(now, IDLE_NANOS);
    if (account.isWanting(now)) {
      Lease lease = account.present(now);
      asks.add(
          new Ask(
              account.id(),
              lease == null ? null : lease.epoch(),
              lease == null ? BigDecimal.ZERO : amount(lease.spent()),
              amount(account.want(now)),
              Holding.OPEN));
      account.asked(true);
    }
    long next = account.nextPeriod(now, AHEAD_MILLIS, IDLE_NANOS);
    if (next != 0) {
      asks.add(new Ask(account.id(), null, BigDecimal.ZERO, BigDecimal.ONE, Holding.OPEN, next));
    }
    for (Lease lease : account.ended()) {
      Holding holding = holding(lease);
      if (holding == Holding.DONE || !lease.saidClosed()) {
        asks.add(end(account, lease, holding));
      }
    }
  }

  /** Nothing is to come of a lease when its calls are over and their events settled. */
  private Holding holding(Lease lease) {
    if (lease.hasAdmissions()) {
      return Holding.CLOSED;
    }
    Long mark = lease.mark();
    if (mark == null) {
      mark = wire.mark();
      lease.mark(mark);
    }
    return wire.settledUpTo(mark) ? Holding.DONE : Holding.CLOSED;
  }

  private static Ask end(QuotaAccount account, Lease lease, Holding holding) {
    return new Ask(account.id(), lease.epoch(), amount(lease.spent()), BigDecimal.ZERO, holding);
  }

  private List<Demand> demands(Moment now, Iterable<String> confirms) {
    List<Demand> demands = new ArrayList<>();
    for (String keyId : confirms) {
      RateGate gate = book.rate(keyId);
      if (gate != null && demands.size() < Bounds.LEASE_ENTRIES) {
        demands.add(demand(gate, now));
      }
    }
    for (RateGate each : book.rates()) {
      if (demands.size() < Bounds.LEASE_ENTRIES
          && demands.stream().noneMatch(said -> said.keyId().equals(each.keyId()))
          && isDue(each, now)) {
        demands.add(demand(each, now));
      }
    }
    return demands;
  }

  /** A key in use asks when it has no share or soon none, and when its calls have changed. */
  private boolean isDue(RateGate gate, Moment now) {
    Counted last = counted.get(gate.keyId());
    boolean used = now.nanos() - gate.usedAtNanos() < 2 * SECOND_NANOS;
    if (last == null || last.saidAtNanos() == 0) {
      return used;
    }
    if (now.nanos() - last.saidAtNanos() < pauseNanos(gate, last, now)) {
      return false;
    }
    long change = Math.abs(last.ofSecond() - last.said());
    return (used && gate.isShort(now.nanos(), last.demand(gate, now)))
        || (used && gate.isWanting(now.nanos(), SHARE_MARGIN_NANOS))
        || change > Math.max(1, last.said() / 4);
  }

  private Counted counted(RateGate gate) {
    Counted known = counted.get(gate.keyId());
    return known == null ? Counted.begin(gate) : known;
  }

  /** Others give up a part within a round trip or two: a key with too little asks soon again. */
  private static long pauseNanos(RateGate gate, Counted last, Moment now) {
    return gate.isShort(now.nanos(), last.demand(gate, now)) && last.shortOf() <= SOON_TIMES
        ? SOON_NANOS
        : SECOND_NANOS;
  }

  private Demand demand(RateGate gate, Moment now) {
    Counted last = counted(gate);
    boolean first = last.saidAtNanos() == 0;
    long asked = last.demand(gate, now);
    long said = first ? Math.max(1, asked) : asked;
    // Zero would mean that nothing was said.
    long at = now.nanos() == 0 ? 1 : now.nanos();
    counted.put(gate.keyId(), last.said(said, at, gate.isShort(now.nanos(), asked)));
    return new Demand(gate.keyId(), gate.number(), Math.min(said, Bounds.COUNT_MAX));
  }

  /** Within what the wire carries. */
  private static BigDecimal amount(BigDecimal amount) {
    return amount.max(BigDecimal.ZERO).min(MOST);
  }
}
