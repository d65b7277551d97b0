package io.billingsdk.internal.keys;

import io.billingsdk.Caller;
import io.billingsdk.DenialReason;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyUpdate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one key at one time.
 *
 * @param denial the answer to every check; null when the key may be used
 * @param expiresAtMillis from then on it is not valid; {@link Long#MAX_VALUE} for never
 * @param record what protocol v2 told; null when it was v1
 */
record KeyEntry(
    String keyId,
    String appId,
    @Nullable KeyDecision denial,
    long expiresAtMillis,
    Entitlements entitlements,
    @Nullable KeyRecord record) {

  static final KeyDecision INVALID = KeyDecision.Denied.because(DenialReason.INVALID);

  static KeyEntry of(KeyUpdate.Entry update, String keyId) {
    return new KeyEntry(
        keyId,
        update.appId(),
        update.blocked() ? blocked(update.reason()) : null,
        Long.MAX_VALUE,
        Entitlements.UNLIMITED,
        null);
  }

  static KeyEntry of(KeyRecord record) {
    Long expires = record.expiresAtMillis();
    return new KeyEntry(
        record.keyId(),
        record.appId(),
        switch (record.status()) {
          case OK -> null;
          case BLOCKED -> blocked(record.reason());
          case REMOVED -> INVALID;
        },
        expires == null ? Long.MAX_VALUE : expires,
        entitlements(record),
        record);
  }

  /** The answer to a check with this key; one that is no cost less than one that is yes. */
  KeyDecision decide(String apiKey, Clock clock) {
    if (denial != null) {
      return denial;
    }
    if (expiresAtMillis != Long.MAX_VALUE && clock.wallMillis() >= expiresAtMillis) {
      return INVALID;
    }
    return KeyDecision.Allowed.of(Caller.of(apiKey, keyId, appId), entitlements);
  }

  boolean usable() {
    return denial == null;
  }

  boolean removed() {
    return record != null && record.status() == KeyRecord.Status.REMOVED;
  }

  /** Of two records the newer counts; what protocol v1 told has no version, and is the oldest. */
  long version() {
    return record == null ? Long.MIN_VALUE : record.version();
  }

  /** The operator's reason for a block. */
  @Nullable String reason() {
    return denial instanceof KeyDecision.Denied denied ? denied.operatorReason() : null;
  }

  private static KeyDecision blocked(@Nullable String reason) {
    return KeyDecision.Denied.because(DenialReason.BLOCKED).withOperatorReason(reason);
  }

  private static Entitlements entitlements(KeyRecord record) {
    KeyRecord.Rate rate = record.rate();
    List<Entitlements.Quota> quotas =
        record.quotas().stream()
            .map(
                quota ->
                    Entitlements.Quota.of(
                        quota.meter(),
                        quota.limit(),
                        quota.used(),
                        instant(quota.resetsAtMillis()),
                        quota.overage()))
            .toList();
    return Entitlements.UNLIMITED
        .withExpiresAt(instant(record.expiresAtMillis()))
        .withModels(record.models())
        .withRate(
            rate == null
                ? null
                : Entitlements.Rate.of(rate.perSecond().doubleValue(), rate.burst()))
        .withQuotas(quotas);
  }

  private static @Nullable Instant instant(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }
}
