package io.billingsdk.server.broker;

import java.util.concurrent.CompletableFuture;

/**
 * Where usage of MQTT instances comes from, and where their receipts go. There are two: {@link
 * OwnBroker#usage}, where the broker of this process hands over what its clients publish, and
 * {@link #subscribed}, a shared subscription at any broker.
 *
 * <ul>
 *   <li><b>Nothing is acknowledged by itself.</b> A message that is never settled is sent again: by
 *       its instance or by the broker.
 *   <li><b>An acknowledgement follows the order of arrival</b> of its connection.
 *   <li><b>Held messages are bounded</b>, except QoS 0, which the listener bounds.
 *   <li>In process an acknowledgement goes to the instance. From a subscription it goes to the
 *       broker, which has acknowledged to the instance before.
 * </ul>
 *
 * <p>Thread-safe.
 */
public interface UsageSource extends AutoCloseable {
  /** Hears of usage. Called by many threads, which it must not block for long. */
  @FunctionalInterface
  interface Listener {
    /** A batch of protocol v2 or a report of v1 has come, which is to be settled in the end. */
    void received(HeldMessage message);
  }

  /**
   * Usage of any broker, by shared subscriptions: several sources may share them, in one process or
   * many.
   *
   * @param id of this collector, the same after each restart of it
   * @param prefix of all topics
   */
  static UsageSource subscribed(BrokerAddress broker, String id, String prefix) {
    return new SubscribedUsage(broker, id, prefix);
  }

  /** Begins, once; returns at once. */
  void start(Listener listener);

  /** Whether usage comes in. */
  boolean isUp();

  /** How often its connections were made until now. */
  int connections();

  /** Bytes of messages that are not settled, where they are counted; otherwise 0. */
  default long heldBytes() {
    return 0;
  }

  /** Connections that are not read until some of those bytes are settled. */
  default int stoppedConnections() {
    return 0;
  }

  /**
   * Sends a receipt to an instance.
   *
   * @return completes when the broker has it; exceptionally when that is not known
   */
  CompletableFuture<Void> send(String topic, byte[] receipt);

  /** Ends it. Unsettled messages get no acknowledgement. */
  @Override
  void close();
}
