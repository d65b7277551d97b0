package io.billingsdk.server.collect;

import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.BrokerConnection;
import io.billingsdk.server.broker.ConnectionListener;
import io.billingsdk.server.broker.ConnectionSettings;
import io.billingsdk.server.broker.HeldMessage;
import io.billingsdk.server.database.Database;
import io.billingsdk.wire.Bounds;
import io.billingsdk.wire.V1Topics;
import io.billingsdk.wire.V2Topics;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collector with its two connections: batches of protocol v2 are few and large, reports of
 * protocol v1 many and small, so that each has a window of its own.
 *
 * <p>Several may work on one database, in one process or many: they share the messages by a shared
 * subscription, and nothing else.
 */
public final class Collecting implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Collecting.class);

  private static final String GROUP = "collectors";

  /** The broker keeps what was not acknowledged while a collector is away. */
  private static final long SESSION_SECONDS = 24 * 3_600;

  private static final int BATCHES_HELD = 200;
  private static final int REPORTS_HELD = 5_000;
  private static final int SHARDS = 16;

  private final Collector collector;
  private final BrokerConnection batches;
  private final BrokerConnection reports;
  private final V2Topics topics;
  private final UnaryOperator<Arrival> arrivals;

  /**
   * A collector to be started.
   *
   * @param id of this collector, the same after each restart of it
   * @param prefix of all topics
   */
  public Collecting(Database database, BrokerAddress broker, String id, String prefix) {
    this(database, broker, id, prefix, Failpoint.Hook.NONE, arrival -> arrival);
  }

  /** With what tests want to plant: crashes, and what a wrong collector would do on arrival. */
  Collecting(
      Database database,
      BrokerAddress broker,
      String id,
      String prefix,
      Failpoint.Hook failpoints,
      UnaryOperator<Arrival> arrivals) {
    this.arrivals = arrivals;
    this.topics = V2Topics.under(prefix);
    int shard = ThreadLocalRandom.current().nextInt(SHARDS);
    LedgerWriter writer = new LedgerWriter(database, TimeBounds.DEFAULT, shard, failpoints);
    this.collector = new Collector(database, writer, this::send, failpoints);
    ArrivalReader reader = new ArrivalReader(topics);
    this.batches =
        new BrokerConnection(
            broker,
            new ConnectionSettings(
                id + "-v2",
                List.of(V2Topics.shared(GROUP, topics.usageFilter())),
                SESSION_SECONDS,
                BATCHES_HELD,
                2 * Bounds.BATCH_BYTES,
                null),
            to(reader::batch));
    this.reports =
        new BrokerConnection(
            broker,
            new ConnectionSettings(
                id + "-v1",
                List.of(V2Topics.shared(GROUP, V1Topics.under(prefix).report())),
                SESSION_SECONDS,
                REPORTS_HELD,
                4 * Bounds.EVENT_BYTES,
                null),
            to(reader::report));
  }

  /** Begins to collect; returns at once. */
  public void start() {
    collector.start();
    batches.start();
    reports.start();
  }

  /** Whether both connections are up. */
  public boolean isUp() {
    return batches.isUp() && reports.isUp();
  }

  /** How often its connections were made until now. */
  public int connections() {
    return batches.connections() + reports.connections();
  }

  /** Finishes the batch in hand, its receipts and acknowledgements, then disconnects. */
  @Override
  public void close() {
    collector.close();
    batches.close();
    reports.close();
  }

  private void send(List<Receipts.Addressed> receipts) {
    for (Receipts.Addressed each : receipts) {
      // One that is lost costs a repetition, no more.
      var unused =
          batches
              .publish(
                  topics.receipts(each.instance()), each.receipt().encode(), /* retain= */ false)
              .exceptionally(
                  failed -> {
                    log.debug("a receipt was not sent: {}", failed.toString());
                    return null;
                  });
    }
  }

  private ConnectionListener to(Function<HeldMessage, Arrival> read) {
    return message -> collector.arrived(arrivals.apply(read.apply(message)));
  }
}
