package io.billingsdk.server.keys;

import io.billingsdk.server.keys.KeyAdmin.StoredKey;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A key as it is shown: everything but the key. */
record KeyView(
    String keyId,
    String appId,
    String status,
    @Nullable String reason,
    long version,
    @Nullable Instant expiresAt,
    List<String> models,
    KeyEntitlements.@Nullable Rate rate,
    List<QuotaView> quotas) {

  // Without how much of it is used, which nobody counts yet.
  record QuotaView(String meter, double limit, @Nullable Instant resetsAt, boolean overage) {
    static QuotaView of(Quota quota) {
      Long resets = quota.resetsAtMillis();
      return new QuotaView(
          quota.meter(),
          quota.limit(),
          resets == null ? null : Instant.ofEpochMilli(resets),
          quota.overage());
    }
  }

  static KeyView of(StoredKey key) {
    Long expires = key.expiresAtMillis();
    return new KeyView(
        key.keyId(),
        key.appId(),
        key.status().name().toLowerCase(Locale.ROOT),
        key.reason(),
        key.version(),
        expires == null ? null : Instant.ofEpochMilli(expires),
        key.models(),
        key.rate(),
        key.quotas().stream().map(QuotaView::of).toList());
  }
}
