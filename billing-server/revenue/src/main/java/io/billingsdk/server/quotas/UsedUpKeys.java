package io.billingsdk.server.quotas;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyBlocks;
import io.billingsdk.server.keys.KeyBlocks.KeyBlock;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * Blocks the keys of used-up quotas in the feed of protocol v1, whose services know no other way,
 * until the quota begins again. An extension, a higher limit or a correction lifts the block before
 * that. For one look, and one thread.
 */
final class UsedUpKeys {
  static final Actor SERVER = new Actor("server");

  private final Database database;
  private final QuotaSource source;
  private final Instant now;

  /** Until when each blocked key is blocked. */
  private final Map<String, Instant> blocked = new TreeMap<>();

  /** The blocked keys of each quota. */
  private final Map<String, Set<String>> blockedOf = new HashMap<>();

  UsedUpKeys(Database database, QuotaSource source, Instant now) {
    this.database = database;
    this.source = source;
    this.now = now;
  }

  /** Reads which keys are blocked. */
  void begin() {
    for (KeyBlock each : database.read(handle -> KeyBlocks.standing(handle, BlockCause.QUOTA))) {
      Instant until = each.until();
      blocked.put(each.keyId(), until == null ? Instant.MAX : until);
    }
    if (!blocked.isEmpty()) {
      database
          .read(handle -> source.ofKeys(handle, blocked.keySet()))
          .forEach((key, terms) -> terms.rules().forEach(rule -> noteBlocked(rule, key)));
    }
  }

  private void noteBlocked(QuotaRule rule, String key) {
    blockedOf.computeIfAbsent(rule.id(), any -> new TreeSet<>()).add(key);
  }

  /** The keys that are blocked. */
  List<String> blocked() {
    return List.copyOf(blocked.keySet());
  }

  /** Whether the block of a key is over. */
  boolean isOver(String keyId) {
    Instant until = blocked.get(keyId);
    return until != null && !until.isAfter(now);
  }

  /** Judges the keys of quotas that stop all calls, where their state may change something. */
  void judge(List<QuotaState> states) {
    List<String> usedUp =
        states.stream().filter(QuotaState::isUsedUp).map(each -> each.rule().id()).toList();
    Map<String, List<String>> keys =
        usedUp.isEmpty() ? Map.of() : database.read(handle -> source.keysOf(handle, usedUp));
    Set<String> due = new TreeSet<>();
    for (QuotaState state : states) {
      String quota = state.rule().id();
      if (state.isUsedUp()) {
        keys.getOrDefault(quota, List.of()).stream()
            .filter(each -> !isBlockedUntil(each, state.period().end()))
            .forEach(due::add);
      } else {
        due.addAll(blockedOf.getOrDefault(quota, Set.of()));
      }
    }
    due.forEach(this::settle);
  }

  private boolean isBlockedUntil(String keyId, Instant end) {
    Instant until = blocked.get(keyId);
    return until != null && !until.isBefore(end);
  }

  /** Blocks a key, or lifts its block, as its quotas stand now. */
  void settle(String keyId) {
    database.useTransaction(handle -> settle(handle, keyId));
  }

  private void settle(Handle handle, String keyId) {
    Optional<QuotaState> usedUp = usedUp(handle, keyId);
    Instant until = blocked.get(keyId);
    KeyAdmin keys = new KeyAdmin(database.within(handle), null, SERVER);
    if (usedUp.isPresent()) {
      QuotaState state = usedUp.get();
      Instant end = state.period().end();
      if (!end.equals(until)) {
        String meter = state.rule().terms().meter();
        keys.block(keyId, BlockCause.QUOTA, "the quota of " + meter + " is used up", end);
        blocked.put(keyId, end);
      }
    } else if (until != null) {
      keys.lift(keyId, BlockCause.QUOTA);
      blocked.remove(keyId);
    }
  }

  /** Of the used-up quotas that stop all calls, the one that begins again last. */
  private Optional<QuotaState> usedUp(Handle handle, String keyId) {
    KeyTerms key = source.ofKeys(handle, List.of(keyId)).getOrDefault(keyId, KeyTerms.NONE);
    if (key.status() == KeyStatus.REMOVED) {
      return Optional.empty();
    }
    List<QuotaRule> rules = key.rules().stream().filter(QuotaRule::stopsAllCalls).toList();
    return QuotaState.read(handle, rules, now).stream()
        .filter(QuotaState::isUsedUp)
        .max(Comparator.comparing(state -> state.period().end()));
  }
}
