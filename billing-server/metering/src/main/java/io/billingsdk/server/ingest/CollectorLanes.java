package io.billingsdk.server.ingest;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.tail.TailItem.TailSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Several transactions at a time: while one waits for the database, the next is made ready. What
 * waits for them has its turn by {@link FairQueue}. Thread-safe.
 */
final class CollectorLanes implements AutoCloseable {
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

  private final FairQueue queue = new FairQueue(COUNT, new QosZeroLimit());
  private final CollectorCounts counts;
  private final List<CollectorLane> lanes;

  CollectorLanes(
      Database database,
      CollectorLane.ReceiptSender receipts,
      TailSink tail,
      CollectorCounts counts,
      Failpoint.Hook failpoints) {
    this(
        database,
        LedgerAppender.withoutHooks(),
        receipts,
        tail,
        counts,
        failpoints,
        TimeBounds.standard());
  }

  CollectorLanes(
      Database database,
      LedgerAppender appender,
      CollectorLane.ReceiptSender receipts,
      TailSink tail,
      CollectorCounts counts,
      Failpoint.Hook failpoints,
      TimeBounds bounds) {
    this.counts = counts;
    RowAllowance rows = new RowAllowance();
    int first = ThreadLocalRandom.current().nextInt(SHARDS);
    this.lanes =
        IntStream.range(0, COUNT)
            .mapToObj(
                number ->
                    new CollectorLane(
                        number,
                        database,
                        new LedgerWriter(
                            database,
                            appender,
                            bounds,
                            (first + number) % SHARDS,
                            rows,
                            counts.strangers(),
                            failpoints),
                        receipts,
                        tail,
                        queue,
                        counts,
                        failpoints))
            .toList();
  }

  void start() {
    lanes.forEach(CollectorLane::start);
    var unused =
        looks.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  private void look() {
    queue.forgetIdle();
    leaveOutGone();
    refuseWaiting();
  }

  /**
   * Otherwise messages of an instance that come on one connection after the other would wait
   * several times.
   */
  private void leaveOutGone() {
    List<Waiting> gone = queue.leaveOutGone();
    gone.forEach(each -> each.confirmation().run());
    counts.settled(gone.size());
  }

  /**
   * Lets the instances know whose batches wait because the database has not stored for so long:
   * they would give up a connection on which they hear nothing, and with it the keys that come on
   * it. What waits is theirs again.
   */
  private void refuseWaiting() {
    List<CollectorLane> stuck =
        lanes.stream().filter(lane -> lane.isStuck(REFUSED_AFTER_NANOS)).toList();
    if (stuck.isEmpty()) {
      return;
    }
    List<Waiting> refused =
        new ArrayList<>(queue.refuse(number -> stuck.contains(lanes.get(number))));
    refused.forEach(each -> each.confirmation().run());
    counts.settled(refused.size());
    stuck.forEach(lane -> refused.addAll(lane.refuseHand()));
    refused.forEach(Waiting::answer);
  }

  /** Takes a message, whose events are of one stream, to be stored; returns at once. */
  void arrived(Waiting come) {
    Waiting waiting = counts.waits(come);
    if (queue.add(waiting)) {
      counts.arrived();
    } else {
      waiting.confirmation().run();
    }
  }

  /** Messages that wait for their turn. */
  int waiting() {
    return queue.waiting();
  }

  /** Streams with events that are being stored. */
  int streamsUnderWay() {
    return queue.streams();
  }

  /** Finishes the batches in hand; what waits behind them is left unacknowledged. */
  @Override
  public void close() {
    looks.shutdownNow();
    lanes.forEach(CollectorLane::stop);
    lanes.forEach(CollectorLane::close);
  }
}
