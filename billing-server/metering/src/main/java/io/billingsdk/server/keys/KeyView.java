package io.billingsdk.server.keys;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.keys.KeyAdmin.StoredKey;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
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
    @Nullable RateView rate,
    List<QuotaView> quotas) {

  record RateView(JsonNode perSecond, long burst) {
    static RateView of(Rate rate) {
      return new RateView(Json.number(rate.perSecond()), rate.burst());
    }
  }

  // Without how much of it is used, which nobody counts yet.
  record QuotaView(String meter, JsonNode limit, @Nullable Instant resetsAt, boolean overage) {
    static QuotaView of(Quota quota) {
      Long resets = quota.resetsAtMillis();
      return new QuotaView(
          quota.meter(),
          Json.number(quota.limit()),
          resets == null ? null : Instant.ofEpochMilli(resets),
          quota.overage());
    }
  }

  static KeyView of(StoredKey key) {
    Long expires = key.expiresAtMillis();
    Rate rate = key.rate();
    return new KeyView(
        key.keyId(),
        key.appId(),
        key.status().name().toLowerCase(Locale.ROOT),
        key.reason(),
        key.version(),
        expires == null ? null : Instant.ofEpochMilli(expires),
        key.models(),
        rate == null ? null : RateView.of(rate),
        key.quotas().stream().map(QuotaView::of).toList());
  }
}
