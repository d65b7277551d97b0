package io.billingsdk.internal.keys;

import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.Caller;
import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what protocol v2 tells of keys, and knows how far that goes.
 *
 * <p>Messages may come twice, late, out of order, or not at all. These rules hold nevertheless: of
 * each key the record with the highest version counts; a change that is in the table already is
 * ignored as a whole, so that it cannot bring back a key that has gone; and the table's version
 * says that everything up to it is in.
 *
 * <p>For one thread at a time.
 */
final class VersionedKeys {
  /** Changes beyond a gap that are remembered, to be counted when the gap is closed. */
  private static final int MOST_AHEAD = 1_000;

  private final KeyDirectory directory;
  private final SnapshotAssembly assembly = new SnapshotAssembly();
  private final TreeMap<Long, Long> ahead = new TreeMap<>();
  private long version;

  /** Whether there was ever a whole table: changes alone, however many, are none. */
  private boolean whole;

  /** How things stand after a message. */
  enum Standing {
    /** The table is the billing system's as of this message. */
    CURRENT,
    /** It says nothing new about that. */
    UNCHANGED,
    /** Something in between was missed. */
    GAP
  }

  /** What a message did. */
  record KeyChangeResult(Standing standing, List<KeyChange> changes) {}

  VersionedKeys(KeyDirectory directory) {
    this.directory = directory;
  }

  long version() {
    return version;
  }

  /** A connection is lost: the next one brings another snapshot. */
  void disconnected() {
    assembly.clear();
  }

  KeyChangeResult take(KeyFeedMessage message) {
    return message.snapshot() ? snapshot(message) : change(message);
  }

  private KeyChangeResult snapshot(KeyFeedMessage chunk) {
    List<KeyRecord> keys = assembly.add(chunk);
    if (keys == null || chunk.version() < version) {
      return new KeyChangeResult(Standing.UNCHANGED, List.of());
    }
    return replaceAll(keys, chunk.version());
  }

  /** The whole table at a version, from a message or from the snapshot file. */
  KeyChangeResult replaceAll(List<KeyRecord> keys, long newVersion) {
    List<KeyChange> changes = new ArrayList<>();
    Set<String> there = new HashSet<>();
    keys.forEach(
        key -> {
          there.add(key.keySha256());
          put(key, newVersion, changes);
        });
    for (KnownKey known : directory.all()) {
      if (!there.contains(known.sha256()) && known.tableVersion() <= newVersion) {
        drop(known, changes);
      }
    }
    directory.forgetUnknown();
    directory.forgetPresented();
    version = newVersion;
    whole = true;
    closeGaps();
    return new KeyChangeResult(ahead.isEmpty() ? Standing.CURRENT : Standing.GAP, changes);
  }

  private KeyChangeResult change(KeyFeedMessage message) {
    if (message.version() < version) {
      return new KeyChangeResult(Standing.UNCHANGED, List.of());
    }
    List<KeyChange> changes = new ArrayList<>();
    if (message.version() > version) {
      // Those beyond a gap too: what they block must not work until the gap is closed.
      message.keys().forEach(key -> put(key, message.version(), changes));
      directory.forgetUnknown();
      ahead.merge(message.since(), message.version(), Math::max);
      closeGaps();
    }
    if (ahead.size() > MOST_AHEAD) {
      ahead.pollFirstEntry();
    }
    return new KeyChangeResult(whole && ahead.isEmpty() ? Standing.CURRENT : Standing.GAP, changes);
  }

  private void closeGaps() {
    if (!whole) {
      return;
    }
    Map.Entry<Long, Long> next = ahead.firstEntry();
    while (next != null && next.getKey() <= version) {
      version = Math.max(version, next.getValue());
      ahead.pollFirstEntry();
      next = ahead.firstEntry();
    }
  }

  private void put(KeyRecord key, long tableVersion, List<KeyChange> changes) {
    KnownKey known = directory.get(key.keySha256());
    KeyEntry before = known == null ? null : known.entry();
    if (before != null && before.version() >= key.version()) {
      return; // Repeated, or overtaken by a newer one.
    }
    KeyEntry entry = KeyEntry.of(key);
    if (known == null) {
      directory.add(new KnownKey(key.keySha256(), entry, tableVersion));
    } else {
      known.become(entry, tableVersion);
    }
    tell(before, entry, changes);
  }

  private void drop(KnownKey known, List<KeyChange> changes) {
    KeyEntry before = known.entry();
    directory.remove(known);
    KeyEntry gone =
        new KeyEntry(
            before.keyId(),
            before.appId(),
            KeyEntry.INVALID,
            before.expiresAtMillis(),
            before.entitlements(),
            before.record());
    // A check that has found it already must not let it in.
    known.become(gone, known.tableVersion());
    tell(before, gone, changes);
  }

  private static void tell(@Nullable KeyEntry before, KeyEntry now, List<KeyChange> changes) {
    if (before == null ? !now.removed() : before.usable() != now.usable()) {
      // The key itself is not known.
      Caller caller = Caller.of("", now.keyId(), now.appId());
      changes.add(KeyChange.of(caller, !now.usable(), now.reason()));
    }
  }
}
