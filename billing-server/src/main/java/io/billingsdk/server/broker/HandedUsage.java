package io.billingsdk.server.broker;

import io.billingsdk.broker.EmbeddedBroker;
import java.util.concurrent.CompletableFuture;

/** Usage that our own broker hands over: its producers wait for the acknowledgements. */
final class HandedUsage implements UsageSource {
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

  @Override
  public CompletableFuture<Void> send(String topic, byte[] receipt) {
    return broker.publish(topic, receipt, /* retain= */ false, BrokerConnection.CONTENT_TYPE);
  }

  /** In this order: what comes between the two is not taken any more. */
  @Override
  public void close() {
    exchange.usageTo(null);
    broker.disconnectUnanswered();
  }
}
