package io.billingsdk.server.broker;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;

/**
 * How many messages a broker may send without an acknowledgement, the receive maximum of MQTT.
 *
 * <p>Mosquitto 2.0.11 sends up to {@code max_inflight_messages} of a restored session at once,
 * whatever the connection allows. The library then ends that connection, as MQTT wants it, and each
 * later one in the same way. So each such end doubles the number, until the broker's own bound fits
 * into it. What the broker sends bounds the memory then. Thread-safe.
 */
final class ReceiveWindow {
  private static final int LARGEST = 65_535;

  private volatile int messages;

  ReceiveWindow(int messages) {
    this.messages = messages;
  }

  int messages() {
    return messages;
  }

  /** Doubles it when a connection ended since the broker sent more; true if it did. */
  synchronized boolean widenAfter(Throwable end) {
    if (messages == LARGEST || !isTooNarrow(end)) {
      return false;
    }
    messages = Math.min(LARGEST, messages * 2);
    return true;
  }

  private static boolean isTooNarrow(Throwable end) {
    return end instanceof Mqtt5DisconnectException disconnect
        && disconnect.getMqttMessage().getReasonCode()
            == Mqtt5DisconnectReasonCode.RECEIVE_MAXIMUM_EXCEEDED;
  }
}
