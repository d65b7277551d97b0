package io.billingsdk.testbed;

import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A message as {@link WireSpy} received it. Immutable. */
public final class SpiedMessage {

  private final String topic;
  private final byte[] payload;
  private final int qos;
  private final boolean retained;
  private final List<Map.Entry<String, String>> userProperties;

  private SpiedMessage(
      String topic,
      byte[] payload,
      int qos,
      boolean retained,
      List<Map.Entry<String, String>> userProperties) {
    this.topic = topic;
    this.payload = payload;
    this.qos = qos;
    this.retained = retained;
    this.userProperties = userProperties;
  }

  static SpiedMessage of(Mqtt5Publish publish) {
    List<Map.Entry<String, String>> properties =
        publish.getUserProperties().asList().stream()
            .map(each -> Map.entry(each.getName().toString(), each.getValue().toString()))
            .toList();
    return new SpiedMessage(
        publish.getTopic().toString(),
        publish.getPayloadAsBytes(),
        publish.getQos().getCode(),
        publish.isRetain(),
        properties);
  }

  /** The topic. */
  public String topic() {
    return topic;
  }

  /** A copy of the payload. */
  public byte[] payload() {
    return payload.clone();
  }

  /** The payload, read as UTF-8. */
  public String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  /** The quality of service with which it was delivered to the spy: 0, 1 or 2. */
  public int qos() {
    return qos;
  }

  /** Whether the broker had kept it from before the subscription. */
  public boolean retained() {
    return retained;
  }

  /** The user properties in the order of the packet. */
  public List<Map.Entry<String, String>> userProperties() {
    return userProperties;
  }

  /** The topic and the payload's size. */
  @Override
  public String toString() {
    return "SpiedMessage[" + topic + ", " + payload.length + " bytes]";
  }
}
