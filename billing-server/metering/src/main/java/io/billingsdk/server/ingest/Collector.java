package io.billingsdk.server.ingest;

import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.HeldMessage;
import io.billingsdk.server.broker.UsageSource;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.Strangers;
import io.billingsdk.server.tail.TailItem.TailSink;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collector: a source of usage and its lanes.
 *
 * <p>Several may work on one database, in one process or many: they share nothing else.
 */
public final class Collector implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Collector.class);

  private final CollectorCounts counts = new CollectorCounts();
  private final CollectorLanes collectorLanes;
  private final Intake intake;
  private final Returning returning;
  private final UsageSource source;
  private final V2Topics topics;
  private final IncomingMessageReader reader;
  private final UnaryOperator<IncomingMessage> arrivals;

  /**
   * A collector to be started, of usage by subscription.
   *
   * @param id of this collector, the same after each restart of it
   * @param prefix of all topics
   */
  public Collector(Database database, BrokerAddress broker, String id, String prefix) {
    this(database, broker, id, prefix, TailSink.NONE);
  }

  /**
   * The same, with somebody to show what it stores.
   *
   * @param tail receives each batch, after its receipts
   */
  public Collector(
      Database database, BrokerAddress broker, String id, String prefix, TailSink tail) {
    this(database, UsageSource.subscribed(broker, id, prefix), prefix, tail);
  }

  /**
   * A collector to be started, of usage from a source, which it closes in the end.
   *
   * @param prefix of all topics
   * @param tail receives each batch, after its receipts
   */
  public Collector(Database database, UsageSource source, String prefix, TailSink tail) {
    this(database, LedgerAppender.withoutHooks(), source, prefix, tail);
  }

  /**
   * The same, into a ledger where features have hooks.
   *
   * @param appender the way into the ledger
   */
  public Collector(
      Database database,
      LedgerAppender appender,
      UsageSource source,
      String prefix,
      TailSink tail) {
    this(
        database,
        appender,
        source,
        prefix,
        tail,
        Failpoint.Hook.NONE,
        arrival -> arrival,
        TimeBounds.standard());
  }

  /** With what tests want to plant: crashes, and what a wrong collector would do on arrival. */
  Collector(
      Database database,
      BrokerAddress broker,
      String id,
      String prefix,
      Failpoint.Hook failpoints,
      UnaryOperator<IncomingMessage> arrivals) {
    this(
        database,
        UsageSource.subscribed(broker, id, prefix),
        prefix,
        TailSink.NONE,
        failpoints,
        arrivals);
  }

  /** With everything. */
  Collector(
      Database database,
      UsageSource source,
      String prefix,
      TailSink tail,
      Failpoint.Hook failpoints,
      UnaryOperator<IncomingMessage> arrivals) {
    this(database, source, prefix, tail, failpoints, arrivals, TimeBounds.standard());
  }

  /** With a clock that may be wrong. */
  Collector(
      Database database,
      UsageSource source,
      String prefix,
      TailSink tail,
      Failpoint.Hook failpoints,
      UnaryOperator<IncomingMessage> arrivals,
      TimeBounds bounds) {
    this(
        database,
        LedgerAppender.withoutHooks(),
        source,
        prefix,
        tail,
        failpoints,
        arrivals,
        bounds);
  }

  private Collector(
      Database database,
      LedgerAppender appender,
      UsageSource source,
      String prefix,
      TailSink tail,
      Failpoint.Hook failpoints,
      UnaryOperator<IncomingMessage> arrivals,
      TimeBounds bounds) {
    this.source = source;
    this.arrivals = arrivals;
    this.topics = V2Topics.under(prefix);
    this.reader = new IncomingMessageReader(topics, bounds.clocks());
    this.collectorLanes =
        new CollectorLanes(database, appender, this::send, tail, counts, failpoints, bounds);
    this.returning = new Returning(database, new ReplayIntake(bounds, appender), bounds);
    this.intake = new Intake(collectorLanes);
    counts.comeFrom(source);
  }

  /** For senders without MQTT; works while this one does. */
  Intake intake() {
    return intake;
  }

  /** Takes usage in that a feature made of records of its own. */
  public RecordIntake records() {
    return new RecordIntake(intake);
  }

  /** Begins to collect; returns at once. */
  public void start() {
    collectorLanes.start();
    returning.start();
    source.start(this::received);
  }

  /** Whether usage comes in. */
  public boolean isUp() {
    return source.isUp();
  }

  /** Whether what has come is stored within so many seconds. */
  public boolean isStoring(long withinSeconds) {
    return counts.isStoring(withinSeconds);
  }

  /** Streams that send in the name of another instance. */
  public Strangers strangers() {
    return counts.strangers();
  }

  /** What it has done since its start. */
  CollectorCounts counts() {
    return counts;
  }

  /** How often its connections were made until now; 0 for a source without. */
  public int connections() {
    return source.connections();
  }

  /** Finishes the batches in hand, their receipts and acknowledgements, then ends the source. */
  @Override
  public void close() {
    returning.close();
    collectorLanes.close();
    source.close();
  }

  /** What takes in held events. */
  Returning returning() {
    return returning;
  }

  private void received(HeldMessage message) {
    if (message.login().isEmpty() && reader.isReport(message)) {
      // Nobody says whose it is but itself: those of a stream are an instance's.
      IncomingMessage report = read(message);
      UUID stream = report.stream();
      collectorLanes.arrived(
          report.from(new Sender(Sender.V1, stream == null ? 0 : stream.hashCode())));
    } else {
      collectorLanes.arrived(
          new Waiting.Unread(
              reader.senderOf(message), message, !reader.isReport(message), this::read));
    }
  }

  private IncomingMessage read(HeldMessage message) {
    return arrivals.apply(reader.read(message));
  }

  private void send(List<Receipts.Addressed> receipts) {
    for (Receipts.Addressed each : receipts) {
      // One that is lost costs a repetition, no more.
      var unused =
          source
              .send(topics.receipts(each.instance()), each.receipt().encode())
              .exceptionally(
                  failed -> {
                    log.debug("a receipt was not sent: {}", failed.toString());
                    return null;
                  });
    }
  }
}
