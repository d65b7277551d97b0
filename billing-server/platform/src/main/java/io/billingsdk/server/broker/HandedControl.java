package io.billingsdk.server.broker;

import io.billingsdk.broker.EmbeddedBroker;
import io.billingsdk.server.broker.BrokerLink.ConnectionListener;
import java.util.concurrent.CompletableFuture;

/** Signs of life and requests for keys that our own broker hands over. */
final class HandedControl implements BrokerLink {
  private final Exchange exchange;
  private final EmbeddedBroker broker;
  private final ConnectionListener listener;

  HandedControl(Exchange exchange, EmbeddedBroker broker, ConnectionListener listener) {
    this.exchange = exchange;
    this.broker = broker;
    this.listener = listener;
  }

  @Override
  public void start() {
    exchange.controlTo(listener);
    if (broker.isRunning()) {
      listener.up();
    }
  }

  @Override
  public boolean isUp() {
    return exchange.takesControl() && broker.isRunning();
  }

  /** None is made. */
  @Override
  public int connections() {
    return 0;
  }

  @Override
  public CompletableFuture<Void> publish(String topic, byte[] payload, boolean retain) {
    return broker.publish(topic, payload, retain, BrokerConnection.CONTENT_TYPE);
  }

  @Override
  public CompletableFuture<Integer> queued(String clientId) {
    return broker.waitingFor(clientId);
  }

  @Override
  public void close() {
    exchange.controlTo(null);
  }
}
