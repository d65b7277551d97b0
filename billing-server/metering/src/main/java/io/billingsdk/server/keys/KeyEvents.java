package io.billingsdk.server.keys;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What others may react to among the changes of keys. */
final class KeyEvents {
  static final String BLOCKED = "key.blocked";
  static final String UNBLOCKED = "key.unblocked";
  static final String REMOVED = "key.removed";

  private static final Map<String, String> KINDS =
      Map.of("block", BLOCKED, "unblock", UNBLOCKED, "remove", REMOVED);

  private KeyEvents() {}

  /**
   * Adds the event of a change, if it is one that others react to, to its transaction.
   *
   * @param what the change, as the audit log names it
   */
  static void add(Handle handle, Actor actor, String what, StoredKey key) {
    String kind = KINDS.get(what);
    if (kind == null) {
      return;
    }
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put("keyId", key.keyId());
    payload.put("appId", key.appId());
    payload.put("status", key.status().name().toLowerCase(Locale.ROOT));
    payload.put("reason", key.reason());
    payload.put("causes", key.causes().stream().map(BlockCause::text).toList());
    payload.put("version", key.version());
    Outbox.add(handle, DomainEvent.of(kind, "key/" + key.keyId(), payload, actor.name()));
  }
}
