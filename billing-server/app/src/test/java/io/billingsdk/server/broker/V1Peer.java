package io.billingsdk.server.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3ClientBuilder;
import io.billingsdk.testbed.OneAuthority;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A client of MQTT 3.1.1 over TLS, with a clean session. */
final class V1Peer implements AutoCloseable {
  private final Mqtt3BlockingClient client;
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private V1Peer(Mqtt3BlockingClient client) {
    this.client = client;
  }

  /**
   * Connects.
   *
   * @param clientId null or empty: none is sent
   */
  static V1Peer connect(
      BrokerAddress address, String user, String password, @Nullable String clientId)
      throws Exception {
    Mqtt3ClientBuilder builder =
        MqttClient.builder()
            .useMqttVersion3()
            .serverHost(address.host())
            .serverPort(address.port())
            .sslConfig()
            .trustManagerFactory(OneAuthority.trust(Objects.requireNonNull(address.caPem())))
            .applySslConfig();
    if (clientId != null && !clientId.isEmpty()) {
      builder = builder.identifier(clientId);
    }
    V1Peer peer =
        new V1Peer(
            builder
                .simpleAuth()
                .username(user)
                .password(password.getBytes(UTF_8))
                .applySimpleAuth()
                .buildBlocking());
    peer.client
        .toAsync()
        .publishes(
            MqttGlobalPublishFilter.ALL,
            message -> peer.heard.add(new String(message.getPayloadAsBytes(), UTF_8)));
    peer.client.connect();
    return peer;
  }

  boolean isConnected() {
    return client.getState().isConnected();
  }

  void subscribe(String filter) {
    client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send();
  }

  void publish(String topic, String text) {
    client
        .publishWith()
        .topic(topic)
        .qos(MqttQos.AT_MOST_ONCE)
        .payload(text.getBytes(UTF_8))
        .send();
  }

  List<String> heard() {
    return heard;
  }

  @Override
  public void close() {
    if (isConnected()) {
      client.disconnect();
    }
  }
}
