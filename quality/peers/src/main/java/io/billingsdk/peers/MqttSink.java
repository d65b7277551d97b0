package io.billingsdk.peers;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.Gzip;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.OneAuthority;
import io.billingsdk.testbed.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sink of our own library: an MQTT broker with TLS, and a billing system that speaks protocol
 * v2, keeps events in memory and answers each batch with a receipt.
 */
final class MqttSink {
  private static final V2Topics TOPICS = V2Topics.under("billing");
  private static final Pattern ID = Pattern.compile("evt-\\d{9}");
  private static final long CALL_SECONDS = 60;

  private final Intake intake;
  private final EmbeddedTestBroker broker;
  private final Mqtt5AsyncClient client;

  private MqttSink(Intake intake, EmbeddedTestBroker broker) throws Exception {
    this.intake = intake;
    this.broker = broker;
    this.client =
        MqttClient.builder()
            .useMqttVersion5()
            .identifier("peers-sink")
            .serverHost("localhost")
            .serverPort(broker.port())
            .sslConfig(
                MqttClientSslConfig.builder()
                    .trustManagerFactory(OneAuthority.trust(broker.caPem()))
                    .build())
            .simpleAuth()
            .username(broker.user(Role.SYSTEM))
            .password(broker.password(Role.SYSTEM).getBytes(StandardCharsets.UTF_8))
            .applySimpleAuth()
            .buildAsync();
  }

  /** Starts broker and billing system. */
  static MqttSink start(Path directory, Intake intake) throws Exception {
    EmbeddedTestBroker broker = EmbeddedTestBroker.in(directory);
    broker.start();
    MqttSink sink = new MqttSink(intake, broker);
    sink.connect();
    return sink;
  }

  private void connect() throws Exception {
    client.publishes(MqttGlobalPublishFilter.ALL, this::take);
    client.connect().get(CALL_SECONDS, TimeUnit.SECONDS);
    client
        .subscribeWith()
        .topicFilter(TOPICS.usageFilter())
        .qos(MqttQos.AT_LEAST_ONCE)
        .send()
        .get(CALL_SECONDS, TimeUnit.SECONDS);
    publish(TOPICS.collector(), Presence.of(/* online= */ true).encode(), /* retain= */ true);
  }

  int port() {
    return broker.port();
  }

  Path authority() {
    return broker.caPem();
  }

  private void take(Mqtt5Publish message) {
    try {
      UsageBatch batch = UsageBatch.decode(expanded(message));
      TreeSet<Long> seqs = new TreeSet<>();
      for (ReceivedEvent each : batch.events()) {
        ReceivedEvent.Valid event = (ReceivedEvent.Valid) each;
        intake.add(id(event), batch.stream() + "/" + event.seq());
        seqs.add(event.seq());
      }
      Receipt receipt = new Receipt(batch.stream(), SeqRange.covering(seqs), List.of(), List.of());
      String instance = TOPICS.instanceOf(message.getTopic().toString()).orElseThrow();
      publish(TOPICS.receipts(instance), receipt.encode(), /* retain= */ false);
    } catch (MalformedMessageException malformed) {
      System.err.println("malformed: " + malformed.getMessage());
    }
  }

  private static String id(ReceivedEvent.Valid event) {
    Matcher id = ID.matcher(String.valueOf(event.metadata()));
    if (!id.find()) {
      throw new IllegalStateException("an event without its id: " + event.metadata());
    }
    return id.group();
  }

  private static byte[] expanded(Mqtt5Publish message) throws MalformedMessageException {
    byte[] payload = message.getPayloadAsBytes();
    boolean isZipped =
        message.getUserProperties().asList().stream()
            .anyMatch(each -> each.getValue().toString().equals(Gzip.VALUE));
    return isZipped ? Gzip.expand(payload, Bounds.BATCH_BYTES) : payload;
  }

  private void publish(String topic, byte[] payload, boolean retain) {
    var unused =
        client
            .publishWith()
            .topic(topic)
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload(payload)
            .retain(retain)
            .send();
  }
}
