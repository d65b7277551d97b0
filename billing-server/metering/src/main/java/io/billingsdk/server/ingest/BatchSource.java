package io.billingsdk.server.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the batches of one lane from the queue: a message is read when its turn comes, and one that
 * does not fit into a batch begins the next. For the lane's thread.
 */
final class BatchSource {
  private static final Logger log = LoggerFactory.getLogger(BatchSource.class);
  private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final int lane;
  private final FairQueue queue;
  private final CollectorCounts counts;

  /** A message that was read and begins the next batch. */
  private @Nullable Carried carried;

  private record Carried(FairQueue.MessageTurn turn, IncomingMessage arrival) {}

  BatchSource(int lane, FairQueue queue, CollectorCounts counts) {
    this.lane = lane;
    this.queue = queue;
    this.counts = counts;
  }

  /**
   * What waits; where nobody waits for it, what comes within a few milliseconds too. Empty when the
   * thread was interrupted before a message came.
   */
  List<IncomingMessage> next() {
    Batch batch = new Batch();
    Carried first = carried;
    carried = null;
    if (first != null) {
      batch.add(first.arrival());
    }
    try {
      fill(batch);
    } catch (InterruptedException e) {
      // The flag says so; the taken messages are done, the wait is over.
      log.debug("interrupted");
    }
    return batch.arrivals();
  }

  private void fill(Batch batch) throws InterruptedException {
    long end = 0;
    while (carried == null && !batch.isFull()) {
      if (batch.isEmpty()) {
        add(queue.take(lane), batch);
        end = System.nanoTime() + BATCH_NANOS;
      } else {
        FairQueue.MessageTurn turn =
            queue.poll(lane, batch.isAwaited() ? 0 : end - System.nanoTime());
        if (turn == null) {
          return;
        }
        add(turn, batch);
      }
    }
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

  /** The messages of a batch, and the one that begins the next. */
  List<IncomingMessage> inHand(List<IncomingMessage> batch) {
    Carried next = carried;
    if (next == null) {
      return batch;
    }
    List<IncomingMessage> all = new ArrayList<>(batch);
    all.add(next.arrival());
    return all;
  }

  /** The transaction of the batch has ended: only the message that begins the next is in hand. */
  void release() {
    Carried next = carried;
    if (next == null) {
      queue.release(lane, null, null);
    } else {
      queue.release(lane, next.turn(), next.arrival().stream());
    }
  }
}
