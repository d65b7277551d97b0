package io.billingsdk.internal.quotas;

import io.billingsdk.protocol.KeyRecord;
import org.jspecify.annotations.Nullable;

/**
 * A quota as a key's record has it.
 *
 * @param id its name in requests for leases
 * @param overage whether more may be used, and is charged
 */
record QuotaTerms(String id, String meter, boolean overage) {

  /** Null for a quota that is not enforced by leases. */
  static @Nullable QuotaTerms of(KeyRecord.Quota quota) {
    return quota.id() == null ? null : new QuotaTerms(quota.id(), quota.meter(), quota.overage());
  }
}
