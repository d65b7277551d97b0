package io.billingsdk.server.control;

import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.PlanTerms;
import io.billingsdk.server.keys.StoredKey;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stored keys as protocol v2 tells of them. */
final class KeyFeedRecords {
  private KeyFeedRecords() {}

  /** In the same order. */
  static List<KeyRecord> of(List<StoredKey> keys) {
    return keys.stream().map(KeyFeedRecords::of).toList();
  }

  private static KeyRecord of(StoredKey key) {
    return new KeyRecord(
        key.keyId(),
        key.keySha256(),
        key.appId(),
        status(key.status()),
        key.reason(),
        key.version(),
        key.expiresAtMillis(),
        key.allowedModels(),
        rate(key.allowedRate()),
        Stream.concat(
                key.quotas().stream().map(each -> quota(key.keyId(), each)),
                key.planQuotas().stream().map(each -> quota(key.keyId(), each)))
            .toList());
  }

  private static KeyRecord.Status status(StoredKey.KeyStatus status) {
    return switch (status) {
      case OK -> KeyRecord.Status.OK;
      case BLOCKED -> KeyRecord.Status.BLOCKED;
      case REMOVED -> KeyRecord.Status.REMOVED;
    };
  }

  private static KeyRecord.@Nullable Rate rate(KeyEntitlements.@Nullable Rate rate) {
    return rate == null ? null : new KeyRecord.Rate(rate.perSecond(), rate.burst());
  }

  private static KeyRecord.Quota quota(String keyId, PlanTerms.PlanQuota quota) {
    return new KeyRecord.Quota(
        quota.meter(), quota.limit(), BigDecimal.ZERO, null, quota.overage(), quota.idFor(keyId));
  }

  private static KeyRecord.Quota quota(String keyId, KeyEntitlements.Quota quota) {
    return new KeyRecord.Quota(
        quota.meter(),
        quota.limit(),
        quota.used(),
        quota.resetsAtMillis(),
        quota.overage(),
        KeyEntitlements.quotaId(keyId, quota.meter()));
  }
}
