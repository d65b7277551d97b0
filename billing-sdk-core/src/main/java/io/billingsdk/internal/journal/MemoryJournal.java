package io.billingsdk.internal.journal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A journal in memory, bounded in bytes. What it holds dies with the process. At its bound it
 * refuses a record, or drops the oldest that wait until there is room.
 *
 * <p>Thread-safe: every method holds one lock for a few steps.
 */
public final class MemoryJournal implements EventJournal {
  /** What a record costs beside its body: the object, the array's header, a place in a queue. */
  private static final int RECORD_OVERHEAD_BYTES = 64;

  private final Object lock = new Object();
  private final UUID stream = UUID.randomUUID();
  private final long boundBytes;
  private final boolean dropOldest;
  private volatile Runnable available = () -> {};
  private volatile Runnable room = () -> {};

  // All guarded by lock.
  private final Deque<JournalRecord> waiting = new ArrayDeque<>();
  private final Map<Long, JournalRecord> handedOut = new LinkedHashMap<>();
  private final List<JournalRecord> deadLetters = new ArrayList<>();
  private long lastSeq;
  private long acknowledged;
  private long bytes;
  private long waitingBytes;
  private final DroppedRecords dropped = new DroppedRecords();
  private boolean closed;

  /** An empty journal that will hold at most so many bytes, and then refuse. */
  public MemoryJournal(long boundBytes) {
    this(boundBytes, /* dropOldest= */ false);
  }

  /** An empty journal that will hold at most so many bytes, and then refuse or drop the oldest. */
  public MemoryJournal(long boundBytes, boolean dropOldest) {
    this.boundBytes = boundBytes;
    this.dropOldest = dropOldest;
  }

  @Override
  public UUID stream() {
    return stream;
  }

  /** Nothing here is durable: a record for which somebody waits is not taken. */
  @Override
  public Append append(byte[] body, @Nullable CompletableFuture<Void> durable) {
    if (durable != null) {
      return new Unavailable("the buffer is in memory, where nothing is durable");
    }
    Append append = tryAppend(body);
    if (append instanceof Appended) {
      available.run();
    }
    return append;
  }

  private Append tryAppend(byte[] body) {
    synchronized (lock) {
      if (closed) {
        return new Closed();
      }
      if (bytes + cost(body) > boundBytes && !makeRoom(cost(body))) {
        return new Full(boundBytes, cost(body) <= boundBytes);
      }
      bytes += cost(body);
      waitingBytes += cost(body);
      lastSeq++;
      waiting.addLast(new JournalRecord(stream, lastSeq, body));
      return new Appended(lastSeq);
    }
  }

  /** Drops nothing when it would not be enough. */
  private boolean makeRoom(long wanted) {
    if (!dropOldest || bytes - waitingBytes + wanted > boundBytes) {
      return false;
    }
    while (bytes + wanted > boundBytes) {
      JournalRecord oldest = waiting.removeFirst();
      bytes -= cost(oldest.body());
      waitingBytes -= cost(oldest.body());
      dropped.add(stream, oldest.seq());
    }
    return true;
  }

  @Override
  public void onAvailable(Runnable newAvailable) {
    available = newAvailable;
  }

  @Override
  public void onRoom(Runnable newRoom) {
    room = newRoom;
  }

  @Override
  public @Nullable JournalRecord next() {
    synchronized (lock) {
      JournalRecord next = waiting.pollFirst();
      if (next != null) {
        handedOut.put(next.seq(), next);
        waitingBytes -= cost(next.body());
      }
      return next;
    }
  }

  @Override
  public void rewind() {
    synchronized (lock) {
      // Handed out in order, so putting them back last to first restores the order.
      List<JournalRecord> back = new ArrayList<>(handedOut.values());
      handedOut.clear();
      for (int i = back.size() - 1; i >= 0; i--) {
        waiting.addFirst(back.get(i));
        waitingBytes += cost(back.get(i).body());
      }
    }
  }

  @Override
  public void acknowledge(JournalRecord delivered) {
    synchronized (lock) {
      if (handedOut.remove(delivered.seq(), delivered)) {
        acknowledged++;
        bytes -= cost(delivered.body());
      }
    }
    room.run();
  }

  @Override
  public void deadLetter(JournalRecord refused, String reason) {
    synchronized (lock) {
      if (handedOut.remove(refused.seq(), refused)) {
        deadLetters.add(refused);
      }
    }
  }

  @Override
  public long mark() {
    synchronized (lock) {
      return lastSeq;
    }
  }

  @Override
  public boolean settledUpTo(long mark) {
    synchronized (lock) {
      if (!handedOut.isEmpty()) {
        return handedOut.keySet().iterator().next() > mark;
      }
      JournalRecord oldest = waiting.peekFirst();
      return oldest == null || oldest.seq() > mark;
    }
  }

  @Override
  public JournalFigures figures() {
    synchronized (lock) {
      long pending = (long) waiting.size() + handedOut.size();
      return JournalFigures.inMemory(
          lastSeq, acknowledged, pending, deadLetters.size(), dropped.count(), bytes);
    }
  }

  @Override
  public List<DroppedRange> dropped() {
    synchronized (lock) {
      return dropped.ranges();
    }
  }

  /** There is nothing to write to: pending events end with the process. */
  @Override
  public long secure(Duration timeout) {
    return figures().pending();
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
  }

  @Override
  public long release(Duration timeout) {
    close();
    return figures().pending();
  }

  private static long cost(byte[] body) {
    return body.length + (long) RECORD_OVERHEAD_BYTES;
  }
}
