package io.billingsdk.internal.journal;

import io.billingsdk.internal.journal.EventJournal.Append;
import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.journal.EventJournal.Closed;
import io.billingsdk.internal.journal.EventJournal.Full;
import io.billingsdk.internal.journal.EventJournal.Unavailable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The way of records from their callers to the journal's thread: numbered, bounded, and refused
 * while they could not be written. Thread-safe; holds one lock for a few steps.
 */
final class AppendQueue {
  private final Object lock = new Object();
  private final long ringBytes;
  private final long boundBytes;
  private final Runnable wake;

  // All guarded by lock.
  private final Deque<PendingAppend> entries = new ArrayDeque<>();
  private long queuedBytes;
  private long storedBytes;
  private long lastSeq;
  private @Nullable String unavailable;
  private boolean closed;

  /**
   * A record on its way; the future is completed when it is forced, and null when nobody waits.
   * Never compared.
   */
  @SuppressWarnings("ArrayRecordComponent")
  record PendingAppend(long seq, byte[] body, @Nullable CompletableFuture<Void> durable) {
    int storedBytes() {
      return SegmentFormat.recordBytes(body.length);
    }
  }

  /**
   * An empty queue.
   *
   * @param ringBytes what may be on its way
   * @param boundBytes what may be on its way and on disk together
   * @param wake run when there is something for the journal's thread, with no lock held
   */
  AppendQueue(long ringBytes, long boundBytes, Runnable wake) {
    this.ringBytes = ringBytes;
    this.boundBytes = boundBytes;
    this.wake = wake;
  }

  Append offer(byte[] body, @Nullable CompletableFuture<Void> durable) {
    long seq;
    boolean first;
    synchronized (lock) {
      Append refusal = refusal(body.length);
      if (refusal != null) {
        return refusal;
      }
      seq = ++lastSeq;
      first = entries.isEmpty();
      PendingAppend entry = new PendingAppend(seq, body, durable);
      entries.addLast(entry);
      queuedBytes += entry.storedBytes();
    }
    if (first) {
      wake.run();
    }
    return new Appended(seq);
  }

  /** Takes up to so many bytes of records off the queue, at least one if there is one. */
  List<PendingAppend> take(long maxBytes) {
    List<PendingAppend> taken = new ArrayList<>();
    synchronized (lock) {
      long bytes = 0;
      while (!entries.isEmpty() && bytes < maxBytes) {
        PendingAppend entry = entries.removeFirst();
        bytes += entry.storedBytes();
        taken.add(entry);
      }
    }
    return taken;
  }

  /** Records that were taken are written; until then they count as on their way. */
  void written(long bytes) {
    synchronized (lock) {
      queuedBytes -= bytes;
    }
  }

  /** What the journal holds on disk now. */
  void stored(long bytes) {
    synchronized (lock) {
      storedBytes = bytes;
    }
  }

  /** From now on records are refused with this reason; null: they are taken. */
  void setUnavailable(@Nullable String why) {
    synchronized (lock) {
      unavailable = why;
    }
  }

  void close() {
    synchronized (lock) {
      closed = true;
    }
    wake.run();
  }

  /** The last number that has left the queue, as have all before it. */
  long takenUpTo() {
    synchronized (lock) {
      return entries.isEmpty() ? lastSeq : entries.getFirst().seq() - 1;
    }
  }

  long lastSeq() {
    synchronized (lock) {
      return lastSeq;
    }
  }

  /** Bytes on their way and on disk. */
  long bytes() {
    synchronized (lock) {
      return queuedBytes + storedBytes;
    }
  }

  /** Whether half of what the journal may hold is used. */
  boolean isTight() {
    synchronized (lock) {
      return queuedBytes + storedBytes > boundBytes / 2;
    }
  }

  private @Nullable Append refusal(int bodyBytes) {
    if (closed) {
      return new Closed();
    }
    if (unavailable != null) {
      return new Unavailable(unavailable);
    }
    if (bodyBytes > SegmentFormat.MAX_BODY_BYTES) {
      return new Full(SegmentFormat.MAX_BODY_BYTES, /* mayPass= */ false);
    }
    long bytes = SegmentFormat.recordBytes(bodyBytes);
    if (queuedBytes + storedBytes + bytes > boundBytes) {
      return new Full(boundBytes, bytes <= boundBytes);
    }
    return queuedBytes + bytes > ringBytes ? new Full(ringBytes, bytes <= ringBytes) : null;
  }
}
