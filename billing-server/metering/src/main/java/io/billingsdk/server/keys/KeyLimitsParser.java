package io.billingsdk.server.keys;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a key may be used for, as a body says it: what is not there stays, null takes it away. */
final class KeyLimitsParser {
  private static final String MODELS = "models";
  private static final String EXPIRES = "expiresAt";
  private static final String RATE = "rate";
  private static final String QUOTAS = "quotas";
  private static final int MOST = 32;
  private static final long MOST_BURST = 1_000_000;
  private static final int METER_CHARS = 64;

  private KeyLimitsParser() {}

  static boolean isGiven(JsonBody body) {
    return body.has(MODELS) || body.has(EXPIRES) || body.has(RATE) || body.has(QUOTAS);
  }

  static KeyEntitlements apply(JsonBody body, KeyEntitlements before) {
    KeyEntitlements terms = before;
    if (body.has(MODELS)) {
      terms = terms.withModels(body.texts(MODELS, MOST, Bounds.NAME_CHARS));
    }
    if (body.has(EXPIRES)) {
      terms = terms.withExpires(body.time(EXPIRES).orElse(null));
    }
    if (body.has(RATE)) {
      terms = terms.withRate(rate(body));
    }
    if (body.has(QUOTAS)) {
      List<JsonBody> quotas = body.objects(QUOTAS, MOST);
      terms = terms.withQuotas(quotas.stream().map(KeyLimitsParser::quota).toList());
    }
    return terms;
  }

  private static @Nullable Rate rate(JsonBody body) {
    Optional<JsonBody> given = body.object(RATE);
    if (given.isEmpty()) {
      return null;
    }
    JsonBody rate = given.get();
    BigDecimal perSecond = rate.amount("perSecond");
    long burst = rate.whole("burst", 1, MOST_BURST).orElse(Rate.burstOf(perSecond));
    rate.end();
    return new Rate(perSecond, burst);
  }

  private static Quota quota(JsonBody quota) {
    String meter = quota.text("meter", METER_CHARS);
    BigDecimal limit = quota.amount("limit");
    Long resets = quota.time("resetsAt").map(Instant::toEpochMilli).orElse(null);
    boolean overage = quota.flag("overage");
    quota.end();
    return Quota.unused(meter, limit, resets, overage);
  }
}
