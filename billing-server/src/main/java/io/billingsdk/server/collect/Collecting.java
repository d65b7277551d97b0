package io.billingsdk.server.collect;

import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.BrokerConnection;
import io.billingsdk.server.broker.ConnectionListener;
import io.billingsdk.server.broker.ConnectionSettings;
import io.billingsdk.server.broker.HeldMessage;
import io.billingsdk.server.database.Database;
import io.billingsdk.server.tail.TailSink;
import io.billingsdk.wire.Bounds;
import io.billingsdk.wire.V1Topics;
import io.billingsdk.wire.V2Topics;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collector with its connections and its lanes: batches of protocol v2 are few and large,
 * reports of protocol v1 many and small, so that each has a window of its own.
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

  private final CollectorCounts counts = new CollectorCounts();
  private final Lanes lanes;
  private final Intake intake;

  /**
   * Two for batches: HiveMQ hands a client the next messages of a shared subscription only when it
   * has acknowledged all before, so that with one of them the lanes would run dry each time.
   */
  private final List<BrokerConnection> batches;

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
    this(database, broker, id, prefix, TailSink.NONE);
  }

  /**
   * The same, with somebody to show what it stores.
   *
   * @param tail told of each batch, after its receipts
   */
  public Collecting(
      Database database, BrokerAddress broker, String id, String prefix, TailSink tail) {
    this(database, broker, id, prefix, tail, Failpoint.Hook.NONE, arrival -> arrival);
  }

  /** With what tests want to plant: crashes, and what a wrong collector would do on arrival. */
  Collecting(
      Database database,
      BrokerAddress broker,
      String id,
      String prefix,
      Failpoint.Hook failpoints,
      UnaryOperator<Arrival> arrivals) {
    this(database, broker, id, prefix, TailSink.NONE, failpoints, arrivals);
  }

  /** With everything. */
  Collecting(
      Database database,
      BrokerAddress broker,
      String id,
      String prefix,
      TailSink tail,
      Failpoint.Hook failpoints,
      UnaryOperator<Arrival> arrivals) {
    this.arrivals = arrivals;
    this.topics = V2Topics.under(prefix);
    this.lanes = new Lanes(database, this::send, tail, counts, failpoints);
    this.intake = new Intake(lanes);
    ArrivalReader reader = new ArrivalReader(topics);
    ConnectionListener batch = to(reader::batch);
    this.batches =
        List.of(
            new BrokerConnection(broker, batchesAs(id + "-v2"), batch),
            new BrokerConnection(broker, batchesAs(id + "-v2b"), batch));
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

  /** For producers without MQTT; works while this one does. */
  public Intake intake() {
    return intake;
  }

  /** Begins to collect; returns at once. */
  public void start() {
    lanes.start();
    batches.forEach(BrokerConnection::start);
    reports.start();
  }

  /** Whether all connections are up. */
  public boolean isUp() {
    return batches.stream().allMatch(BrokerConnection::isUp) && reports.isUp();
  }

  /** What it has done since its start. */
  public CollectorCounts counts() {
    return counts;
  }

  /** How often its connections were made until now. */
  public int connections() {
    return batches.stream().mapToInt(BrokerConnection::connections).sum() + reports.connections();
  }

  /** Finishes the batches in hand, their receipts and acknowledgements, then disconnects. */
  @Override
  public void close() {
    lanes.close();
    batches.forEach(BrokerConnection::close);
    reports.close();
  }

  private ConnectionSettings batchesAs(String clientId) {
    return new ConnectionSettings(
        clientId,
        List.of(V2Topics.shared(GROUP, topics.usageFilter())),
        SESSION_SECONDS,
        BATCHES_HELD,
        2 * Bounds.BATCH_BYTES,
        null);
  }

  private void send(List<Receipts.Addressed> receipts) {
    for (Receipts.Addressed each : receipts) {
      // One that is lost costs a repetition, no more.
      var unused =
          batches
              .get(0)
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
    return message -> lanes.arrived(arrivals.apply(read.apply(message)));
  }
}
