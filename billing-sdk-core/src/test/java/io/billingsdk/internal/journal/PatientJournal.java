package io.billingsdk.internal.journal;

import io.billingsdk.testbed.Await;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A journal of which {@code next} waits for the journal's thread while there must be a record. */
final class PatientJournal implements EventJournal {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final EventJournal inner;
  private final Set<JournalRecord> out = Collections.newSetFromMap(new IdentityHashMap<>());

  PatientJournal(EventJournal inner) {
    this.inner = inner;
  }

  @Override
  public @Nullable JournalRecord next() {
    AtomicReference<@Nullable JournalRecord> next = new AtomicReference<>();
    Await.until(
        LIMIT,
        () -> {
          next.set(inner.next());
          return next.get() != null || inner.figures().pending() == out.size();
        });
    JournalRecord found = next.get();
    if (found != null) {
      out.add(found);
    }
    return found;
  }

  @Override
  public UUID stream() {
    return inner.stream();
  }

  @Override
  public Append append(byte[] body, @Nullable CompletableFuture<Void> durable) {
    return inner.append(body, durable);
  }

  @Override
  public void onRoom(Runnable room) {
    inner.onRoom(room);
  }

  @Override
  public void onAvailable(Runnable available) {
    inner.onAvailable(available);
  }

  @Override
  public void rewind() {
    out.clear();
    inner.rewind();
  }

  @Override
  public void acknowledge(JournalRecord delivered) {
    out.remove(delivered);
    inner.acknowledge(delivered);
  }

  @Override
  public void deadLetter(JournalRecord refused, String reason) {
    out.remove(refused);
    inner.deadLetter(refused, reason);
  }

  @Override
  public long mark() {
    return inner.mark();
  }

  @Override
  public boolean settledUpTo(long mark) {
    return inner.settledUpTo(mark);
  }

  @Override
  public JournalFigures figures() {
    return inner.figures();
  }

  @Override
  public List<DroppedRange> dropped() {
    return inner.dropped();
  }

  @Override
  public void close() {
    inner.close();
  }

  @Override
  public long secure(Duration timeout) {
    return inner.secure(timeout);
  }

  @Override
  public long release(Duration timeout) {
    return inner.release(timeout);
  }
}
