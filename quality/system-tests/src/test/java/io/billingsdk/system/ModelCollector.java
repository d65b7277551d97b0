package io.billingsdk.system;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.Gzip;
import io.billingsdk.protocol.KeyUpdate;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Message;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.testbed.OneAuthority;
import io.billingsdk.testbed.Pace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The smallest collector that keeps the protocol, one message a transaction: what the system tests
 * are tried on, and, with a {@link Plant}, what they must catch. It shares the wire codec with the
 * billing server and nothing else. A process of its own, there to be killed.
 *
 * <p>Arguments are {@code key=value}: {@code host}, {@code port}, {@code ca}, {@code user}, {@code
 * password}, {@code database}, {@code key}, {@code protocol} (1 or 2), {@code plant}.
 */
public final class ModelCollector {
  private static final long CALL_SECONDS = 30;
  private static final V2Topics TOPICS = V2Topics.under("billing");

  private final Arguments arguments;
  private final ModelLedger ledger;
  private final Plant plant;

  private ModelCollector(Arguments arguments, Plant plant) {
    this.arguments = arguments;
    this.plant = plant;
    this.ledger = new ModelLedger(arguments.text("database"), plant);
  }

  /** Runs it until it is killed. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    Plant plant = Plant.valueOf(arguments.text("plant", "NONE"));
    ModelCollector collector = new ModelCollector(arguments, plant);
    collector.createTables();
    while (true) {
      try {
        collector.connectUntilLost();
      } catch (java.util.concurrent.ExecutionException
          | java.util.concurrent.TimeoutException
          | IllegalStateException brokerIsAway) {
        Pace.pause(Duration.ofMillis(200));
      }
    }
  }

  /** A collector that starts while the database does must not end: nobody starts it again. */
  private void createTables() throws InterruptedException {
    while (true) {
      try {
        ledger.createTables();
        return;
      } catch (SQLException away) {
        System.err.println("again: " + away.getMessage());
        Pace.pause(Duration.ofMillis(200));
      }
    }
  }

  /** A new client object each time: what the old one held is given again by the broker. */
  private void connectUntilLost() throws Exception {
    CountDownLatch lost = new CountDownLatch(1);
    LinkedBlockingQueue<Mqtt5Publish> held = new LinkedBlockingQueue<>();
    Mqtt5AsyncClient client = client(lost);
    // Before connecting: a message without a registered flow is acknowledged and dropped.
    client.publishes(MqttGlobalPublishFilter.ALL, held::add, /* manualAcknowledgement= */ true);
    client
        .connectWith()
        // Receipts make a session unnecessary; without them the broker must keep what is not
        // stored.
        .cleanStart(protocol() == 2)
        .sessionExpiryInterval(protocol() == 2 ? 0 : 3_600)
        .keepAlive(2)
        .restrictions()
        // More than the broker's max_inflight_messages: on a restored session Mosquitto 2.0.11
        // sends
        // that many, and the client would end each connection.
        .receiveMaximum(4_000)
        .applyRestrictions()
        .send()
        .get(CALL_SECONDS, TimeUnit.SECONDS);
    subscribe(client);
    if (protocol() == 2) {
      publish(client, TOPICS.collector(), Presence.of(true).encode(), /* retain= */ true);
    }
    System.out.println("SUBSCRIBED");
    while (lost.getCount() > 0) {
      Mqtt5Publish message = held.poll(50, TimeUnit.MILLISECONDS);
      if (message != null) {
        take(client, message, lost);
      }
    }
  }

  private void take(Mqtt5AsyncClient client, Mqtt5Publish message, CountDownLatch lost)
      throws Exception {
    String topic = message.getTopic().toString();
    if (topic.equals("billing/keys/request")) {
      message.acknowledge();
      publish(client, "billing/keys/update", keyUpdate(), /* retain= */ false);
      return;
    }
    if (plant == Plant.ACK_BEFORE_COMMIT) {
      message.acknowledge();
    }
    UsageBatch batch = batch(message);
    if (plant == Plant.RECEIPT_BEFORE_COMMIT) {
      receipt(
          client,
          topic,
          receiptFor(batch, batch.events().stream().map(ReceivedEvent::seq).toList()));
    }
    List<Long> inserted = store(batch, lost);
    if (plant != Plant.RECEIPT_BEFORE_COMMIT) {
      receipt(client, topic, receiptFor(batch, inserted));
    }
    if (plant != Plant.ACK_BEFORE_COMMIT) {
      message.acknowledge();
    }
  }

