package io.billingsdk.server.collect;

import io.billingsdk.server.broker.HeldMessage;
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
 * @param confirmation settles it; to be run in the end, whatever became of it
 * @param message that it was read from; null when it came without MQTT
 */
record Arrival(
    String topic,
    int bytes,
    @Nullable String instance,
    List<Entry> entries,
    @Nullable String malformed,
    boolean repeated,
    Runnable confirmation,
    @Nullable HeldMessage message) {

  /** One that came without MQTT: whoever sent it waits. */
  Arrival(
      String topic,
      int bytes,
      @Nullable String instance,
      List<Entry> entries,
      @Nullable String malformed,
      boolean repeated,
      Runnable confirmation) {
    this(topic, bytes, instance, entries, malformed, repeated, confirmation, null);
  }

  /** The same; this is run before it is acknowledged. */
  Arrival thenLeaving(Runnable leaving) {
    Runnable both =
        () -> {
          leaving.run();
          confirmation.run();
        };
    return new Arrival(topic, bytes, instance, entries, malformed, repeated, both, message);
  }

  /** Whether somebody waits until it is stored: then the lane does not wait for more. */
  boolean isAwaited() {
    return message == null || message.isAwaited();
  }

  /** Whether whoever sent it has left without an answer, and will send it again. */
  boolean isGone() {
    return message != null && message.isGone();
  }

  /**
   * Says to an instance that its batch is not taken in for now. Only of protocol v2: what sends v1
   * may take any PUBACK for a success.
   *
   * @return whether it hears so, and will send it again
   */
  boolean refuse() {
    return instance != null && message != null && message.refuse();
  }

  /** Lets the acknowledgement leave, after the confirmation. */
  void answer() {
    if (message != null) {
      message.answer();
    }
  }

  /** Whether it only asks whether events would be stored: an empty batch. */
  boolean isProbe() {
    return instance != null && entries.isEmpty() && malformed == null;
  }
}
