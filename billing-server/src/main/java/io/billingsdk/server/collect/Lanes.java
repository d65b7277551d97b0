package io.billingsdk.server.collect;

import io.billingsdk.server.database.Database;
import io.billingsdk.server.tail.TailSink;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Several transactions at a time: while one waits for the database, the next is made ready.
 *
 * <p>A stream has one lane at a time: its row is locked by one transaction at a time, and two lanes
 * with events of one stream would wait for each other. Thread-safe.
 */
final class Lanes implements AutoCloseable {
  /** One for each core, but two at least, and no more than are worth a connection each. */
  static final int COUNT = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));

  /** Of the rollups, over which collectors and their lanes are spread. */
  private static final int SHARDS = 16;

  /** Well before an instance gives up a connection on which nothing is answered: 30 s. */
  private static final long REFUSED_AFTER_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long LOOK_SECONDS = 1;

  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "billing-lanes");
            thread.setDaemon(true);
            return thread;
          });

  private final QosZeroLimit limit = new QosZeroLimit();
  private final Placement placement = new Placement(COUNT);
  private final CollectorCounts counts;
  private final List<Collector> lanes;

  Lanes(
      Database database,
      Collector.ReceiptSender receipts,
      TailSink tail,
      CollectorCounts counts,
      Failpoint.Hook failpoints) {
    this.counts = counts;
    int first = ThreadLocalRandom.current().nextInt(SHARDS);
    this.lanes =
        IntStream.range(0, COUNT)
            .mapToObj(
                number ->
                    new Collector(
                        number,
                        database,
                        new LedgerWriter(
                            database, TimeBounds.DEFAULT, (first + number) % SHARDS, failpoints),
                        receipts,
                        tail,
                        limit,
                        counts,
                        failpoints))
            .toList();
  }

  void start() {
    lanes.forEach(Collector::start);
    var unused =
        looks.scheduleWithFixedDelay(
            () -> lanes.forEach(lane -> lane.refuseWaiting(REFUSED_AFTER_NANOS)),
            LOOK_SECONDS,
            LOOK_SECONDS,
            TimeUnit.SECONDS);
  }

  /** Takes a message, whose events are of one stream, to be stored; returns at once. */
  void arrived(Arrival come) {
    Arrival arrival = counts.waits(come);
    List<Entry> entries = arrival.entries();
    if (entries.isEmpty()) {
      lanes.get(0).arrived(arrival);
      return;
    }
    UUID stream = entries.get(0).stream();
    int lane = placement.enter(stream, entries.size());
    lanes.get(lane).arrived(arrival.thenLeaving(() -> placement.leave(stream, entries.size())));
  }

  /** Streams of which something is not acknowledged yet. */
  int streamsUnderWay() {
    return placement.streams();
  }

  /** Finishes the batches in hand; what waits behind them is left unacknowledged. */
  @Override
  public void close() {
    looks.shutdownNow();
    lanes.forEach(Collector::stop);
    lanes.forEach(Collector::close);
  }
}
