package io.billingsdk.server.keys;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.access.AuditLog.AuditedChange;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
   * Tells the feeds of a plan, and brings the blocks of all its keys from one to the other: with a
   * few statements, however many keys there are.
   *
   * @param before the keys as they were
   */
  static void carryOut(
      Handle handle,
      List<StoredKey> before,
      Map<BlockCause, String> from,
      Map<BlockCause, String> to,
      Actor actor) {
    List<StoredKey> present =
        before.stream().filter(each -> each.status() != KeyStatus.REMOVED).toList();
    if (present.isEmpty()) {
      return;
    }
    List<String> keys = present.stream().map(StoredKey::keyId).toList();
    List<Long> versions = KeyWrites.nextVersions(handle, keys.size());
    change(handle, keys, from, to, actor);
    KeyWrites.updateBlocks(handle, keys, versions);
    Map<String, StoredKey> after = new HashMap<>();
    KeyRows.named(handle, keys).forEach(each -> after.put(each.keyId(), each));
    String what = to.equals(from) ? "plan" : to.isEmpty() ? "unblock" : "block";
    List<AuditedChange> changes = new ArrayList<>();
    for (StoredKey each : present) {
      StoredKey since = Objects.requireNonNull(after.get(each.keyId()));
      changes.add(KeyAudit.change(what, each, since));
      KeyEvents.add(handle, actor, what, since);
    }
    AuditLog.write(handle, actor, changes);
    KeyWrites.note(handle, versions, keys, what);
  }

  /** The blocks of one key; see {@link #change(Handle, List, Map, Map, Actor)}. */
  static void change(
      Handle handle,
      String keyId,
      Map<BlockCause, String> from,
      Map<BlockCause, String> to,
      Actor actor) {
    change(handle, List.of(keyId), from, to, actor);
  }

  /**
   * Brings the blocks of keys from one to the other. A block that a person has set for a cause that
   * never was a bar stays.
   */
  private static void change(
      Handle handle,
      List<String> keys,
      Map<BlockCause, String> from,
      Map<BlockCause, String> to,
      Actor actor) {
    for (BlockCause each : from.keySet()) {
      if (!to.containsKey(each)) {
        KeyBlocks.lift(handle, keys, each);
      }
    }
    to.forEach(
        (cause, reason) -> {
          if (!Objects.equals(from.get(cause), reason)) {
            KeyBlocks.stand(handle, keys, cause, reason, actor, null);
          }
        });
  }
}
