package io.billingsdk.server.broker;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A message that was received and is not acknowledged yet. It must be confirmed in the end,
 * whatever became of it: acknowledgements leave in the order of arrival, so that one that is never
 * confirmed holds back all later ones.
 *
 * <p>Thread-safe.
 */
public final class HeldMessage {
  private static final Logger log = LoggerFactory.getLogger(HeldMessage.class);

  private final Mqtt5Publish publish;
  private final Consumer<HeldMessage> released;
  private final AtomicBoolean confirmed = new AtomicBoolean();

  HeldMessage(Mqtt5Publish publish, Consumer<HeldMessage> released) {
    this.publish = publish;
    this.released = released;
  }

  /** The topic that it came on. */
  public String topic() {
    return publish.getTopic().toString();
  }

  /** What it holds. */
  public byte[] payload() {
    return publish.getPayloadAsBytes();
  }

  /** How many bytes it holds. */
  public int bytes() {
    return publish.getPayload().map(ByteBuffer::remaining).orElse(0);
  }

  /** Whether it has a user property with this name and value. */
  public boolean hasProperty(String name, String value) {
    Mqtt5UserProperties properties = publish.getUserProperties();
    return properties.asList().stream()
        .anyMatch(
            each ->
                each.getName().toString().equals(name) && each.getValue().toString().equals(value));
  }

  /** Whether it is delivered again unless it is confirmed: not if it was sent with QoS 0. */
  public boolean isRepeated() {
    return publish.getQos() != MqttQos.AT_MOST_ONCE;
  }

  /**
   * Acknowledges it, once; if its connection has gone, nothing leaves and it is delivered again.
   */
  public void confirm() {
    if (!confirmed.compareAndSet(/* expectedValue= */ false, /* newValue= */ true)) {
      return;
    }
    released.accept(this);
    try {
      publish.acknowledge();
    } catch (RuntimeException gone) {
      log.debug("an acknowledgement had nowhere to go: {}", gone.toString());
    }
  }
}
