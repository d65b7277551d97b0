package io.billingsdk.server.broker;

import java.util.concurrent.CompletableFuture;

/**
 * The server's end of a broker: sends messages, and hands those that come to the {@link
 * ConnectionListener} that it was made with. Thread-safe.
 */
public interface BrokerLink extends AutoCloseable {
  /** Begins; returns at once. */
  void start();

  /** Whether messages come and go. */
  boolean isUp();

  /** How often it came up until now. */
  int connections();

  /**
   * Sends a message with QoS 1.
   *
   * @return completes when the broker has it; exceptionally when that is not known
   */
  CompletableFuture<Void> publish(String topic, byte[] payload, boolean retain);

  /**
   * How many messages wait at the broker for a client; 0 where that is not known.
   *
   * @return completes soon
   */
  default CompletableFuture<Integer> queued(String clientId) {
    return CompletableFuture.completedFuture(0);
  }

  /** Ends it for good. Messages still held get no acknowledgement. */
  @Override
  void close();

  /** Hears of a connection and its messages. Must not block for long. */
  interface ConnectionListener {
    /** A message has come, which must be confirmed in the end. */
    void received(HeldMessage message);

    /** Connected and subscribed. */
    default void up() {}

    /**
     * The connection was lost; all that was held has been confirmed and will be delivered again.
     */
    default void down() {}
  }
}
