package io.billingsdk.benchmarks;

import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Event;
import java.io.IOException;
import java.util.Map;

/** The event that everything is measured with: three metadata entries, some 200 bytes encoded. */
final class SampleEvent {
  static final V1Event REPORT =
      new V1Event(
          "app-1042",
          "sk-3f9a1c0e7b5d48d2a6",
          "llm",
          "large-2026-01",
          1_834,
          1_770_000_000_000L,
          Map.of("request", "req-7d21f0a4", "region", "eu-central", "streamed", true));

  private SampleEvent() {}

  static byte[] encode() throws IOException {
    return V1Codec.encode(REPORT).orElseThrow();
  }
}
