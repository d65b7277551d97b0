package io.billingsdk.internal.quotas;

import io.billingsdk.Admission.Refused;
import io.billingsdk.DenialReason;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision.Denied;
import io.billingsdk.WhenQuotaUnknown;
import io.billingsdk.protocol.LeaseGrant;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One quota in this process: the leases that calls are admitted from, and what the billing system
 * said last. Calls take from it and requests are made of it, on different threads: everything but
 * {@link #id}, {@link #order} and {@link #lock} is guarded by its lock, which nobody holds across
 * I/O. Several are locked in the order of {@link #order}.
 */
final class QuotaAccount {
  private static final Duration SOON = Duration.ofMillis(100);
  private static final Duration LATER = Duration.ofSeconds(1);

  private static final long AHEAD_PAUSE_NANOS = 5_000_000_000L;

  private final String id;
  private final long order;
  private final WhenQuotaUnknown whenUnknown;
  private final ReentrantLock lock = new ReentrantLock();

  private QuotaTerms terms;

  /** At most one a period: of the present one, and of the next before that begins. */
  private final List<Lease> open = new ArrayList<>(2);

  /** Spent from no longer; events that name them may be still to come. */
  private final List<Lease> ended = new ArrayList<>(0);

  private @Nullable QuotaAnswer answer;
  private BigDecimal need = BigDecimal.ZERO;
  private BigDecimal largest = BigDecimal.ZERO;
  private BigDecimal unleased = BigDecimal.ZERO;
  private long usedAtNanos;

  /** Whether the next period was asked for, and when. */
  private boolean aheadAsked;

  private long aheadAtNanos;

  /** Whether a request about it has no answer yet. */
  private boolean asked;

  /** Whether a request for a lease was given up: the lease may be set aside for this process. */
  private boolean unanswered;

  /** Admissions that may still come back to it. */
  private int calls;

  private boolean forgotten;

  QuotaAccount(QuotaTerms terms, long order, WhenQuotaUnknown whenUnknown, long nowNanos) {
    this.id = terms.id();
    this.terms = terms;
    this.order = order;
    this.whenUnknown = whenUnknown;
    this.usedAtNanos = nowNanos;
  }

  String id() {
    return id;
  }

  long order() {
    return order;
  }

  ReentrantLock lock() {
    return lock;
  }

  String meter() {
    return terms.meter();
  }

  /** The key table says something else of it. */
  void become(QuotaTerms newTerms) {
    terms = newTerms;
  }

  /**
   * From what an amount would be taken; nothing is taken by it.
   *
   * @param linked whether the billing system is there
   */
  Offer offer(BigDecimal amount, Moment now, boolean linked) {
    usedAtNanos = now.nanos();
    largest = largest.max(amount);
    Lease lease = usable(now);
    if (lease != null && hasRoom(lease, amount)) {
      return lease;
    }
    return without(amount, now, linked);
  }

  /** The same for more of a lease that has admitted the call already. */
  Offer more(Lease lease, BigDecimal amount, Moment now, boolean linked) {
    return open.contains(lease) && hasRoom(lease, amount) ? lease : without(amount, now, linked);
  }

  /** The same for more of a call that was let in without a lease. */
  Offer without(BigDecimal amount, Moment now, boolean linked) {
    need = need.max(amount.signum() == 0 ? BigDecimal.ONE : amount);
    QuotaAnswer known = answer;
    if (known != null && known.isExhausted(now.wallMillis())) {
      return new Offer.No(exceeded(known, now));
    }
    if (terms.overage() || isAllowed(amount)) {
      return Offer.Unleased.INSTANCE;
    }
    Duration retry = linked ? SOON : LATER;
    return new Offer.No(
        Refused.because(Denied.because(DenialReason.UNAVAILABLE).withRetryAfter(retry))
            .withQuota(shown()));
  }

  /** The lease that what was used at a moment belongs to, whether anything of it is left or not. */
  @Nullable Lease late(Moment now, long atMillis) {
    Lease lease = usable(now);
    return lease != null && lease.covers(atMillis) ? lease : null;
  }

  /** Takes from where it was offered. */
  void take(Offer from, BigDecimal amount) {
    if (from instanceof Lease lease) {
      lease.take(amount);
    } else {
      // An earlier call may give back after the lease: that must not widen the next bound.
      unleased = unleased.add(amount).max(BigDecimal.ZERO);
    }
  }

  /** How it stands; null before the first answer. */
  Entitlements.@Nullable Quota shown() {
    QuotaAnswer known = answer;
    return known == null ? null : known.shown(terms, inHand(known));
  }

  /** Whether a request has something to say of it, apart from leases that have ended. */
  boolean isWanting(Moment now) {
    QuotaAnswer known = answer;
    boolean mayAsk = known == null || !known.isToWait(now);
    Lease lease = usable(now);
    boolean low = need.signum() > 0 || unanswered || (lease != null && lease.isLow());
    return (low && mayAsk) || (lease != null && lease.isHalfOver(now.nanos()));
  }

  /** An admission may come back to it. */
  void begin() {
    calls++;
  }

  /** An admission has ended. */
  void end() {
    calls--;
  }

  /** Nobody is to use it from now on: nobody would ask for its leases. */
  void forget() {
    forgotten = true;
  }

  boolean isForgotten() {
    return forgotten;
  }

  boolean isAsked() {
    return asked;
  }

  /** A request about it was sent, or is answered or given up. */
  void asked(boolean isAsked) {
    asked = isAsked;
  }

  /**
   * A request for a lease is not going to be answered. It is asked for again even if no call wants
   * it: a lease that nobody knows of would be set aside for ever.
   */
  void unanswered() {
    unanswered = true;
  }

  /** What the next request wants to have in hand; asked for once. */
  BigDecimal want(Moment now) {
    QuotaAnswer known = answer;
    BigDecimal want = need.max(largest);
    need = BigDecimal.ZERO;
    largest = BigDecimal.ZERO;
    Lease lease = usable(now);
    boolean enough = lease != null && !lease.isLow() && hasRoom(lease, want);
    if (enough || (known != null && known.isToWait(now))) {
      return BigDecimal.ZERO;
    }
    return want.signum() == 0 ? BigDecimal.ONE : want;
  }

  /** The lease that calls of now come from, if there is one, usable or run out. */
  @Nullable Lease present(Moment now) {
    Lease found = null;
    for (Lease each : open) {
      if (each.covers(now.wallMillis())) {
        found = each;
      }
    }
    return found;
  }

  /**
   * The end of the present period, when it is near, the quota is in use, and the next period has no
   * lease yet; 0 otherwise. Says so every few seconds at most.
   */
  long nextPeriod(Moment now, long aheadMillis, long idleNanos) {
    Lease lease = present(now);
    QuotaAnswer known = answer;
    long end = lease != null ? lease.endMillis() : known == null ? 0 : known.endMillis();
    boolean near = end > now.wallMillis() && end - now.wallMillis() <= aheadMillis;
    if (!near
        || now.nanos() - usedAtNanos > idleNanos
        || open.stream().anyMatch(each -> each.startMillis() >= end)
        || (aheadAsked && now.nanos() - aheadAtNanos < AHEAD_PAUSE_NANOS)) {
      return 0;
    }
    aheadAsked = true;
    aheadAtNanos = now.nanos();
    return end;
  }

  /** Takes in what the billing system says. */
  void answered(LeaseGrant.Lease said, long sentNanos, Moment now) {
    unanswered = false;
    String epoch = said.epoch();
    if (said.refusal() == LeaseGrant.Refusal.UNKNOWN) {
      endAll();
    } else if (epoch == null) {
      endPeriod(said.periodStartMillis(), null);
    } else if (isNew(epoch)) {
      endPeriod(said.periodStartMillis(), epoch);
      Lease lease = openLease(epoch, said, now);
      lease.grant(said.granted());
      lease.endAt(said.periodEndMillis());
      lease.extend(sentNanos, said.expiresInMillis());
      unleased = BigDecimal.ZERO;
    }
    if (said.periodStartMillis() <= now.wallMillis() || answer == null) {
      answer = QuotaAnswer.of(said, now);
    }
  }

  /** An answer to an earlier request: no lease begins, ends or lasts longer by it. */
  void answeredLate(LeaseGrant.Lease said) {
    for (Lease each : open) {
      if (each.epoch().equals(said.epoch())) {
        each.grant(said.granted());
      }
    }
  }

  /** Leases of periods that are over, and of a quota that nobody has used for long, end. */
  void endOld(Moment now, long idleNanos) {
    boolean idle = now.nanos() - usedAtNanos > idleNanos;
    for (Lease each : List.copyOf(open)) {
      boolean over = now.wallMillis() >= each.endMillis() && usable(now) != each;
      if ((over || idle) && open.remove(each)) {
        ended.add(each);
      }
    }
  }

  /** All leases end; nothing is admitted from them. */
  void endAll() {
    ended.addAll(open);
    open.clear();
  }

  /** Leases of another ledger are of no use, and nobody wants to hear of them. */
  void forgetAll() {
    open.clear();
    ended.clear();
    answer = null;
    unanswered = false;
  }

  List<Lease> ended() {
    return ended;
  }

  List<Lease> open() {
    return open;
  }

  boolean isIdle(Moment now, long idleNanos) {
    return open.isEmpty()
        && ended.isEmpty()
        && calls == 0
        && !unanswered
        && now.nanos() - usedAtNanos > idleNanos
        && !isBounding();
  }

  /**
   * Whether calls went on without a lease up to a bound: forgotten, it would allow as much again.
   */
  private boolean isBounding() {
    return whenUnknown instanceof WhenQuotaUnknown.AllowUpTo
        && !terms.overage()
        && unleased.signum() > 0;
  }

  private boolean isNew(String epoch) {
    // An answer that was overtaken must not open a lease again that has ended.
    return ended.stream().noneMatch(each -> each.epoch().equals(epoch));
  }

  private Lease openLease(String epoch, LeaseGrant.Lease said, Moment now) {
    for (Lease each : open) {
      if (each.epoch().equals(epoch)) {
        return each;
      }
    }
    Lease lease = new Lease(epoch, said.periodStartMillis(), said.periodEndMillis(), now.nanos());
    open.add(lease);
    return lease;
  }

  /** Another epoch, or none, ends the lease of its period. */
  private void endPeriod(long startMillis, @Nullable String epoch) {
    for (Lease each : List.copyOf(open)) {
      if (each.startMillis() == startMillis && !each.epoch().equals(epoch) && open.remove(each)) {
        ended.add(each);
      }
    }
  }

  private @Nullable Lease usable(Moment now) {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i).isUsable(now.wallMillis(), now.nanos())) {
        return open.get(i);
      }
    }
    return null;
  }

  /** An amount that is not known yet wants something to be left. */
  private static boolean hasRoom(Lease lease, BigDecimal amount) {
    int left = lease.inHand().compareTo(amount);
    return amount.signum() == 0 ? left > 0 : left >= 0;
  }

  private boolean isAllowed(BigDecimal amount) {
    if (whenUnknown instanceof WhenQuotaUnknown.AllowUpTo bounded) {
      return unleased.add(amount).compareTo(bounded.amount()) <= 0;
    }
    return whenUnknown instanceof WhenQuotaUnknown.Allow;
  }

  private Refused exceeded(QuotaAnswer known, Moment now) {
    Duration untilReset = Duration.ofMillis(known.endMillis() - now.wallMillis());
    return Refused.because(Denied.because(DenialReason.QUOTA_EXCEEDED).withRetryAfter(untilReset))
        .withQuota(known.shown(terms, inHand(known)));
  }

  private BigDecimal inHand(QuotaAnswer known) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Lease each : open) {
      if (each.startMillis() == known.startMillis()) {
        sum = sum.add(each.inHand());
      }
    }
    return sum;
  }
}
