package io.billingsdk.benchmarks.query;

import io.billingsdk.testbed.Proof;
import java.util.Arrays;
import java.util.Locale;

/** Times of one kind. */
final class Millis {
  private final long[] sorted;

  Millis(long[] nanos) {
    this.sorted = nanos.clone();
    Arrays.sort(sorted);
  }

  void addTo(Proof proof) {
    proof.with("p50_ms", at(0.5)).with("p99_ms", at(0.99)).with("max_ms", at(1));
  }

  private String at(double share) {
    int index = Math.max(0, (int) Math.ceil(share * sorted.length) - 1);
    return String.format(Locale.ROOT, "%.1f", sorted[index] / 1e6);
  }
}
