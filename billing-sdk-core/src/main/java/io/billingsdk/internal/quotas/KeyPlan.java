package io.billingsdk.internal.quotas;

import io.billingsdk.protocol.KeyRecord;
import org.jspecify.annotations.Nullable;

/**
 * What bounds the calls of one key, made once for each record of it.
 *
 * @param accounts in the order in which they are locked; never changed
 * @param rate null for any number of calls
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody, and read on each call.
record KeyPlan(KeyRecord record, QuotaAccount[] accounts, @Nullable RateGate rate) {

  boolean isRateForgotten() {
    return rate != null && rate.isForgotten();
  }

  /** Whether a part of it was forgotten. */
  boolean hasForgotten() {
    if (isRateForgotten()) {
      return true;
    }
    for (QuotaAccount each : accounts) {
      each.lock().lock();
      try {
        if (each.isForgotten()) {
          return true;
        }
      } finally {
        each.lock().unlock();
      }
    }
    return false;
  }

  /**
   * Whether it was made for this record: the same object, since to compare all of it costs more.
   */
  @SuppressWarnings("ReferenceEquality")
  boolean isOf(KeyRecord other) {
    return record == other;
  }
}
