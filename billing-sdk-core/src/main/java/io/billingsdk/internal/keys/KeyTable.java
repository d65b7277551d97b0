package io.billingsdk.internal.keys;

import static java.util.Objects.requireNonNull;

import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.Caller;
import io.billingsdk.ClientStatus;
import io.billingsdk.DenialReason;
import io.billingsdk.KeyDecision;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.KeyUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The known API keys.
 *
 * <p>{@link #check} is one look-up in memory and may be called by any thread; a denial costs no
 * more than a permission. Updates hold a lock that no check takes.
 *
 * <p>The table answers while the feed is connected, and for {@code maxStaleness} after it was lost;
 * then it cannot know who was blocked meanwhile, and says so. A feed that is connected again counts
 * from its first update on: until then the table is as old as it was.
 */
public final class KeyTable {
  private static final KeyDecision MISSING = KeyDecision.Denied.because(DenialReason.MISSING);
  private static final KeyDecision UNAVAILABLE =
      KeyDecision.Denied.because(DenialReason.UNAVAILABLE).withRetryAfter(Duration.ofSeconds(1));
  private static final int PRINTED_HEX_DIGITS = 16;

  private final Clock clock;
  private final long maxStalenessNanos;
  private final KeyDirectory directory = new KeyDirectory();
  private final VersionedKeys versioned = new VersionedKeys(directory);
  private volatile @Nullable Instant updatedAt;
  private volatile long version;
  private final AtomicReference<Feed> feed;

  /**
   * The feed.
   *
   * @param current whether the table has an update of this connection
   * @param lostAtNanos when the table was current last; of no meaning while it is
   */
  private record Feed(boolean connected, boolean current, long lostAtNanos) {}

  /**
   * The table at one moment.
   *
   * @param currentAtMillis when it was the billing system's last
   */
  record Snapshot(long version, long currentAtMillis, List<KeyRecord> keys) {}

  /** An empty table: every check is unavailable. */
  public KeyTable(Clock clock, Duration maxStaleness) {
    this.clock = clock;
    this.maxStalenessNanos = maxStaleness.toNanos();
    this.feed = new AtomicReference<>(new Feed(false, false, clock.monotonicNanos()));
  }

  /**
   * The answer to a check.
   *
   * @param record the record of the key by protocol v2; null when it has not
   */
  public record CheckedKey(KeyDecision decision, @Nullable KeyRecord record) {}

  /** As {@link #check}, with what is known of the key. */
  public CheckedKey look(@Nullable String apiKey) {
    KnownKey key = apiKey == null ? null : directory.find(apiKey);
    if (key == null || !usable()) {
      return new CheckedKey(check(apiKey), null);
    }
    KeyEntry entry = key.entry();
    return new CheckedKey(entry.decide(String.valueOf(apiKey), clock), entry.record());
  }

  /** May this key be used now? */
  public KeyDecision check(@Nullable String apiKey) {
    if (apiKey == null) {
      return MISSING;
    }
    KnownKey key = directory.find(apiKey);
    if (key != null) {
      return usable() ? key.entry().decide(apiKey, clock) : UNAVAILABLE;
    }
    if (!Bounds.isWellFormedKey(apiKey)) {
      return apiKey.isBlank() ? MISSING : KeyEntry.INVALID;
    }
    return usable() ? KeyEntry.INVALID : UNAVAILABLE;
  }

  /** The application of a key that may be used, however old the table; null for any other key. */
  public @Nullable String appIdOf(String apiKey) {
    KnownKey key = directory.find(apiKey);
    return key == null || !key.entry().usable() ? null : key.entry().appId();
  }

  /**
   * How protocol v2 names a well-formed key, however old the table: by its id if the billing system
   * has sent one, whether it may be used or not; otherwise by its hash.
   */
  public KeyRef nameOf(String apiKey) {
    KnownKey key = directory.find(apiKey);
    if (key == null) {
      return new KeyRef.KeySha256(KeyRef.sha256(apiKey));
    }
    // An id of protocol v1 is of our own making.
    return key.entry().record() == null
        ? new KeyRef.KeySha256(key.sha256())
        : new KeyRef.KeyId(key.entry().keyId());
  }

  /** Whether an update was ever received. */
  public boolean loaded() {
    return updatedAt != null;
  }

  /** Whether it is the billing system's now, as far as one can know. */
  boolean current() {
    return requireNonNull(feed.get()).current();
  }

  /** Of the table, by protocol v2; 0 for none. */
  public long version() {
    return version;
  }

  /** The feed is connected: with the first update the table is current. */
  public void feedUp() {
    feed.updateAndGet(before -> new Feed(/* connected= */ true, false, lostAt(before)));
  }

  /** The feed was lost: from now on the table grows old. */
  public synchronized void feedDown() {
    versioned.disconnected();
    feed.updateAndGet(before -> new Feed(/* connected= */ false, false, lostAt(before)));
  }

  /** Takes an update of protocol v1 in and tells what it changed. */
  public synchronized List<KeyChange> apply(KeyUpdate update) {
    List<KeyChange> changes = new ArrayList<>();
    for (KeyUpdate.Entry change : update.entries()) {
      String sha256 = KeyRef.sha256(change.apiKey());
      KeyEntry entry = KeyEntry.of(change, "k_" + sha256.substring(0, PRINTED_HEX_DIGITS));
      KnownKey known = directory.get(sha256);
      KeyEntry before = known == null ? null : known.entry();
      if (known == null) {
        directory.add(new KnownKey(sha256, entry, 0));
      } else {
        known.become(entry, 0);
      }
      if (before == null || before.usable() != entry.usable()) {
        Caller caller = Caller.of(change.apiKey(), entry.keyId(), entry.appId());
        changes.add(KeyChange.of(caller, change.blocked(), change.reason()));
      }
    }
    directory.forgetUnknown();
    becomeCurrent();
    return changes;
  }

  /** Takes a message of protocol v2 in. */
  synchronized VersionedKeys.KeyChangeResult apply(KeyFeedMessage message) {
    VersionedKeys.KeyChangeResult result = versioned.take(message);
    version = versioned.version();
    switch (result.standing()) {
      case CURRENT -> becomeCurrent();
      case GAP ->
          // Who was blocked in between is not known: from now on the table grows old.
          feed.updateAndGet(before -> new Feed(before.connected(), false, lostAt(before)));
      case UNCHANGED -> {}
    }
    return result;
  }

  /** The table that an earlier process left, which has been growing old since. */
  synchronized void restore(Snapshot left) {
    if (loaded()) {
      return;
    }
    long ageMillis = Math.max(0, clock.wallMillis() - left.currentAtMillis());
    // A century is as good as any age beyond the bound, and fits into nanoseconds.
    Duration age = Duration.ofMillis(Math.min(ageMillis, Duration.ofDays(36_500).toMillis()));
    var unused = versioned.replaceAll(left.keys(), left.version());
    version = left.version();
    updatedAt = Instant.ofEpochMilli(left.currentAtMillis());
    feed.set(new Feed(false, false, clock.monotonicNanos() - age.toNanos()));
  }

  /** The records of protocol v2; keys of protocol v1 are not in it. */
  synchronized Snapshot snapshot() {
    List<KeyRecord> keys = new ArrayList<>();
    for (KnownKey known : directory.all()) {
      KeyRecord record = known.entry().record();
      if (record != null) {
        keys.add(record);
      }
    }
    Feed now = requireNonNull(feed.get());
    long ageNanos = now.current() ? 0 : clock.monotonicNanos() - now.lostAtNanos();
    return new Snapshot(version, clock.wallMillis() - ageNanos / 1_000_000, keys);
  }

  /** For the client's status. */
  public ClientStatus.Keys figures() {
    int known = 0;
    int blocked = 0;
    for (KnownKey key : directory.all()) {
      KeyEntry entry = key.entry();
      known += entry.removed() ? 0 : 1;
      blocked += entry.usable() || entry.removed() ? 0 : 1;
    }
    return ClientStatus.Keys.of(loaded(), known, blocked, updatedAt).withVersion(version);
  }

  private void becomeCurrent() {
    updatedAt = Instant.ofEpochMilli(clock.wallMillis());
    feed.updateAndGet(
        before -> new Feed(before.connected(), before.connected(), before.lostAtNanos()));
  }

  private long lostAt(Feed before) {
    return before.current() ? clock.monotonicNanos() : before.lostAtNanos();
  }

  private boolean usable() {
    Feed now = requireNonNull(feed.get());
    return now.current()
        || (loaded() && clock.monotonicNanos() - now.lostAtNanos() <= maxStalenessNanos);
  }
}
