package io.billingsdk.internal.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The way of records from the journal's thread to the one that delivers, and of the news of their
 * settlement back. Holds a bounded number of bytes ahead. Thread-safe; one lock for a few steps.
 */
final class DeliveryQueue {
  /** What a record costs beside its body: without it empty bodies would be read without end. */
  private static final int RECORD_OVERHEAD_BYTES = 64;

  private final Object lock = new Object();
  private final UUID stream;
  private final long aheadBytes;
  private final Runnable wake;
  private final Runnable onAvailable;

  // All guarded by lock.
  private final Deque<JournalRecord> waiting = new ArrayDeque<>();
  private final Set<JournalRecord> handedOut = new LinkedHashSet<>();
  private List<Ack> settled = new ArrayList<>();
  private List<Ack> settledDead = new ArrayList<>();
  private long waitingBytes;
  private long acknowledged;
  private long deadLettered;

  /** Of this process's own stream. */
  private final AckedRanges ownSettled = new AckedRanges();

  private final DroppedRecords dropped = new DroppedRecords();

  private long othersSettled;

  /** Of this process's own stream, the last that was offered or dropped instead. */
  private long ownOffered;

  private long othersOffered;

  /**
   * What it counts, at one moment.
   *
   * @param inHand records that wait or are handed out
   * @param ownOffered up to which number it was given records of this process's stream
   * @param othersOffered how many it was given of others
   */
  record QueueCounts(
      long acknowledged,
      long deadLettered,
      long dropped,
      long inHand,
      long ownOffered,
      long othersOffered) {}

  /** A record that is settled; with the reason when it is a dead letter. */
  record Ack(JournalRecord event, @Nullable String deadReason) {}

  /**
   * Nothing to hand out yet.
   *
   * @param stream of this process
   * @param aheadBytes the bytes read ahead, about
   * @param wake run when there is something for the journal's thread, with no lock held
   * @param onAvailable run when there is something to hand out again, with no lock held
   */
  DeliveryQueue(UUID stream, long aheadBytes, Runnable wake, Runnable onAvailable) {
    this.stream = stream;
    this.aheadBytes = aheadBytes;
    this.wake = wake;
    this.onAvailable = onAvailable;
  }

  // The journal's thread.

  boolean wantsMore() {
    synchronized (lock) {
      return waitingBytes < aheadBytes;
    }
  }

  void offer(JournalRecord event) {
    boolean first;
    synchronized (lock) {
      first = waiting.isEmpty();
      waiting.addLast(event);
      waitingBytes += cost(event);
      noteOffered(event);
    }
    if (first) {
      onAvailable.run();
    }
  }

  List<Ack> takeSettled() {
    synchronized (lock) {
      List<Ack> taken = settled;
      settled = taken.isEmpty() ? taken : new ArrayList<>();
      return taken;
    }
  }

  List<Ack> takeSettledDead() {
    synchronized (lock) {
      List<Ack> taken = settledDead;
      settledDead = taken.isEmpty() ? taken : new ArrayList<>();
      return taken;
    }
  }

  /** Takes back, as dropped, what waits of a segment and is not handed out. */
  List<JournalRecord> dropWaiting(StoredSegment segment) {
    List<JournalRecord> taken = new ArrayList<>();
    synchronized (lock) {
      for (Iterator<JournalRecord> it = waiting.iterator(); it.hasNext(); ) {
        JournalRecord event = it.next();
        if (event.segment() == segment) {
          it.remove();
          waitingBytes -= cost(event);
          taken.add(event);
          noteDropped(event);
        }
      }
    }
    return taken;
  }

  /** A record is dropped that was never offered. */
  void drop(JournalRecord event) {
    synchronized (lock) {
      noteOffered(event);
      noteDropped(event);
    }
  }

  /** Who waits until all is settled has less to wait for. */
  void tellOfDropped() {
    onAvailable.run();
  }

  private void noteOffered(JournalRecord event) {
    if (isOwn(event)) {
      ownOffered = event.seq();
    } else {
      othersOffered++;
    }
  }

  private void noteDropped(JournalRecord event) {
    noteSettled(event);
    dropped.add(event.stream(), event.seq());
  }

  private void noteSettled(JournalRecord event) {
    if (isOwn(event)) {
      ownSettled.add(event.seq(), event.seq());
    } else {
      othersSettled++;
    }
  }

  // The thread that delivers.

  @Nullable JournalRecord next() {
    JournalRecord next;
    boolean low;
    synchronized (lock) {
      next = waiting.pollFirst();
      if (next != null) {
        handedOut.add(next);
        waitingBytes -= cost(next);
      }
      low = waitingBytes < aheadBytes / 2;
    }
    if (low && next != null) {
      wake.run();
    }
    return next;
  }

  void rewind() {
    synchronized (lock) {
      List<JournalRecord> back = new ArrayList<>(handedOut);
      handedOut.clear();
      for (int i = back.size() - 1; i >= 0; i--) {
        waiting.addFirst(back.get(i));
        waitingBytes += cost(back.get(i));
      }
    }
  }

  void settle(JournalRecord event, @Nullable String deadReason) {
    boolean first;
    synchronized (lock) {
      if (!handedOut.remove(event)) {
        return;
      }
      noteSettled(event);
      first = settled.isEmpty() && settledDead.isEmpty();
      if (deadReason == null) {
        acknowledged++;
        settled.add(new Ack(event, null));
      } else {
        deadLettered++;
        settledDead.add(new Ack(event, deadReason));
      }
    }
    if (first) {
      wake.run();
    }
  }

  /** A copy of the directory may bring records of this stream as those of an earlier process. */
  private boolean isOwn(JournalRecord event) {
    StoredSegment segment = event.segment();
    return event.stream().equals(stream) && (segment == null || segment.isOwn());
  }

  private static long cost(JournalRecord event) {
    return event.body().length + (long) RECORD_OVERHEAD_BYTES;
  }

  /** Whether all of this process's records up to one, and so many of others, are settled. */
  boolean settledUpTo(long ownSeq, long others) {
    synchronized (lock) {
      return ownSettled.coversUpTo(ownSeq) && othersSettled >= others;
    }
  }

  QueueCounts counts() {
    synchronized (lock) {
      return new QueueCounts(
          acknowledged,
          deadLettered,
          dropped.count(),
          (long) waiting.size() + handedOut.size(),
          ownOffered,
          othersOffered);
    }
  }

  List<DroppedRange> droppedRanges() {
    synchronized (lock) {
      return dropped.ranges();
    }
  }
}
