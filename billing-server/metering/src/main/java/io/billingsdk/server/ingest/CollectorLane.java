package io.billingsdk.server.ingest;

import io.billingsdk.server.common.LimitedLog;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.tail.TailItem.TailSink;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

  private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LAST_PAUSE_MILLIS = 2_000;
  private static final long STOP_MILLIS = 15_000;

  /** Sends receipts. */
  @FunctionalInterface
  interface ReceiptSender {
    void send(List<Receipts.Addressed> receipts);
  }

  private final Database database;
  private final LedgerWriter writer;
  private final ReceiptSender receipts;
  private final TailSink tail;
  private final Failpoint.Hook failpoints;
  private final FairQueue queue;
  private final int number;

  /** The batch that is being stored, and since when. */
  private volatile Hand hand = Hand.EMPTY;

  /** What was read and begins the next batch; for its thread. */
  private @Nullable Carried carried;

  private final CollectorCounts counts;
  private final Thread thread;
  private volatile boolean stopping;

  CollectorLane(
      int number,
      Database database,
      LedgerWriter writer,
      ReceiptSender receipts,
      TailSink tail,
      FairQueue queue,
      CollectorCounts counts,
      Failpoint.Hook failpoints) {
    this.database = database;
    this.writer = writer;
    this.receipts = receipts;
    this.tail = tail;
    this.queue = queue;
    this.number = number;
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

  private record Carried(FairQueue.MessageTurn turn, IncomingMessage arrival) {}

  /** Whether it has been at its batch for so long. Any thread. */
  boolean isStuck(long afterNanos) {
    Hand now = hand;
    return !now.batch().isEmpty() && System.nanoTime() - now.sinceNanos() >= afterNanos;
  }

  /**
   * Lets the instances know whose batches it has in hand that they are not stored for now: it is
   * stored in the end, and is a duplicate when it comes again. Any thread.
   *
   * @return what is to be answered
   */
  List<IncomingMessage> refuseHand() {
    return hand.batch().stream().filter(IncomingMessage::refuse).toList();
  }

  /** Takes no other batch; returns at once. */
  void stop() {
    stopping = true;
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
    while (!stopping) {
      List<IncomingMessage> batch = nextBatch();
      if (!batch.isEmpty()) {
        // An interrupt is for the wait, not for the transaction.
        Thread.interrupted();
        hand = new Hand(inHand(batch), System.nanoTime());
        collect(batch);
        hand = Hand.EMPTY;
      }
    }
    writer.disconnect();
  }

  private List<IncomingMessage> inHand(List<IncomingMessage> batch) {
    Carried next = carried;
    if (next == null) {
      return batch;
    }
    List<IncomingMessage> all = new ArrayList<>(batch);
    all.add(next.arrival());
    return all;
  }

  private void collect(List<IncomingMessage> batch) {
    List<IncomingEvent> entries = new ArrayList<>();
    batch.forEach(arrival -> entries.addAll(arrival.entries()));
    long begun = System.nanoTime();
    if (!store(entries) || !storeMalformed(batch) || !answer(batch)) {
      return;
    }
    slowDown(batch, entries.size(), System.nanoTime() - begun);
    // Its transaction holds nothing any more.
    release();
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
    boolean writable = persist(() -> LedgerAppender.requireWritable(database));
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
          "{} events have the identity of others and another content, the first is {}/{} from {};"
              + " they are not counted and kept in conflicting_event",
          conflicts.size(),
          first.stream(),
          first.seq(),
          first.instance());
    }
  }

  private void release() {
    Carried next = carried;
    if (next == null) {
      queue.release(number, null, null);
    } else {
      queue.release(number, next.turn(), next.arrival().stream());
    }
  }

  /** What waits; where nobody waits for it, what comes within a few milliseconds too. */
  private List<IncomingMessage> nextBatch() {
    Batch batch = new Batch();
    Carried first = carried;
    carried = null;
    if (first != null) {
      batch.add(first.arrival());
    }
    try {
      long end = 0;
      while (carried == null && !batch.isFull()) {
        if (batch.isEmpty()) {
          add(queue.take(number), batch);
          end = System.nanoTime() + BATCH_NANOS;
        } else {
          FairQueue.MessageTurn turn =
              queue.poll(number, batch.isAwaited() ? 0 : end - System.nanoTime());
          if (turn == null) {
            break;
          }
          add(turn, batch);
        }
      }
    } catch (InterruptedException e) {
      // Told by the flag; what was taken is done, the wait is over.
      log.debug("interrupted");
    }
    return batch.arrivals();
  }

  private void add(FairQueue.MessageTurn turn, Batch batch) {
    Waiting waiting = turn.waiting();
    if (waiting.isGone()) {
      // Left out: its sender has gone without an answer, and sends it again.
      waiting.confirmation().run();
      counts.settled(1);
      return;
    }
    long begun = System.nanoTime();
    IncomingMessage arrival = waiting.read();
    if (arrival.malformed() != null) {
      queue.pause(arrival.sender(), System.nanoTime() - begun);
    }
    if (!queue.admit(turn, arrival.stream(), arrival.cost())) {
      return;
    }
    if (batch.takes(arrival)) {
      batch.add(arrival);
    } else {
      carried = new Carried(turn, arrival);
    }
  }

  /** Stores until it is stored; false when the server stops before. */
  private boolean store(List<IncomingEvent> entries) {
    if (entries.isEmpty()) {
      return true;
    }
    long begun = System.nanoTime();
    boolean stored = storeAll(entries);
    if (stored) {
      counts.committed(entries.size(), System.nanoTime() - begun);
    }
    return stored;
  }

  private boolean storeAll(List<IncomingEvent> entries) {
    return persist(
        () -> {
          try {
            writer.store(entries);
          } catch (SQLException failed) {
            if (!Database.isDataError(failed)) {
              throw failed;
            }
            limited.error(
                LimitedLog.LogKind.REFUSED_USAGE,
                "the database refuses the content of a batch: {}",
                failed.getSQLState());
            apart(entries);
          }
        });
  }

  /** Stores each half by itself, down to the event that the database refuses. */
  private void apart(List<IncomingEvent> entries) throws SQLException {
    try {
      writer.store(entries);
    } catch (SQLException failed) {
      if (!Database.isDataError(failed)) {
        throw failed;
      }
      if (entries.size() == 1) {
        writer.refuse(entries.get(0));
        return;
      }
      int half = entries.size() / 2;
      apart(entries.subList(0, half));
      apart(entries.subList(half, entries.size()));
    }
  }

  private boolean storeMalformed(List<IncomingMessage> batch) {
    List<IncomingMessage> unreadable =
        batch.stream().filter(each -> each.malformed() != null).toList();
    if (unreadable.isEmpty()) {
      return true;
    }
    unreadable.forEach(
        each ->
            limited.warn(
                LimitedLog.LogKind.MALFORMED_USAGE,
                "a message on {} is malformed: {}",
                each.topic(),
                each.malformed()));
    boolean stored = persist(() -> writer.storeMalformed(unreadable));
    if (stored) {
      counts.unreadable(unreadable.size());
    }
    return stored;
  }

  /** Work that is tried again, for as long as it fails. */
  @FunctionalInterface
  private interface Persistent {
    void run() throws SQLException;
  }

  private boolean persist(Persistent work) {
    long pause = FIRST_PAUSE_MILLIS;
    boolean told = false;
    while (true) {
      try {
        work.run();
        if (told) {
          log.info("the database stores again");
        }
        return true;
      } catch (SQLException failed) {
        if (!told) {
          log.warn("the database does not store: {}; trying again", failed.getMessage());
        }
      } catch (RuntimeException failed) {
        // Out of here it would end the thread, and with it all collecting, in silence.
        if (!told) {
          log.error("a batch cannot be stored; trying again", failed);
        }
      }
      told = true;
      if (stopping || !slept(pause)) {
        return false;
      }
      pause = Math.min(LAST_PAUSE_MILLIS, pause * 2);
    }
  }

  private boolean slept(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      return !stopping;
    }
  }
}
