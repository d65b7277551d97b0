package io.billingsdk.server.quotas;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import io.billingsdk.server.quotas.LeaseRows.Sums;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Admits calls of producers without an SDK: each reservation is a lease of its own, which ends by
 * itself when nobody settles it. All quotas of the meter are debited, or none. Thread-safe.
 */
final class Admissions {
  private final Database database;
  private final Quotas quotas;

  Admissions(Database database, Quotas quotas) {
    this.database = database;
    this.quotas = quotas;
  }

  /**
   * Whether a call may be made.
   *
   * @param reason why not: {@code BLOCKED}, {@code EXPIRED} or {@code QUOTA}; null when it may
   * @param admission what the usage event names, and what is settled; empty for a check
   * @param quota the one that is used up, or that has the least left; null where there is none
   */
  record Admission(
      @Nullable String reason,
      List<String> admission,
      @Nullable Instant expiresAt,
      @Nullable QuotaState quota) {
    boolean isAdmitted() {
      return reason == null;
    }
  }

  /** Looks, and debits nothing. */
  Admission check(String keyId, String meter, BigDecimal amount) {
    return database.read(
        handle -> {
          KeyTerms key = key(handle, keyId);
          Instant now = quotas.clock().instant();
          return decide(key, amount, now, QuotaState.read(handle, rules(key, meter), now));
        });
  }

  /** Debits the amount from each quota of the meter, or from none. */
  Admission reserve(String keyId, String meter, BigDecimal amount) {
    return database.inTransaction(handle -> reserve(handle, keyId, meter, amount));
  }

  /** Few statements: the producer waits for each of them before its call. */
  private Admission reserve(Handle handle, String keyId, String meter, BigDecimal amount) {
    KeyTerms key = key(handle, keyId);
    List<QuotaRule> rules = rules(key, meter);
    Instant now = quotas.clock().instant();
    SortedMap<String, QuotaPeriod> periods = QuotaState.periods(rules, now);
    if (periods.isEmpty()) {
      return decide(key, amount, now, List.of());
    }
    LeaseRows.lockQuotas(handle, periods.keySet());
    Admission decided = decide(key, amount, now, states(handle, rules, periods, now));
    if (!decided.isAdmitted()) {
      return decided;
    }
    UUID ledger = quotas.ledger(handle);
    Instant expires = now.plus(Leases.RESERVATION);
    Map<String, Long> made = LeaseRows.reserve(handle, ledger, periods, amount, expires);
    List<String> epochs =
        periods.keySet().stream()
            .flatMap(quota -> Stream.ofNullable(made.get(quota)))
            .map(number -> Epoch.of(ledger, number).toString())
            .toList();
    return new Admission(null, epochs, expires, decided.quota());
  }

  /**
   * As the quotas stand when nothing of them is held by a reservation that nobody settled in time:
   * its amount goes back before anybody is refused. The caller has locked the quotas, so none
   * expires between the two looks.
   */
  private static List<QuotaState> states(
      Handle handle, List<QuotaRule> rules, Map<String, QuotaPeriod> periods, Instant now) {
    Map<String, Sums> sums = LeaseRows.sums(handle, periods, now);
    if (sums.values().stream().anyMatch(each -> each.expired() > 0)) {
      LeaseRows.endExpired(handle, periods, now.minus(Leases.GRACE));
      sums = LeaseRows.sums(handle, periods, now);
    }
    return QuotaState.of(rules, periods, sums);
  }

  private static Admission decide(
      KeyTerms key, BigDecimal amount, Instant now, List<QuotaState> states) {
    Long ends = key.expiresAtMillis();
    if (key.status() != KeyStatus.OK) {
      return refused("BLOCKED", null);
    }
    if (ends != null && ends <= now.toEpochMilli()) {
      return refused("EXPIRED", null);
    }
    QuotaState tightest = null;
    for (QuotaState state : states) {
      BigDecimal remaining = state.remaining();
      if (remaining != null && remaining.compareTo(amount) < 0) {
        return refused("QUOTA", state);
      }
      if (tightest == null || isLess(remaining, tightest.remaining())) {
        tightest = state;
      }
    }
    return new Admission(null, List.of(), null, tightest);
  }

  private static boolean isLess(@Nullable BigDecimal one, @Nullable BigDecimal other) {
    return one != null && (other == null || one.compareTo(other) < 0);
  }

  private static Admission refused(String reason, @Nullable QuotaState quota) {
    return new Admission(reason, List.of(), null, quota);
  }

  /**
   * Gives back what was not used of reservations. The event, with the amount that was used, comes
   * by itself; it may have come already. An id of no open reservation is left out.
   *
   * @param used of each of them
   */
  void settle(List<String> admission, BigDecimal used) {
    database.useTransaction(
        handle ->
            admission.stream()
                .map(Epoch::parse)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparingLong(Epoch::number))
                .forEach(each -> Leases.endReservation(handle, each, used)));
  }

  private KeyTerms key(Handle handle, String keyId) {
    KeyTerms key = quotas.rules().terms(handle, keyId);
    if (key.status() == KeyStatus.REMOVED) {
      throw RequestRefusedException.notFound(
          "keyId", "there is no key " + keyId + ", or it was removed");
    }
    return key;
  }

  private static List<QuotaRule> rules(KeyTerms key, String meter) {
    return key.rules().stream()
        .filter(each -> each.isOf(meter))
        .sorted(Comparator.comparing(QuotaRule::id))
        .toList();
  }
}
