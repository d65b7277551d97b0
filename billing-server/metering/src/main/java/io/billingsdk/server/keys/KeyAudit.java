package io.billingsdk.server.keys;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.access.AuditLog.AuditedChange;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The entry of the audit log for a change of a key: the differences, and never the key. */
final class KeyAudit {
  private KeyAudit() {}

  /**
   * Writes it.
   *
   * @param before null when the key was made by it
   */
  static void write(
      Handle handle, Actor actor, String what, @Nullable StoredKey before, StoredKey after) {
    AuditLog.write(handle, actor, List.of(change(what, before, after)));
  }

  /** The entry, for {@link AuditLog#write(Handle, Actor, List)}. */
  static AuditedChange change(String what, @Nullable StoredKey before, StoredKey after) {
    Map<String, @Nullable Object> was = before == null ? Map.of() : terms(before);
    Map<String, @Nullable Object> is = terms(after);
    Map<String, @Nullable Object> changedFrom = new LinkedHashMap<>();
    Map<String, @Nullable Object> changedTo = new LinkedHashMap<>();
    is.forEach(
        (name, value) -> {
          if (!Objects.equals(was.get(name), value)) {
            changedFrom.put(name, was.get(name));
            changedTo.put(name, value);
          }
        });
    return new AuditedChange(
        "key." + what, after.keyId(), before == null ? null : changedFrom, changedTo);
  }

  private static Map<String, @Nullable Object> terms(StoredKey key) {
    Map<String, @Nullable Object> terms = new LinkedHashMap<>();
    Long expires = key.expiresAtMillis();
    terms.put("appId", key.appId());
    terms.put("status", key.status().name().toLowerCase(Locale.ROOT));
    terms.put("reason", key.reason());
    terms.put(
        "causes",
        key.causes().isEmpty() ? null : key.causes().stream().map(BlockCause::text).toList());
    terms.put("expiresAt", expires == null ? null : Instant.ofEpochMilli(expires).toString());
    terms.put("models", key.models().isEmpty() ? null : key.models());
    Rate rate = key.rate();
    terms.put("plan", PlanJson.of(key.plan()));
    terms.put(
        "rate",
        rate == null ? null : rate.perSecond().toPlainString() + "/s, burst " + rate.burst());
    LoweredRate lowered = key.lowered();
    terms.put("loweredRate", lowered == null ? null : line(lowered));
    terms.put(
        "quotas",
        key.quotas().isEmpty() ? null : key.quotas().stream().map(KeyAudit::line).toList());
    return terms;
  }

  private static String line(LoweredRate lowered) {
    return lowered.rate().perSecond().toPlainString()
        + "/s, burst "
        + lowered.rate().burst()
        + ": "
        + lowered.reason();
  }

  private static String line(Quota quota) {
    Long resets = quota.resetsAtMillis();
    return quota.meter()
        + "="
        + quota.limit().toPlainString()
        + (resets == null ? "" : ",resets=" + Instant.ofEpochMilli(resets))
        + (quota.overage() ? ",overage" : "");
  }
}
