package io.billingsdk.server.control;

import java.util.concurrent.CompletableFuture;

/** Sends the messages about keys to SDKs. Thread-safe. */
interface KeyPublisher {
  /**
   * Sends a message with QoS 1.
   *
   * @return completes when the broker has it; exceptionally when that is not known
   */
  CompletableFuture<Void> publish(String topic, byte[] message);

  /**
   * How many messages wait at the broker for an instance; 0 where that is not known.
   *
   * @return completes soon
   */
  CompletableFuture<Integer> queued(String instance);
}
