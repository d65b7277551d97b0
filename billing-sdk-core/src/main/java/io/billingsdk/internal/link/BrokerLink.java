package io.billingsdk.internal.link;

import io.billingsdk.internal.Faults;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The one connection to the broker: kept up, paced when it fails, and subscribed before it is said
 * to be up.
 *
 * <p>All methods are called on the scheduler's thread, and so are the observer and the callbacks
 * (except {@link LinkObserver#received}).
 */
public interface BrokerLink {

  /** A link over MQTT 5. Does nothing until started. */
  static BrokerLink mqtt(LinkSettings settings, Faults faults, Clock clock, Scheduler scheduler) {
    return new MqttLink(
        new MqttConnector(settings, scheduler, faults),
        RetryPolicy.standard(settings.connectTimeout()),
        faults,
        clock,
        scheduler);
  }

  /**
   * Begins to connect, and goes on for as long as it is not closed. To be called once.
   *
   * @param observer called from now on
   */
  void start(LinkObserver observer);

  /**
   * Publishes at QoS 1. The caller keeps within the {@link LinkLimits}; nothing is queued for
   * later.
   *
   * @param callback called once, unless the link is closed before
   */
  void publish(OutgoingMessage message, Consumer<PublishResult> callback);

  /** As {@link #publish(OutgoingMessage, Consumer)}, not compressed. */
  default void publish(String topic, byte[] payload, Consumer<PublishResult> callback) {
    publish(OutgoingMessage.plain(topic, payload), callback);
  }

  /** Gives up the present connection, if there is one, and makes another. */
  void reconnect(String why);

  /** Disconnects for good. The future completes, normally, when no more can be done. */
  CompletableFuture<Void> close();

  /**
   * After {@link #close}, on any other thread than the scheduler's: waits until the link's threads
   * have ended; whether they have.
   */
  default boolean awaitEnd(Duration timeout) throws InterruptedException {
    return true;
  }
}
