package io.billingsdk.server.quotas;

import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyBlocks;
import io.billingsdk.server.keys.KeyBlocks.KeyBlock;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import io.billingsdk.server.keys.LoweredRate;
import io.billingsdk.server.keys.StoredKey;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Blocks a key, or lowers its rate, for refused calls. A second rule never eases the sanction of a
 * first one: the later end and the tighter rate hold. For one transaction.
 */
final class KeySanctions {
  private final Handle handle;
  private final KeyAdmin keys;
  private final Instant now;

  /**
   * In the transaction of a handle.
   *
   * @param keys over the same transaction
   */
  KeySanctions(Handle handle, KeyAdmin keys, Instant now) {
    this.handle = handle;
    this.keys = keys;
    this.now = now;
  }

  /** Gives when the block ends; null when somebody has to lift it. */
  @Nullable Instant block(String key, String reason, @Nullable Instant until) {
    Instant end = until;
    for (KeyBlock each : KeyBlocks.of(handle, List.of(key)).getOrDefault(key, List.of())) {
      if (each.cause() == BlockCause.VIOLATION && lasts(each.until())) {
        end = later(end, each.until());
      }
    }
    keys.block(key, BlockCause.VIOLATION, reason, end);
    return end;
  }

  /** Gives when the lower rate ends; null when somebody has to take it back. */
  @Nullable Instant lower(String key, Rate rate, String reason, @Nullable Instant until) {
    LoweredRate before = keys.one(key).map(StoredKey::lowered).orElse(null);
    LoweredRate lowered =
        before != null && lasts(before.until())
            ? new LoweredRate(tighter(before.rate(), rate), reason, later(before.until(), until))
            : new LoweredRate(rate, reason, until);
    keys.lowerRate(key, lowered);
    return lowered.until();
  }

  /** One whose time is over may still wait for the job that lifts it. */
  private boolean lasts(@Nullable Instant until) {
    return until == null || until.isAfter(now);
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return null;
    }
    return one.isAfter(other) ? one : other;
  }

  private static Rate tighter(Rate one, Rate other) {
    return new Rate(one.perSecond().min(other.perSecond()), Math.min(one.burst(), other.burst()));
  }
}
