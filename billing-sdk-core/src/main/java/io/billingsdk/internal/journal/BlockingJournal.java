package io.billingsdk.internal.journal;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A journal whose callers wait for room while it is full. Who waits holds no lock but to look
 * whether something has changed; who makes room never waits for the callers' appends.
 */
public final class BlockingJournal implements EventJournal {
  private final EventJournal journal;
  private final Duration atMost;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** How often there may have been room; guarded by lock. */
  private long changes;

  /**
   * Wraps a journal, and takes its {@link EventJournal#onRoom}.
   *
   * @param atMost how long a caller waits for room
   */
  public BlockingJournal(EventJournal journal, Duration atMost) {
    this.journal = journal;
    this.atMost = atMost;
    journal.onRoom(this::changed);
  }

  @Override
  public UUID stream() {
    return journal.stream();
  }

  /** Waits while it is full; interrupted, it answers that it is full. */
  @Override
  public Append append(byte[] body, @Nullable CompletableFuture<Void> durable) {
    // Looked at before each attempt: room that is made just after it is not missed.
    long seen = changes();
    Append append = journal.append(body, durable);
    long nanos = atMost.toNanos();
    while (append instanceof Full full && full.mayPass() && nanos > 0) {
      try {
        nanos = awaitChange(seen, nanos);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return append;
      }
      seen = changes();
      append = journal.append(body, durable);
    }
    return append;
  }

  private long awaitChange(long seen, long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (changes == seen && left > 0) {
        left = changed.awaitNanos(left);
      }
      return left;
    } finally {
      lock.unlock();
    }
  }

  private long changes() {
    lock.lock();
    try {
      return changes;
    } finally {
      lock.unlock();
    }
  }

  private void changed() {
    lock.lock();
    try {
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onAvailable(Runnable available) {
    journal.onAvailable(available);
  }

  @Override
  public void onRoom(Runnable room) {
    journal.onRoom(
        () -> {
          changed();
          room.run();
        });
  }

  @Override
  public @Nullable JournalRecord next() {
    return journal.next();
  }

  @Override
  public void rewind() {
    journal.rewind();
  }

  @Override
  public void acknowledge(JournalRecord delivered) {
    journal.acknowledge(delivered);
  }

  @Override
  public void deadLetter(JournalRecord refused, String reason) {
    journal.deadLetter(refused, reason);
  }

  @Override
  public void deliveringTo(UUID ledger) {
    journal.deliveringTo(ledger);
  }

  @Override
  public long mark() {
    return journal.mark();
  }

  @Override
  public boolean settledUpTo(long mark) {
    return journal.settledUpTo(mark);
  }

  @Override
  public JournalFigures figures() {
    return journal.figures();
  }

  @Override
  public List<DroppedRange> dropped() {
    return journal.dropped();
  }

  @Override
  public long secure(Duration timeout) {
    return journal.secure(timeout);
  }

  /** Those who wait learn that it is closed. */
  @Override
  public void close() {
    journal.close();
    changed();
  }

  @Override
  public long release(Duration timeout) {
    close();
    return journal.release(timeout);
  }
}
