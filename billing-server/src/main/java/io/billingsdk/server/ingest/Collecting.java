package io.billingsdk.server.ingest;

import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.HeldMessage;
import io.billingsdk.server.broker.SubscribedUsage;
import io.billingsdk.server.broker.UsageSource;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.Strangers;
import io.billingsdk.server.tail.TailSink;
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
public final class Collecting implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Collecting.class);

  private final CollectorCounts counts = new CollectorCounts();
  private final Lanes lanes;
  private final Intake intake;
  private final Returning returning;
  private final UsageSource source;
  private final V2Topics topics;
  private final ArrivalReader reader;
  private final UnaryOperator<Arrival> arrivals;

  /**
   * A collector to be started, of usage by subscription.
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
    this(database, new SubscribedUsage(broker, id, prefix), prefix, tail);
  }

  /**
   * A collector to be started, of usage from a source, which it closes in the end.
   *
   * @param prefix of all topics
   * @param tail told of each batch, after its receipts
   */
  public Collecting(Database database, UsageSource source, String prefix, TailSink tail) {
    this(database, LedgerAppender.withoutHooks(), source, prefix, tail);
  }

  /**
   * The same, into a ledger of which features have hooks.
   *
   * @param appender the way into the ledger
   */
  public Collecting(
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
  Collecting(
      Database database,
      BrokerAddress broker,
      String id,
      String prefix,
      Failpoint.Hook failpoints,
      UnaryOperator<Arrival> arrivals) {
    this(
        database,
        new SubscribedUsage(broker, id, prefix),
        prefix,
        TailSink.NONE,
        failpoints,
        arrivals);
  }

  /** With everything. */
  Collecting(
      Database database,
      UsageSource source,
      String prefix,
      TailSink tail,
      Failpoint.Hook failpoints,
      UnaryOperator<Arrival> arrivals) {
    this(database, source, prefix, tail, failpoints, arrivals, TimeBounds.standard());
  }

  /** With a clock that may be wrong. */
  Collecting(
      Database database,
      UsageSource source,
      String prefix,
      TailSink tail,
      Failpoint.Hook failpoints,
      UnaryOperator<Arrival> arrivals,
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

  private Collecting(
      Database database,
      LedgerAppender appender,
      UsageSource source,
      String prefix,
      TailSink tail,
      Failpoint.Hook failpoints,
      UnaryOperator<Arrival> arrivals,
      TimeBounds bounds) {
    this.source = source;
    this.arrivals = arrivals;
    this.topics = V2Topics.under(prefix);
    this.reader = new ArrivalReader(topics, bounds.clocks());
    this.lanes = new Lanes(database, appender, this::send, tail, counts, failpoints, bounds);
    this.returning = new Returning(database, new Reentry(bounds, appender), bounds);
    this.intake = new Intake(lanes);
    counts.comeFrom(source);
  }

  /** For producers without MQTT; works while this one does. */
  Intake intake() {
    return intake;
  }

  /** Begins to collect; returns at once. */
  public void start() {
    lanes.start();
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
    lanes.close();
    source.close();
  }

  /** What takes in held events. */
  Returning returning() {
    return returning;
  }

  private void received(HeldMessage message) {
    if (message.login().isEmpty() && reader.isReport(message)) {
      // Nobody says whose it is but itself: those of a stream are a producer's.
      Arrival report = read(message);
      UUID stream = report.stream();
      lanes.arrived(report.from(new Sender(Sender.V1, stream == null ? 0 : stream.hashCode())));
    } else {
      lanes.arrived(
          new Waiting.Unread(
              reader.senderOf(message), message, !reader.isReport(message), this::read));
    }
  }

  private Arrival read(HeldMessage message) {
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
