package io.billingsdk.internal.link;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Makes connections; the seam between the state machine and the MQTT library. */
interface Connector {

  /** Begins one attempt. It reports the outcome to the events, on any thread. */
  Connection open(Events events);

  /** Releases what connections share: the threads end with their work. */
  void shutdown();

  /** After {@link #shutdown}: waits until its threads have ended; whether they have. */
  default boolean awaitEnd(Duration timeout) throws InterruptedException {
    return true;
  }

  /** One attempt, and the connection that comes of it. */
  interface Connection {
    /** Only while it is up. The callback may come on any thread. */
    void publish(OutgoingMessage message, Consumer<PublishResult> callback);

    /** Ends the attempt or the connection. Harmless when repeated. Completes normally. */
    CompletableFuture<Void> close();
  }

  /**
   * The outcome of an attempt: {@code up} or {@code failed}; after {@code up} once {@code failed}.
   */
  interface Events {
    void up(LinkLimits limits);

    void failed(Failure failure);

    void received(String topic, byte[] payload);
  }
}
