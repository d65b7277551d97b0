package io.billingsdk.testbed;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT 5 client that shares no code with the SDK and shows what is on the wire: it subscribes,
 * keeps every message in the order of arrival, and can publish.
 *
 * <p>When the connection ends it connects and subscribes again, as long as it takes; messages that
 * were sent meanwhile are missed. Thread-safe; its threads are daemons of its own.
 */
public final class WireSpy implements AutoCloseable {

  private static final long CALL_TIMEOUT_SECONDS = 180;

  /** A broker that is just ending may take a connection and never answer: another try is due. */
  static final int ATTEMPT_SECONDS = 15;

  private static final long RETRY_MILLIS = 100;

  private final SpyConnections connections;
  private final List<Mqtt5Subscription> subscriptions;
  private final Thread keeper;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Object lock = new Object();

  // Guarded by lock.
  private final List<SpiedMessage> messages = new ArrayList<>();
  private @Nullable Mqtt5AsyncClient subscribed;
  private @Nullable Throwable lastFailure;

  private WireSpy(SpyConnections connections, List<String> filters) {
    this.connections = connections;
    this.subscriptions =
        filters.stream()
            .map(
                each ->
                    Mqtt5Subscription.builder()
                        .topicFilter(each)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .build())
            .toList();
    this.keeper = new Thread(this::keepConnected, "wire-spy");
    keeper.setDaemon(true);
  }

  /** A spy as {@link Role#SPY}, connected and subscribed when this returns. */
  public static WireSpy on(TestBroker broker, String... filters) {
    return on(broker, Role.SPY, filters);
  }

  /** A spy with another role, which may publish what that role may. */
  public static WireSpy on(TestBroker broker, Role role, String... filters) {
    WireSpy spy = new WireSpy(new SpyConnections(broker, role), List.of(filters));
    spy.keeper.start();
    try {
      spy.awaitSubscribed(Duration.ofSeconds(CALL_TIMEOUT_SECONDS));
    } catch (AssertionError e) {
      spy.close();
      throw e;
    }
    return spy;
  }

  /** All messages until now, in the order of arrival. */
  public List<SpiedMessage> messages() {
    synchronized (lock) {
      return List.copyOf(messages);
    }
  }

  /** Forgets the messages until now. */
  public void clear() {
    synchronized (lock) {
      messages.clear();
    }
  }

  /**
   * Waits until the messages satisfy the condition and returns them.
   *
   * @throws AssertionError when they do not within {@code atMost}
   */
  public List<SpiedMessage> await(Predicate<List<SpiedMessage>> condition, Duration atMost) {
    return awaitState(
        () -> condition.test(List.copyOf(messages)), atMost, "the messages did not come");
  }

  /**
   * Waits until it is connected and its filters are granted, for example after a broker's restart.
   *
   * @throws AssertionError when it is not within {@code atMost}
   */
  public void awaitSubscribed(Duration atMost) {
    awaitState(() -> subscribed != null, atMost, "the spy could not subscribe");
  }

  /** Publishes with QoS 1 and waits for the acknowledgement; fails when it is refused. */
  public void publish(String topic, byte[] payload) {
    publish(topic, payload, /* retain= */ false);
  }

  /** As {@link #publish(String, byte[])}, for the broker to keep when {@code retain}. */
  public void publish(String topic, byte[] payload, boolean retain) {
    Mqtt5AsyncClient client;
    synchronized (lock) {
      client = subscribed;
    }
    if (client == null) {
      throw new IllegalStateException("the spy is not connected");
    }
    Mqtt5Publish publish =
        Mqtt5Publish.builder()
            .topic(topic)
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload(payload)
            .retain(retain)
            .build();
    try {
      client.publish(publish).get(CALL_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the message to " + topic + " was not acknowledged", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while publishing", e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    keeper.interrupt();
    try {
      keeper.join(TimeUnit.SECONDS.toMillis(CALL_TIMEOUT_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void keepConnected() {
    try {
      do {
        connectUntilLost();
      } while (!closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      // close() asks for the end.
      Thread.currentThread().interrupt();
    }
  }

  private void connectUntilLost() throws InterruptedException {
    CountDownLatch lost = new CountDownLatch(1);
    @Nullable Mqtt5AsyncClient client = null;
    try {
      client = connections.newClient(lost);
      // Before connecting: a message without a registered flow is acknowledged and dropped.
      client.publishes(MqttGlobalPublishFilter.ALL, this::record);
      client.connect().get(ATTEMPT_SECONDS, TimeUnit.SECONDS);
      subscribe(client);
      change(client);
      lost.await();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      // The broker is away: the caller's loop tries again. An unchecked exception, as of a
      // cancelled future, would otherwise end the thread, and the spy would stay away for good.
      synchronized (lock) {
        lastFailure = e;
      }
    } finally {
      change(null);
      if (client != null) {
        connections.discard(client);
      }
    }
  }

  private void subscribe(Mqtt5AsyncClient client)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!subscriptions.isEmpty()) {
      client
          .subscribeWith()
          .addSubscriptions(subscriptions)
          .send()
          .get(ATTEMPT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void record(Mqtt5Publish publish) {
    synchronized (lock) {
      messages.add(SpiedMessage.of(publish));
      lock.notifyAll();
    }
  }

  private void change(@Nullable Mqtt5AsyncClient client) {
    synchronized (lock) {
      subscribed = client;
      lock.notifyAll();
    }
  }

  private List<SpiedMessage> awaitState(Condition condition, Duration atMost, String failure) {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (lock) {
      while (!condition.holds()) {
        long restMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()) + 1;
        if (deadline - System.nanoTime() <= 0) {
          throw new AssertionError(
              failure + " within " + atMost + "; seen: " + summary(), lastFailure);
        }
        try {
          lock.wait(restMillis);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError("interrupted; seen: " + summary(), e);
        }
      }
      return List.copyOf(messages);
    }
  }

  /** How many, and the last of them. */
  private String summary() {
    int most = Math.min(messages.size(), 10);
    return messages.size()
        + ", at last "
        + messages.subList(messages.size() - most, messages.size());
  }

  private interface Condition {
    boolean holds();
  }
}
