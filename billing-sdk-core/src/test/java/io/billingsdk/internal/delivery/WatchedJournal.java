package io.billingsdk.internal.delivery;

import io.billingsdk.internal.journal.DroppedRange;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.journal.JournalFigures;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.journal.MemoryJournal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A journal in memory that tells which numbers were settled. */
final class WatchedJournal implements EventJournal {
  private final EventJournal journal = new MemoryJournal(1 << 26);
  final Set<Long> acknowledged = new HashSet<>();
  final Set<Long> deadLettered = new HashSet<>();
  final List<UUID> ledgers = new ArrayList<>();

  @Override
  public UUID stream() {
    return journal.stream();
  }

  @Override
  public Append append(byte[] body, @Nullable CompletableFuture<Void> durable) {
    return journal.append(body, durable);
  }

  @Override
  public void deliveringTo(UUID ledger) {
    ledgers.add(ledger);
  }

  @Override
  public void onAvailable(Runnable available) {
    journal.onAvailable(available);
  }

  @Override
  public void onRoom(Runnable available) {
    journal.onRoom(available);
  }

  @Override
  public List<DroppedRange> dropped() {
    return journal.dropped();
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
    acknowledged.add(delivered.seq());
    journal.acknowledge(delivered);
  }

  @Override
  public void deadLetter(JournalRecord refused, String reason) {
    deadLettered.add(refused.seq());
    journal.deadLetter(refused, reason);
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
  public void close() {
    journal.close();
  }

  @Override
  public long secure(Duration timeout) {
    return journal.secure(timeout);
  }

  @Override
  public long release(Duration timeout) {
    return journal.release(timeout);
  }
}
