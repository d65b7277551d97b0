package io.billingsdk.benchmarks.stores;

import io.billingsdk.internal.journal.DurableJournal;
import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.journal.EventJournal.Full;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** This project's journal as it is by default. Forces with {@code fdatasync}. */
final class JournalStore implements EventStore {
  private static final long MAX_BYTES = 16L << 30;
  private static final Duration FORCE_INTERVAL = Duration.ofMillis(200);
  private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(60);
  private static final long FULL_PAUSE_NANOS = 50_000;

  private final DurableJournal journal;
  private final boolean eachIsAwaited;
  private final List<CompletableFuture<Void>> awaited = new ArrayList<>();
  private final Semaphore available = new Semaphore(0);

  /** When only the last of a batch is awaited: the last so far, which may turn out to be that. */
  private byte @Nullable [] held;

  JournalStore(Path directory, boolean eachIsAwaited) throws IOException {
    this.eachIsAwaited = eachIsAwaited;
    this.journal =
        DurableJournal.in(directory, MAX_BYTES, FORCE_INTERVAL, 64L << 20, false, Clock.system());
    journal.onAvailable(available::release);
    journal.start();
  }

  @Override
  public void append(byte[] body) {
    if (eachIsAwaited) {
      appendAwaited(body);
      return;
    }
    byte[] previous = held;
    held = body;
    if (previous != null) {
      appendWhenThereIsRoom(previous, null);
    }
  }

  @Override
  public void force() throws Exception {
    byte[] last = held;
    held = null;
    if (last != null) {
      appendAwaited(last);
    }
    for (CompletableFuture<Void> durable : awaited) {
      durable.get();
    }
    awaited.clear();
  }

  @Override
  public void drain(Consumer<byte[]> reader) throws Exception {
    while (journal.figures().pending() > 0) {
      JournalRecord next = journal.next();
      if (next == null) {
        available.tryAcquire(1, TimeUnit.MILLISECONDS);
      }
      while (next != null) {
        reader.accept(next.body());
        journal.acknowledge(next);
        next = journal.next();
      }
    }
    // Until the files are gone.
    while (journal.figures().segments() > 0) {
      LockSupport.parkNanos(FULL_PAUSE_NANOS);
    }
  }

  @Override
  public void close() {
    long lost = journal.release(RELEASE_TIMEOUT);
    if (lost > 0) {
      throw new IllegalStateException(lost + " events are not on disk");
    }
  }

  private void appendAwaited(byte[] body) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    awaited.add(durable);
    appendWhenThereIsRoom(body, durable);
  }

  private void appendWhenThereIsRoom(byte[] body, @Nullable CompletableFuture<Void> durable) {
    var outcome = journal.append(body, durable);
    while (outcome instanceof Full) {
      LockSupport.parkNanos(FULL_PAUSE_NANOS);
      outcome = journal.append(body, durable);
    }
    if (!(outcome instanceof Appended)) {
      throw new IllegalStateException("refused: " + outcome);
    }
  }
}
