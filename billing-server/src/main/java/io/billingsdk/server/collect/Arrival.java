package io.billingsdk.server.collect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message and its events.
 *
 * @param topic that it came on
 * @param bytes of its payload
 * @param instance who is told by receipts; null for protocol v1
 * @param entries empty when the message as a whole was malformed
 * @param malformed why nothing could be read from it; null when it could
 * @param repeated whether the broker delivers it again until it is acknowledged
 * @param confirmation acknowledges it; to be run in the end, whatever became of it
 */
record Arrival(
    String topic,
    int bytes,
    @Nullable String instance,
    List<Entry> entries,
    @Nullable String malformed,
    boolean repeated,
    Runnable confirmation) {

  /** The same; this is run before it is acknowledged. */
  Arrival thenLeaving(Runnable leaving) {
    Runnable both =
        () -> {
          leaving.run();
          confirmation.run();
        };
    return new Arrival(topic, bytes, instance, entries, malformed, repeated, both);
  }

  /** Whether it only asks whether events would be stored: an empty batch. */
  boolean isProbe() {
    return instance != null && entries.isEmpty() && malformed == null;
  }
}
