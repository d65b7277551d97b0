package io.billingsdk.internal.client;

import io.billingsdk.internal.journal.DroppedRange;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.journal.JournalFigures;
import io.billingsdk.internal.journal.JournalRecord;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The buffer of a client that is switched off: it numbers what it is given, counts it as dropped,
 * and keeps nothing. Thread-safe.
 */
final class DiscardingJournal implements EventJournal {
  private final UUID stream = UUID.randomUUID();
  private final AtomicLong lastSeq = new AtomicLong();
  private volatile boolean closed;

  @Override
  public UUID stream() {
    return stream;
  }

  @Override
  public Append append(byte[] body, @Nullable CompletableFuture<Void> durable) {
    if (closed) {
      return new Closed();
    }
    long seq = lastSeq.incrementAndGet();
    if (durable != null) {
      // A service that waits for the disk would end its calls; there is none to wait for.
      durable.complete(null);
    }
    return new Appended(seq);
  }

  @Override
  public void onAvailable(Runnable available) {}

  @Override
  public void onRoom(Runnable room) {}

  @Override
  public @Nullable JournalRecord next() {
    return null;
  }

  @Override
  public void rewind() {}

  @Override
  public void acknowledge(JournalRecord delivered) {}

  @Override
  public void deadLetter(JournalRecord refused, String reason) {}

  @Override
  public long mark() {
    return lastSeq.get();
  }

  @Override
  public boolean settledUpTo(long mark) {
    return true;
  }

  @Override
  public JournalFigures figures() {
    long dropped = lastSeq.get();
    return new JournalFigures(dropped, 0, 0, 0, dropped, 0, 0, 0, 0, 0, 0, null);
  }

  @Override
  public List<DroppedRange> dropped() {
    long last = lastSeq.get();
    return last == 0 ? List.of() : List.of(new DroppedRange(stream, 1, last));
  }

  @Override
  public long secure(Duration timeout) {
    return 0;
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public long release(Duration timeout) {
    return 0;
  }
}
