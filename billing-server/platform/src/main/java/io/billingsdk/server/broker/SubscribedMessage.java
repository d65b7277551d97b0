package io.billingsdk.server.broker;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A message of a subscription, which its broker repeats until it is acknowledged. */
final class SubscribedMessage implements HeldMessage {
  private static final Logger log = LoggerFactory.getLogger(SubscribedMessage.class);

  private final Mqtt5Publish publish;
  private final Consumer<SubscribedMessage> released;
  private final AtomicBoolean confirmed = new AtomicBoolean();

  SubscribedMessage(Mqtt5Publish publish, Consumer<SubscribedMessage> released) {
    this.publish = publish;
    this.released = released;
  }

  @Override
  public String topic() {
    return publish.getTopic().toString();
  }

  @Override
  public byte[] payload() {
    return publish.getPayloadAsBytes();
  }

  @Override
  public int bytes() {
    return publish.getPayload().map(ByteBuffer::remaining).orElse(0);
  }

  @Override
  public boolean hasProperty(String name, String value) {
    Mqtt5UserProperties properties = publish.getUserProperties();
    return properties.asList().stream()
        .anyMatch(
            each ->
                each.getName().toString().equals(name) && each.getValue().toString().equals(value));
  }

  @Override
  public boolean isRepeated() {
    return publish.getQos() != MqttQos.AT_MOST_ONCE;
  }

  @Override
  public void settle() {
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
