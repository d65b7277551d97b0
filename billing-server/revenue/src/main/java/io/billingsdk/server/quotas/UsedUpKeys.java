package io.billingsdk.server.quotas;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyBlocks;
import io.billingsdk.server.keys.KeyBlocks.KeyBlock;
import io.billingsdk.server.keys.KeyVersions;
import io.billingsdk.server.keys.StoredKey;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import io.billingsdk.server.quotas.QuotaSource.KeyName;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

  /** Judges the keys of a quota that stops all calls, where its state may change something. */
  void judge(Handle handle, QuotaState state) {
    for (String each : source.keysOf(handle, state.rule().id())) {
      Instant until = blocked.get(each);
      boolean stands = until != null && !until.isBefore(state.period().end());
      if (state.isUsedUp() ? !stands : until != null) {
        settle(handle, each);
      }
    }
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
    List<KeyName> names =
        KeyVersions.named(handle, List.of(keyId)).stream()
            .filter(each -> each.status() != KeyStatus.REMOVED)
            .map(UsedUpKeys::name)
            .toList();
    return source.ofKeys(handle, names).values().stream()
        .flatMap(List::stream)
        .filter(QuotaRule::stopsAllCalls)
        .map(rule -> QuotaState.read(handle, rule, now))
        .filter(QuotaState::isUsedUp)
        .max(Comparator.comparing(state -> state.period().end()));
  }

  private static KeyName name(StoredKey key) {
    return new KeyName(key.appId(), key.keyId());
  }
}
