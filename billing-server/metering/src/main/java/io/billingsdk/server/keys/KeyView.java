package io.billingsdk.server.keys;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.keys.KeyBlocks.KeyBlock;
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
    List<BlockView> blocks,
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

  record BlockView(
      String cause, String reason, @Nullable String actor, Instant since, @Nullable Instant until) {
    static BlockView of(KeyBlock block, boolean isOperator) {
      return new BlockView(
          block.cause().text(),
          block.reason(),
          isOperator ? block.actor() : null,
          block.since(),
          block.until());
    }
  }

  // Without how much of it is used: the quotas say that.
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

  /**
   * A key as somebody sees it.
   *
   * @param isOperator false for the token of an app, which the server's operators are no matter of
   */
  static KeyView of(StoredKey key, List<KeyBlock> blocks, boolean isOperator) {
    Long expires = key.expiresAtMillis();
    Rate rate = key.rate();
    return new KeyView(
        key.keyId(),
        key.appId(),
        key.status().name().toLowerCase(Locale.ROOT),
        key.reason(),
        blocks.stream().map(each -> BlockView.of(each, isOperator)).toList(),
        key.version(),
        expires == null ? null : Instant.ofEpochMilli(expires),
        key.models(),
        rate == null ? null : RateView.of(rate),
        key.quotas().stream().map(QuotaView::of).toList());
  }
}
