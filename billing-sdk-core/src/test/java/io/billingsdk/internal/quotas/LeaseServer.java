package io.billingsdk.internal.quotas;

import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.protocol.LeaseGrant;
import io.billingsdk.protocol.LeaseGrant.Refusal;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.protocol.LeaseRequest.Ask;
import io.billingsdk.protocol.LeaseRequest.Holding;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A naive billing system: quotas of whole periods, leases that are debited when they are granted,
 * and shares of rates. It holds the requests against what the protocol says of them.
 */
final class LeaseServer {
  static final Duration LIFE = Duration.ofSeconds(60);

  private final ManualClock clock;
  private UUID ledger = new UUID(1, 1);
  private final Map<String, BigDecimal> limits = new HashMap<>();
  private final Map<String, Granted> leases = new LinkedHashMap<>();
  private final Map<String, BigDecimal> settled = new HashMap<>();
  private final Map<String, LeaseGrant.RateShare> shares = new HashMap<>();
  private final Map<UUID, List<LeaseRequest.Refusals>> refusals = new HashMap<>();
  private long periodMillis = Duration.ofDays(1).toMillis();
  private BigDecimal most = BigDecimal.valueOf(1L << 40);
  private long highest;
  private int numbers;
  private BigDecimal beyond = BigDecimal.ZERO;

  /** One lease, as the billing system keeps it. */
  static final class Granted {
    final String quota;
    final long period;
    final String epoch;
    BigDecimal granted = BigDecimal.ZERO;
    BigDecimal settled = BigDecimal.ZERO;
    BigDecimal returned = BigDecimal.ZERO;
    Holding holding = Holding.OPEN;

    Granted(String quota, long period, String epoch) {
      this.quota = quota;
      this.period = period;
      this.epoch = epoch;
    }

    BigDecimal debit() {
      return granted.subtract(settled).subtract(returned);
    }
  }

  LeaseServer(ManualClock clock) {
    this.clock = clock;
  }

  void quota(String id, long limit) {
    limits.put(id, BigDecimal.valueOf(limit));
  }

  void periods(Duration length) {
    periodMillis = length.toMillis();
  }

  /** No lease has more in hand than this. */
  void leaseAtMost(long amount) {
    most = BigDecimal.valueOf(amount);
  }

  void share(LeaseGrant.RateShare share) {
    shares.put(share.keyId(), share);
  }

  /** It is restored from a copy, in which there is nothing. */
  void restore() {
    ledger = new UUID(1, ledger.getLeastSignificantBits() + 1);
    leases.clear();
    settled.clear();
    refusals.clear();
  }

  UUID ledger() {
    return ledger;
  }

  List<LeaseRequest.Refusals> refusals() {
    return refusals.values().stream().flatMap(List::stream).toList();
  }

  /** Refusals of a reason, as it counts them: totals of each stream. */
  long refused(String keyId, String reason) {
    Map<UUID, Long> totals = new HashMap<>();
    refusals.forEach(
        (stream, said) ->
            said.stream()
                .filter(each -> each.keyId().equals(keyId) && each.reason().equals(reason))
                .forEach(each -> totals.merge(stream, each.count(), Math::max)));
    return totals.values().stream().mapToLong(Long::longValue).sum();
  }

  List<Granted> leases() {
    return List.copyOf(leases.values());
  }

  LeaseGrant answer(LeaseRequest request) {
    boolean repeated = request.number() <= highest;
    highest = Math.max(highest, request.number());
    refusals
        .computeIfAbsent(request.stream(), each -> new ArrayList<>())
        .addAll(request.refusals());
    List<LeaseGrant.Lease> answers = new ArrayList<>();
    for (Ask ask : request.asks()) {
      answers.add(answer(ask, repeated));
    }
    List<LeaseGrant.RateShare> rates =
        request.demands().stream()
            .filter(each -> shares.containsKey(each.keyId()))
            .map(each -> shares.get(each.keyId()))
            .toList();
    return new LeaseGrant(request.number(), request.stream(), ledger, answers, rates);
  }

