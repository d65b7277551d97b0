package io.billingsdk.server.keys;

import io.billingsdk.server.access.Actor;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Causes that block all keys of an app, in the transaction of a caller who is alone with them. */
final class PlanBars {
  private PlanBars() {}

  static Map<BlockCause, String> of(@Nullable PlanTerms plan) {
    return plan == null ? Map.of() : plan.bars();
  }

  /**
   * Brings the blocks of a key from one to the other. A block that a person has set for a cause
   * that never was a bar stays.
   */
  static void change(
      Handle handle,
      String keyId,
      Map<BlockCause, String> from,
      Map<BlockCause, String> to,
      Actor actor) {
    for (BlockCause each : from.keySet()) {
      if (!to.containsKey(each)) {
        KeyBlocks.lift(handle, keyId, each);
      }
    }
    to.forEach(
        (cause, reason) -> {
          if (!Objects.equals(from.get(cause), reason)) {
            KeyBlocks.stand(handle, keyId, cause, reason, actor, null);
          }
        });
  }
}
