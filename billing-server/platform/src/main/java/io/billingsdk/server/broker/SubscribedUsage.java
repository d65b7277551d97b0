package io.billingsdk.server.broker;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.BrokerConnection.ConnectionSettings;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Usage by shared subscriptions: batches of protocol v2 are few and large, reports of protocol v1
 * many and small, so that each has a window of its own. Several may share a broker, in one process
 * or many.
 */
final class SubscribedUsage implements UsageSource {
  private static final String GROUP = "collectors";

  /** The broker keeps what was not acknowledged while a collector is away. */
  private static final long SESSION_SECONDS = 24 * 3_600;

  /**
   * Together with their sizes they bound the memory while nothing is stored: about 60 MiB, and more
   * with a broker for which the {@link ReceiveWindow} has to grow.
   */
  private static final int BATCHES_HELD = 50;

  private static final int REPORTS_HELD = 500;

  /** Beyond what a message holds: its topic and its properties. */
  private static final int AROUND_BYTES = 16 << 10;

  /**
   * Two for batches: HiveMQ hands a client the next messages of a shared subscription only when it
   * has acknowledged all before, so that with one of them the lanes would run dry each time.
   */
  private final List<BrokerConnection> connections;

  private volatile @Nullable Listener listener;

  /**
   * Usage of a broker.
   *
   * @param id of this collector, the same after each restart of it
   * @param prefix of all topics
   */
  SubscribedUsage(BrokerAddress broker, String id, String prefix) {
    String batches = V2Topics.shared(GROUP, V2Topics.under(prefix).usageFilter());
    String reports = V2Topics.shared(GROUP, V1Topics.under(prefix).report());
    this.connections =
        Stream.of(
                settings(id + "-v2", batches, BATCHES_HELD, Bounds.BATCH_BYTES + AROUND_BYTES),
                settings(id + "-v2b", batches, BATCHES_HELD, Bounds.BATCH_BYTES + AROUND_BYTES),
                settings(id + "-v1", reports, REPORTS_HELD, 4 * Bounds.EVENT_BYTES))
            .map(each -> new BrokerConnection(broker, each, this::received))
            .toList();
  }

  @Override
  public void start(Listener begun) {
    listener = begun;
    connections.forEach(BrokerConnection::start);
  }

  @Override
  public boolean isUp() {
    return connections.stream().allMatch(BrokerConnection::isUp);
  }

  @Override
  public int connections() {
    return connections.stream().mapToInt(BrokerConnection::connections).sum();
  }

  @Override
  public CompletableFuture<Void> send(String topic, byte[] receipt) {
    return connections.get(0).publish(topic, receipt, /* retain= */ false);
  }

  @Override
  public void close() {
    connections.forEach(BrokerConnection::close);
  }

  private void received(HeldMessage message) {
    Listener now = listener;
    if (now != null) {
      now.received(message);
    }
  }

  private static ConnectionSettings settings(String clientId, String filter, int held, int bytes) {
    return new ConnectionSettings(clientId, List.of(filter), SESSION_SECONDS, held, bytes, null);
  }
}
