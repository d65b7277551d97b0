package io.billingsdk.internal.keys;

import static java.util.Objects.requireNonNull;

import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.Caller;
import io.billingsdk.ClientStatus;
import io.billingsdk.DenialReason;
import io.billingsdk.KeyDecision;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.wire.Bounds;
import io.billingsdk.wire.KeyUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the API keys.
 *
 * <p>{@link #check} is one look-up in memory and may be called by any thread; a denial costs no
 * more than a permission. Updates come from one thread at a time.
 *
 * <p>The table answers while the feed is connected, and for {@code maxStaleness} after it was lost;
 * then it cannot know who was blocked meanwhile, and says so. A feed that is connected again counts
 * from its first update on: until then the table is as old as it was.
 */
public final class KeyTable {
  private static final KeyDecision MISSING = KeyDecision.Denied.because(DenialReason.MISSING);
  private static final KeyDecision INVALID = KeyDecision.Denied.because(DenialReason.INVALID);
  private static final KeyDecision UNAVAILABLE =
      new KeyDecision.Denied(DenialReason.UNAVAILABLE, null, Duration.ofSeconds(1));

  private final Clock clock;
  private final long maxStalenessNanos;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private volatile @Nullable Instant updatedAt;
  private final AtomicReference<Feed> feed;

  private record Entry(Caller caller, boolean blocked, KeyDecision decision) {}

  /**
   * The feed.
   *
   * @param current whether the table has an update of this connection
   * @param lostAtNanos when the table was current last; of no meaning while it is
   */
  private record Feed(boolean connected, boolean current, long lostAtNanos) {}

  /** An empty table: every check is unavailable. */
  public KeyTable(Clock clock, Duration maxStaleness) {
    this.clock = clock;
    this.maxStalenessNanos = maxStaleness.toNanos();
    this.feed = new AtomicReference<>(new Feed(false, false, clock.monotonicNanos()));
  }

  /** May this key be used now? */
  public KeyDecision check(@Nullable String apiKey) {
    if (apiKey == null || apiKey.isBlank()) {
      return MISSING;
    }
    if (!Bounds.isWellFormedKey(apiKey)) {
      return INVALID;
    }
    if (!usable()) {
      return UNAVAILABLE;
    }
    Entry entry = entries.get(apiKey);
    return entry == null ? INVALID : entry.decision();
  }

  /** The application of a key that may be used, however old the table; null for any other key. */
  public @Nullable String appIdOf(String apiKey) {
    Entry entry = entries.get(apiKey);
    return entry == null || entry.blocked() ? null : entry.caller().appId();
  }

  /** Whether an update was ever received. */
  public boolean loaded() {
    return updatedAt != null;
  }

  /** The feed is connected: with the first update the table is current. */
  public void feedUp() {
    feed.updateAndGet(before -> new Feed(/* connected= */ true, false, before.lostAtNanos()));
  }

  /** The feed was lost: from now on the table grows old. */
  public void feedDown() {
    long nowNanos = clock.monotonicNanos();
    feed.updateAndGet(
        before ->
            new Feed(
                /* connected= */ false, false, before.current() ? nowNanos : before.lostAtNanos()));
  }

  /** Takes an update in and tells what it changed. */
  public List<KeyChange> apply(KeyUpdate update) {
    List<KeyChange> changes = new ArrayList<>();
    for (KeyUpdate.Entry change : update.entries()) {
      Entry entry = entryOf(change);
      Entry before = entries.put(change.apiKey(), entry);
      if (before == null || before.blocked() != entry.blocked()) {
        changes.add(new KeyChange(entry.caller(), change.blocked(), change.reason()));
      }
    }
    updatedAt = Instant.ofEpochMilli(clock.wallMillis());
    feed.updateAndGet(
        before -> new Feed(before.connected(), before.connected(), before.lostAtNanos()));
    return changes;
  }

  /** For the client's status. */
  public ClientStatus.Keys figures() {
    long blocked = entries.values().stream().filter(Entry::blocked).count();
    return new ClientStatus.Keys(loaded(), entries.size(), (int) blocked, updatedAt);
  }

  private boolean usable() {
    Feed now = requireNonNull(feed.get());
    return loaded()
        && (now.current() || clock.monotonicNanos() - now.lostAtNanos() <= maxStalenessNanos);
  }

  private static Entry entryOf(KeyUpdate.Entry change) {
    Caller caller = Caller.of(change.apiKey(), KeyIds.of(change.apiKey()), change.appId());
    KeyDecision decision =
        change.blocked()
            ? new KeyDecision.Denied(DenialReason.BLOCKED, change.reason(), null)
            : new KeyDecision.Allowed(caller);
    return new Entry(caller, change.blocked(), decision);
  }
}
