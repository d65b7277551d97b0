package io.billingsdk.internal.link;

import com.hivemq.client.internal.mqtt.datatypes.MqttUserPropertiesImpl;
import com.hivemq.client.internal.mqtt.message.connect.connack.MqttConnAck;
import com.hivemq.client.internal.mqtt.message.connect.connack.MqttConnAckRestrictions;
import com.hivemq.client.internal.mqtt.message.disconnect.MqttDisconnect;
import com.hivemq.client.internal.mqtt.message.publish.MqttPublish;
import com.hivemq.client.internal.mqtt.message.publish.MqttPublishResult.MqttQos1Result;
import com.hivemq.client.internal.mqtt.message.publish.puback.MqttPubAck;
import com.hivemq.client.internal.mqtt.message.subscribe.suback.MqttSubAck;
import com.hivemq.client.internal.util.collections.ImmutableList;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import java.util.List;

/**
 * What the library throws and answers, made without a broker. A broker's messages have no public
 * builder, so these are the library's own classes; an upgrade that moves them breaks this one file.
 */
final class HiveMessages {
  private static final MqttUserPropertiesImpl NONE = MqttUserPropertiesImpl.of(ImmutableList.of());

  private HiveMessages() {}

  static Throwable connAck(Mqtt5ConnAckReasonCode code) {
    return new Mqtt5ConnAckException(
        new MqttConnAck(
            code, false, 0, 0, null, null, MqttConnAckRestrictions.DEFAULT, null, null, null, NONE),
        "the library's words");
  }

  static Throwable disconnect(Mqtt5DisconnectReasonCode code) {
    return new Mqtt5DisconnectException(
        new MqttDisconnect(code, 0, null, null, NONE), "the library's words");
  }

  static Throwable subAck(Mqtt5SubAckReasonCode... codes) {
    return new Mqtt5SubAckException(
        new MqttSubAck(1, ImmutableList.copyOf(List.of(codes)), null, NONE), "the library's words");
  }

  private static MqttPubAck pubAck(Mqtt5PubAckReasonCode code) {
    return new MqttPubAck(1, code, null, NONE);
  }

  static Throwable pubAckException(Mqtt5PubAckReasonCode code) {
    return new Mqtt5PubAckException(pubAck(code), "the library's words");
  }

  static Mqtt5PublishResult pubAckResult(Mqtt5PubAckReasonCode code) {
    MqttPublish publish = (MqttPublish) Mqtt5Publish.builder().topic("t").build();
    return new MqttQos1Result(publish, null, pubAck(code));
  }
}
