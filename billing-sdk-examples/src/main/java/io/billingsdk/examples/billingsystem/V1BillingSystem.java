package io.billingsdk.examples.billingsystem;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.billingsdk.wire.V1Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The smallest billing system that speaks protocol v1: it issues keys, tells every gateway about
 * them, and keeps what the gateways report.
 *
 * <p>It reconnects by itself and answers requests for keys after that. It remembers nothing when it
 * is closed. Never logs a key. Thread-safe.
 */
public final class V1BillingSystem implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(V1BillingSystem.class);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final V1Topics topics = V1Topics.under("billing");
  private final KeyRegister keys = new KeyRegister();
  private final Ledger ledger = new Ledger(keys);
  private final AtomicLong heartbeats = new AtomicLong();
  private final Executor worker = worker();
  private final Mqtt5AsyncClient mqtt;

  /** False before the first connection and after the last. */
  private final AtomicBoolean up = new AtomicBoolean();

  private V1BillingSystem(BrokerLogin broker) throws IOException {
    this.mqtt = MqttSetup.client(broker, up::get);
  }

  /**
   * Connects, subscribes, and returns when it is ready to receive.
   *
   * @throws IOException when the broker cannot be reached or refuses
   */
  public static V1BillingSystem start(BrokerLogin broker) throws IOException {
    V1BillingSystem system = new V1BillingSystem(broker);
    try {
      Waiting.on(system.connect(), START_TIMEOUT);
      system.up.set(true);
      return system;
    } catch (IOException failed) {
      system.close();
      throw failed;
    }
  }

  /** Gives an application a key, and tells the gateways. */
  public IssuedKey issue(String appId) {
    IssuedKey issued = keys.issue(appId);
    push(List.of(new KeyRegister.State(issued, null)));
    return issued;
  }

  /** Blocks a key, and tells the gateways. */
  public void block(IssuedKey key, String reason) {
    push(List.of(keys.block(key, reason)));
  }

  /** What was reported. */
  public Ledger ledger() {
    return ledger;
  }

  /** How many signs of life came. */
  public long heartbeats() {
    return heartbeats.get();
  }

  @Override
  public void close() {
    up.set(false);
    try {
      Waiting.on(mqtt.disconnect(), STOP_TIMEOUT);
    } catch (IOException notConnected) {
      log.debug("disconnect: {}", notConnected.getMessage());
    }
  }

  private CompletableFuture<?> connect() {
    // Before connecting: a message that finds no flow is acknowledged and thrown away.
    mqtt.publishes(MqttGlobalPublishFilter.ALL, this::received, worker, /* manualAck= */ true);
    return mqtt.connectWith()
        .cleanStart(true)
        .keepAlive(10)
        .send()
        .thenCompose(
            connected ->
                mqtt.subscribeWith()
                    .addSubscription()
                    .topicFilter(topics.report())
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .applySubscription()
                    .addSubscription()
                    .topicFilter(topics.keysRequest())
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .applySubscription()
                    .addSubscription()
                    .topicFilter(topics.heartbeat())
                    .qos(MqttQos.AT_MOST_ONCE)
                    .applySubscription()
                    .send());
  }

  private void received(Mqtt5Publish message) {
    try {
      handle(message.getTopic().toString(), message.getPayloadAsBytes());
    } catch (Throwable thrown) {
      // Out of here it would end the flow of messages for good, and nobody would be told.
      log.error("a message on {} could not be handled", message.getTopic(), thrown);
    } finally {
      // After it is stored, not before. Always: one that stays unconfirmed holds up all others.
      message.acknowledge();
    }
  }

  private void handle(String topic, byte[] payload) {
    if (topic.equals(topics.report())) {
      ledger.receive(payload);
    } else if (topic.equals(topics.keysRequest())) {
      push(keys.all());
    } else if (topic.equals(topics.heartbeat())) {
      heartbeats.incrementAndGet();
    }
  }

  private void push(List<KeyRegister.State> states) {
    // Nobody waits for it: a gateway that missed it asks again when it reconnects.
    CompletableFuture<?> unused =
        mqtt.publishWith()
            .topic(topics.keysUpdate())
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload(V1Messages.keyUpdate(states, System.currentTimeMillis()))
            .contentType("application/json")
            .send()
            .whenComplete(
                (sent, failure) -> {
                  if (failure != null) {
                    log.warn("a key update was not sent: {}", failure.toString());
                  }
                });
  }

  /** One thread, so that reports are taken in the order in which they came. */
  private static Executor worker() {
    ThreadPoolExecutor worker =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "billing-system");
              thread.setDaemon(true);
              return thread;
            });
    // It ends by itself. Shut down, it would refuse the library's last task, which then prints a
    // stack trace.
    worker.allowCoreThreadTimeOut(true);
    return worker;
  }
}