  private LeaseGrant.Lease answer(Ask ask, boolean repeated) {
    Long at = ask.atMillis();
    long period = period(at == null ? clock.wallMillis() : at);
    if (!limits.containsKey(ask.quota())) {
      return new LeaseGrant.Lease(
          ask.quota(), null, BigDecimal.ZERO, 0, 0, 0, null, BigDecimal.ZERO, Refusal.UNKNOWN, 0);
    }
    if (ask.holding() != Holding.OPEN) {
      end(ask);
      return terms(ask.quota(), period, null, /* isExhausted= */ false);
    }
    Granted lease = open(ask.quota(), period);
    BigDecimal spent =
        lease != null && lease.epoch.equals(ask.epoch()) ? ask.spent() : BigDecimal.ZERO;
    BigDecimal inHand = lease == null ? BigDecimal.ZERO : lease.granted.subtract(spent);
    BigDecimal more = repeated ? BigDecimal.ZERO : more(ask, period, inHand);
    if (lease == null && more.signum() == 0) {
      return terms(ask.quota(), period, null, ask.want().signum() > 0);
    }
    if (lease == null) {
      lease = new Granted(ask.quota(), period, ledger.getLeastSignificantBits() + "-" + ++numbers);
      leases.put(lease.epoch, lease);
    }
    lease.granted = lease.granted.add(more);
    boolean isShort = lease.granted.subtract(spent).compareTo(ask.want()) < 0;
    return terms(ask.quota(), period, lease, isShort && remaining(ask.quota(), period) <= 0);
  }

  private BigDecimal more(Ask ask, long period, BigDecimal inHand) {
    if (ask.want().signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal remaining = BigDecimal.valueOf(remaining(ask.quota(), period));
    BigDecimal usual = BigDecimal.valueOf(remaining.longValue() / 2).min(most).max(ask.want());
    return usual.subtract(inHand).min(remaining).max(BigDecimal.ZERO);
  }

  private void end(Ask ask) {
    Granted lease = leases.get(ask.epoch());
    if (lease == null || lease.holding == Holding.DONE) {
      return;
    }
    if (lease.holding == Holding.OPEN) {
      lease.returned =
          lease.returned.add(
              lease.granted.subtract(ask.spent()).min(lease.debit()).max(BigDecimal.ZERO));
    }
    if (ask.holding() == Holding.DONE) {
      lease.returned = lease.returned.add(lease.debit());
    }
    lease.holding = ask.holding();
  }

  private LeaseGrant.Lease terms(
      String quota, long period, @Nullable Granted lease, boolean isExhausted) {
    return new LeaseGrant.Lease(
        quota,
        lease == null ? null : lease.epoch,
        lease == null ? BigDecimal.ZERO : lease.granted,
        lease == null ? 0 : LIFE.toMillis() + Math.max(0, period - clock.wallMillis()),
        period,
        period + periodMillis,
        limits.get(quota),
        used(quota, period),
        isExhausted ? Refusal.EXHAUSTED : null,
        isExhausted ? 1_000 : 0);
  }

  /** An event is stored: what was leased becomes used. */
  void store(String quota, BigDecimal amount, List<String> epochs, long atMillis) {
    BigDecimal left = amount;
    for (String epoch : epochs) {
      Granted lease = leases.get(epoch);
      if (lease != null && lease.quota.equals(quota) && lease.period == period(atMillis)) {
        BigDecimal part = left.min(lease.debit()).max(BigDecimal.ZERO);
        lease.settled = lease.settled.add(part);
        left = left.subtract(part);
      }
    }
    beyond = beyond.add(left);
    settled.merge(quota + "@" + period(atMillis), amount, BigDecimal::add);
  }

  /** What was stored without a lease that had so much. */
  BigDecimal beyond() {
    return beyond;
  }

  BigDecimal settled(String quota, long atMillis) {
    return settled.getOrDefault(quota + "@" + period(atMillis), BigDecimal.ZERO);
  }

  BigDecimal leased(String quota, long period) {
    return leases.values().stream()
        .filter(each -> each.quota.equals(quota) && each.period == period)
        .map(Granted::debit)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  BigDecimal used(String quota, long period) {
    return settled(quota, period).add(leased(quota, period));
  }

  long period(long atMillis) {
    return atMillis - Math.floorMod(atMillis, periodMillis);
  }

  private @Nullable Granted open(String quota, long period) {
    return leases.values().stream()
        .filter(
            each ->
                each.quota.equals(quota) && each.period == period && each.holding == Holding.OPEN)
        .findFirst()
        .orElse(null);
  }

  private long remaining(String quota, long period) {
    return limits.getOrDefault(quota, BigDecimal.ZERO).subtract(used(quota, period)).longValue();
  }
}
