package io.billingsdk.server.ingest;

import io.billingsdk.server.common.LimitedLog;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.tail.TailItem.TailSink;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane of the collector. Takes what has arrived, a micro-batch at a time, into the ledger:
 * COMMIT, then receipts, then acknowledgements, in this order and no other. While the database is
 * away it holds what it has and tries again; it neither acknowledges nor skips.
 *
 * <p>What waits is read only when its turn comes, on the thread of its own on which everything here
 * happens.
 */
final class CollectorLane implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CollectorLane.class);
  private static final LimitedLog limited = new LimitedLog(log);

  private static final long STOP_MILLIS = 15_000;

  /** Sends receipts. */
  @FunctionalInterface
  interface ReceiptSender {
    void send(List<Receipts.Addressed> receipts);
  }

  private final BatchSource source;
  private final BatchStore store;
  private final ReceiptSender receipts;
  private final TailSink tail;
  private final Failpoint.Hook failpoints;
  private final FairQueue queue;
  private final PersistentWrites writes = new PersistentWrites();

  /** The batch that is being stored, and since when. */
  private volatile Hand hand = Hand.EMPTY;

  private final CollectorCounts counts;
  private final Thread thread;

  CollectorLane(
      int number,
      Database database,
      LedgerWriter writer,
      ReceiptSender receipts,
      TailSink tail,
      FairQueue queue,
      CollectorCounts counts,
      Failpoint.Hook failpoints) {
    this.source = new BatchSource(number, queue, counts);
    this.store = new BatchStore(database, writer, writes, counts);
    this.receipts = receipts;
    this.tail = tail;
    this.queue = queue;
    this.counts = counts;
    this.failpoints = failpoints;
    this.thread = new Thread(this::run, "billing-collector-" + number);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private record Hand(List<IncomingMessage> batch, long sinceNanos) {
    static final Hand EMPTY = new Hand(List.of(), 0);
  }

  /** Whether it has been at its batch for so long. Any thread. */
  boolean isStuck(long afterNanos) {
    Hand now = hand;
    return !now.batch().isEmpty() && System.nanoTime() - now.sinceNanos() >= afterNanos;
  }

  /**
   * Lets the instances know whose batches it has in hand that they are not stored for now: it is
   * stored in the end, and is a duplicate when it comes again. Any thread.
   *
   * @return the messages to answer
   */
  List<IncomingMessage> refuseHand() {
    return hand.batch().stream().filter(IncomingMessage::refuse).toList();
  }

  /** Takes no other batch; returns at once. */
  void stop() {
    writes.stop();
    thread.interrupt();
  }

  /** Finishes the batch in hand; what waits behind it is left to the broker, unacknowledged. */
  @Override
  public void close() {
    stop();
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!writes.isStopping()) {
      List<IncomingMessage> batch = source.next();
      if (!batch.isEmpty()) {
        // An interrupt is for the wait, not for the transaction.
        Thread.interrupted();
        hand = new Hand(source.inHand(batch), System.nanoTime());
        collect(batch);
        hand = Hand.EMPTY;
      }
    }
    store.disconnect();
  }

  private void collect(List<IncomingMessage> batch) {
    List<IncomingEvent> entries = new ArrayList<>();
    batch.forEach(arrival -> entries.addAll(arrival.entries()));
    long begun = System.nanoTime();
    if (!store.store(entries) || !store.storeMalformed(batch) || !answer(batch)) {
      return;
    }
    slowDown(batch, entries.size(), System.nanoTime() - begun);
    // Its transaction has ended, and holds nothing.
    source.release();
    alarm(entries);
    counts.stored(entries);
    tell(entries);
    failpoints.reached(Failpoint.AFTER_RECEIPT);
    // All before any of them leaves: then those of one connection leave in one write.
    batch.forEach(arrival -> arrival.confirmation().run());
    batch.forEach(IncomingMessage::answer);
    counts.settled(batch.size());
    show(batch, entries);
  }

  /** Those of whose events nothing at all is kept: they took their part of the time for nothing. */
  private void slowDown(List<IncomingMessage> batch, int events, long nanos) {
    for (IncomingMessage arrival : batch) {
      long leftOut = arrival.entries().stream().filter(IncomingEvent::isLeftOut).count();
      if (leftOut > 0) {
        queue.pause(arrival.sender(), nanos / events * leftOut);
      }
    }
  }

  /** For those who watch; after everything that anybody relies on. */
  private void show(List<IncomingMessage> batch, List<IncomingEvent> entries) {
    if (!tail.isWanted()) {
      return;
    }
    try {
      tail.offer(TailItems.of(batch, entries));
    } catch (RuntimeException failed) {
      log.error("a batch cannot be shown in the live tail", failed);
    }
  }

  /** Probes: a receipt says that the ledger can be written to now. */
  private boolean answer(List<IncomingMessage> batch) {
    List<Receipts.Addressed> answers = new ArrayList<>();
    for (IncomingMessage arrival : batch) {
      String instance = arrival.instance();
      if (instance != null && arrival.isProbe()) {
        answers.add(Receipts.ofProbe(instance));
      }
    }
    if (answers.isEmpty()) {
      return true;
    }
    boolean writable = store.awaitWritable();
    if (writable) {
      send(answers);
    }
    return writable;
  }

  private void tell(List<IncomingEvent> entries) {
    send(Receipts.of(entries));
  }

  private void send(List<Receipts.Addressed> made) {
    try {
      receipts.send(made);
      counts.receipts(made.size());
    } catch (RuntimeException failed) {
      // They are committed: without a receipt they come again, and are duplicates then.
      log.error("receipts could not be sent", failed);
    }
  }

  /** One line a batch: two instances under one identity do not stop by themselves. */
  private static void alarm(List<IncomingEvent> entries) {
    List<IncomingEvent> conflicts =
        entries.stream().filter(each -> each.code().equals("CONFLICT")).toList();
    if (!conflicts.isEmpty()) {
      IncomingEvent first = conflicts.get(0);
      limited.error(
          LimitedLog.LogKind.CONFLICT,
          "{} events have the identity of counted events and other content, the first is {}/{} from"
              + " {}; they are not counted and kept in conflicting_event",
          conflicts.size(),
          first.stream(),
          first.seq(),
          first.instance());
    }
  }
}
