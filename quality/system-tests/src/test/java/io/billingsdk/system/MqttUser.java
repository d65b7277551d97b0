package io.billingsdk.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.billingsdk.testbed.OneAuthority;
import io.billingsdk.testbed.TestBroker;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** A user of a broker that publishes anything, and hears all that it is let hear. */
final class MqttUser implements AutoCloseable {
  private final TestBroker broker;
  private final String user;
  private final Mqtt5BlockingClient listener;
  private final Set<String> heard = new ConcurrentSkipListSet<>();

  private MqttUser(TestBroker broker, String user, Mqtt5BlockingClient listener) {
    this.broker = broker;
    this.user = user;
    this.listener = listener;
  }

  /** Connects over TLS and subscribes to everything. */
  static MqttUser connect(TestBroker broker, String user, String clientId) throws Exception {
    MqttUser connected = new MqttUser(broker, user, client(broker, user, clientId));
    connected
        .listener
        .toAsync()
        .publishes(
            MqttGlobalPublishFilter.ALL,
            message ->
                connected.heard.add(
                    new String(message.getPayloadAsBytes(), UTF_8) + " " + message.getTopic()));
    connected.listener.connect();
    connected.listener.subscribeWith().topicFilter("#").qos(MqttQos.AT_LEAST_ONCE).send();
    return connected;
  }

  /**
   * Whether the broker took it from this user with a client id. On a connection of its own: this
   * Mosquitto ends one on which it refuses a message.
   */
  boolean publish(String clientId, String topic, String text) throws Exception {
    Mqtt5BlockingClient client = client(broker, user, clientId);
    client.connect();
    try {
      client.publish(
          Mqtt5Publish.builder()
              .topic(topic)
              .qos(MqttQos.AT_LEAST_ONCE)
              .payload(text.getBytes(UTF_8))
              .build());
      client.disconnect();
      return true;
    } catch (Mqtt5PubAckException refused) {
      return false;
    }
  }

  /** Texts and topics, as {@code text topic}. */
  Set<String> heard() {
    return heard;
  }

  @Override
  public void close() {
    listener.disconnect();
  }

  private static Mqtt5BlockingClient client(TestBroker broker, String user, String clientId)
      throws Exception {
    return MqttClient.builder()
        .useMqttVersion5()
        .identifier(clientId)
        .serverHost(broker.host())
        .serverPort(broker.port())
        .sslConfig()
        .trustManagerFactory(OneAuthority.trust(broker.caPem()))
        .applySslConfig()
        .simpleAuth()
        .username(user)
        .password(DocumentedMosquitto.passwordOf(user).getBytes(UTF_8))
        .applySimpleAuth()
        .buildBlocking();
  }
}
