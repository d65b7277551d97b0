package io.billingsdk.server.broker;

import io.billingsdk.broker.EmbeddedBroker;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Usage that our own broker hands over: its instances wait for the acknowledgements. */
final class HandedUsage implements UsageSource {
  /** So many receipts may wait for their instance. */
  private static final int SMALL_BYTES = 16 << 10;

  private static final int SMALL_WAITING = 256;
  private static final int LARGE_WAITING = 16;

  private final Exchange exchange;
  private final EmbeddedBroker broker;

  HandedUsage(Exchange exchange, EmbeddedBroker broker) {
    this.exchange = exchange;
    this.broker = broker;
  }

  @Override
  public void start(Listener listener) {
    exchange.usageTo(listener);
  }

  @Override
  public boolean isUp() {
    return exchange.takesUsage() && broker.isRunning();
  }

  /** None is made. */
  @Override
  public int connections() {
    return 0;
  }

  @Override
  public long heldBytes() {
    return broker.heldBytes();
  }

  @Override
  public int stoppedConnections() {
    return broker.stoppedConnections();
  }

  /**
   * Not to an instance that takes none: what waits for it would fill the memory. Without a receipt
   * it sends again.
   */
  @Override
  public CompletableFuture<Void> send(String topic, byte[] receipt) {
    int most = receipt.length > SMALL_BYTES ? LARGE_WAITING : SMALL_WAITING;
    return broker
        .waitingFor(instanceOf(topic))
        .thenCompose(
            waiting ->
                waiting < most
                    ? broker.publish(
                        topic, receipt, /* retain= */ false, BrokerConnection.CONTENT_TYPE)
                    : CompletableFuture.failedFuture(
                        new IOException(waiting + " messages wait for the instance")));
  }

  /** Its client id, which is the part of the topic before the last. */
  private static String instanceOf(String topic) {
    int end = topic.lastIndexOf('/');
    return topic.substring(topic.lastIndexOf('/', end - 1) + 1, end);
  }

  /** In this order: a message between the two is not taken. */
  @Override
  public void close() {
    exchange.usageTo(null);
    broker.disconnectUnanswered();
  }
}
