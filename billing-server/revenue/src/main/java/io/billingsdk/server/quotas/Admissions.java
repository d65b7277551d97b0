package io.billingsdk.server.quotas;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.keys.KeyVersions;
import io.billingsdk.server.keys.StoredKey;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import io.billingsdk.server.quotas.Leases.Reservation;
import io.billingsdk.server.quotas.QuotaSource.KeyName;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
          StoredKey key = key(handle, keyId);
          return decide(handle, key, rules(handle, key, meter), amount, quotas.clock().instant());
        });
  }

  /** Debits the amount from each quota of the meter, or from none. */
  Admission reserve(String keyId, String meter, BigDecimal amount) {
    return database.inTransaction(handle -> reserve(handle, keyId, meter, amount));
  }

  private Admission reserve(Handle handle, String keyId, String meter, BigDecimal amount) {
    StoredKey key = key(handle, keyId);
    List<QuotaRule> rules = rules(handle, key, meter);
    Instant now = quotas.clock().instant();
    // In one order: two of them would otherwise wait for each other.
    rules.forEach(each -> LeaseRows.lockQuota(handle, each.id()));
    endExpired(handle, rules, now);
    Admission decided = decide(handle, key, rules, amount, now);
    if (!decided.isAdmitted()) {
      return decided;
    }
    Leases leases = quotas.leases(database.within(handle));
    List<String> epochs = new ArrayList<>();
    Instant expires = null;
    for (QuotaRule each : rules) {
      Reservation made = leases.reserve(handle, each, amount, now);
      epochs.add(made.epoch());
      expires = made.expiresAt();
    }
    return new Admission(null, epochs, expires, decided.quota());
  }

  /** What a reservation that nobody settled has debited goes back before anybody is refused. */
  private static void endExpired(Handle handle, List<QuotaRule> rules, Instant now) {
    Map<String, QuotaPeriod> periods = new TreeMap<>();
    rules.forEach(each -> periods.put(each.id(), each.period(now)));
    if (!periods.isEmpty()) {
      LeaseRows.endExpired(handle, periods, now.minus(Leases.GRACE));
    }
  }

  private static Admission decide(
      Handle handle, StoredKey key, List<QuotaRule> rules, BigDecimal amount, Instant now) {
    Long ends = key.expiresAtMillis();
    if (key.status() != KeyStatus.OK) {
      return refused("BLOCKED", null);
    }
    if (ends != null && ends <= now.toEpochMilli()) {
      return refused("EXPIRED", null);
    }
    QuotaState tightest = null;
    for (QuotaRule each : rules) {
      QuotaState state = QuotaState.read(handle, each, now);
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

  private static StoredKey key(Handle handle, String keyId) {
    return KeyVersions.named(handle, List.of(keyId)).stream()
        .filter(each -> each.status() != KeyStatus.REMOVED)
        .findFirst()
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "keyId", "there is no key " + keyId + ", or it was removed"));
  }

  private List<QuotaRule> rules(Handle handle, StoredKey key, String meter) {
    KeyName name = new KeyName(key.appId(), key.keyId());
    return quotas.source().ofKeys(handle, List.of(name)).getOrDefault(name, List.of()).stream()
        .filter(each -> each.isOf(meter))
        .sorted(Comparator.comparing(QuotaRule::id))
        .toList();
  }
}