  /** Until it is committed: without the database nothing is acknowledged and nothing skipped. */
  private List<Long> store(UsageBatch batch, CountDownLatch lost) throws InterruptedException {
    while (true) {
      try {
        return ledger.store(batch);
      } catch (SQLException away) {
        System.err.println("again: " + away.getMessage());
        if (lost.await(200, TimeUnit.MILLISECONDS)) {
          // What was not acknowledged comes again, and with it this.
          throw new IllegalStateException("connection and database are lost", away);
        }
      }
    }
  }

  private int protocol() {
    return (int) arguments.number("protocol", 2);
  }

  private static UsageBatch batch(Mqtt5Publish message) throws MalformedMessageException {
    byte[] payload = message.getPayloadAsBytes();
    boolean zipped =
        message.getUserProperties().asList().stream()
            .anyMatch(each -> each.getValue().toString().equals(Gzip.VALUE));
    if (message.getTopic().toString().equals("billing/report")) {
      V1Message report = V1Message.decode(payload);
      UUID stream = report.stream();
      return new UsageBatch(
          stream == null ? UUID.randomUUID() : stream, null, 0, List.of(report.event()));
    }
    return UsageBatch.decode(zipped ? Gzip.expand(payload, Bounds.BATCH_BYTES) : payload);
  }

  private static Receipt receiptFor(UsageBatch batch, List<Long> inserted) {
    List<Long> repeated =
        batch.events().stream()
            .map(ReceivedEvent::seq)
            .filter(seq -> !inserted.contains(seq))
            .sorted()
            .toList();
    return new Receipt(
        batch.stream(),
        SeqRange.covering(inserted.stream().sorted().toList()),
        SeqRange.covering(repeated),
        List.of());
  }

  private static void receipt(Mqtt5AsyncClient client, String topic, Receipt receipt) {
    TOPICS
        .instanceOf(topic)
        .ifPresent(
            instance ->
                publish(client, TOPICS.receipts(instance), receipt.encode(), /* retain= */ false));
  }

  private byte[] keyUpdate() {
    return V1Codec.encodeKeyUpdate(
        new KeyUpdate(
            System.currentTimeMillis(),
            protocol(),
            List.of(new KeyUpdate.Entry("app-1", arguments.text("key"), false, null)),
            0));
  }

  private static void publish(
      Mqtt5AsyncClient client, String topic, byte[] payload, boolean retain) {
    // Lost, it is asked for again: the events are sent again, and the keys.
    var unused =
        client
            .publishWith()
            .topic(topic)
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload(payload)
            .retain(retain)
            .send();
  }

  private static void subscribe(Mqtt5AsyncClient client) throws Exception {
    List<Mqtt5Subscription> subscriptions =
        List.of(
                V2Topics.shared("collectors", TOPICS.usageFilter()),
                V2Topics.shared("collectors", "billing/report"),
                "billing/keys/request")
            .stream()
            .map(
                filter ->
                    Mqtt5Subscription.builder()
                        .topicFilter(filter)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .build())
            .toList();
    client
        .subscribeWith()
        .addSubscriptions(subscriptions)
        .send()
        .get(CALL_SECONDS, TimeUnit.SECONDS);
  }

  private Mqtt5AsyncClient client(CountDownLatch lost) throws Exception {
    Mqtt5ClientBuilder builder =
        MqttClient.builder()
            .useMqttVersion5()
            .identifier(protocol() == 2 ? "collector-" + UUID.randomUUID() : "collector")
            .serverHost(arguments.text("host"))
            .serverPort((int) arguments.number("port", 0))
            .sslConfig(
                MqttClientSslConfig.builder()
                    .trustManagerFactory(OneAuthority.trust(Path.of(arguments.text("ca"))))
                    .build())
            .simpleAuth()
            .username(arguments.text("user"))
            .password(arguments.text("password").getBytes(StandardCharsets.UTF_8))
            .applySimpleAuth()
            .addDisconnectedListener(context -> lost.countDown());
    // Presence is of v2 only: services that hear it from a collector of v1 would speak v2 from
    // then on, and wait for ever for one that never says that it is back.
    return protocol() == 2 ? builder.willPublish(offline()).buildAsync() : builder.buildAsync();
  }

  private static Mqtt5Publish offline() {
    return Mqtt5Publish.builder()
        .topic(TOPICS.collector())
        .payload(Presence.of(false).encode())
        .qos(MqttQos.AT_LEAST_ONCE)
        .retain(true)
        .build();
  }
}
