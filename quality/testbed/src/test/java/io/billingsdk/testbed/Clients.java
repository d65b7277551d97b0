package io.billingsdk.testbed;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** MQTT clients of the tests. */
final class Clients {

  private Clients() {}

  static Mqtt5BlockingClient tls(TestBroker broker, Role role, String clientId, int port)
      throws Exception {
    return MqttClient.builder()
        .useMqttVersion5()
        .identifier(clientId)
        .serverHost(broker.host())
        .serverPort(port)
        .sslConfig(
            MqttClientSslConfig.builder()
                .trustManagerFactory(OneAuthority.trust(broker.caPem()))
                .handshakeTimeout(60, TimeUnit.SECONDS)
                .build())
        .simpleAuth()
        .username(broker.user(role))
        .password(broker.password(role).getBytes(StandardCharsets.UTF_8))
        .applySimpleAuth()
        .buildBlocking();
  }

  static Mqtt5Publish message(String topic, String text) {
    return Mqtt5Publish.builder()
        .topic(topic)
        .qos(MqttQos.AT_LEAST_ONCE)
        .payload(text.getBytes(StandardCharsets.UTF_8))
        .build();
  }
}
