package io.billingsdk.testkit;

import io.billingsdk.DenialReason;
import java.util.EnumMap;
import java.util.Map;

/** What became of the calls that asked for an admission. Thread-safe. */
final class CallCounts {
  private final Map<DenialReason, Long> refused = new EnumMap<>(DenialReason.class);
  private long admitted;

  /** The counts at one moment. */
  record Counts(long admitted, Map<DenialReason, Long> refused) {}

  synchronized void admitted() {
    admitted++;
  }

  synchronized void refused(DenialReason reason) {
    refused.merge(reason, 1L, Long::sum);
  }

  synchronized Counts counts() {
    return new Counts(admitted, Map.copyOf(refused));
  }
}
