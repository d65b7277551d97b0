package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal on disk.
 *
 * <p>What survives:
 *
 * <ul>
 *   <li><b>The death of the process</b>: every record but those on their way to the file, of about
 *       the last millisecond or the time of one force; and every record whose future was completed.
 *   <li><b>A power cut</b>: every record that was forced: those whose future was completed, and
 *       those older than the force interval.
 *   <li><b>Damaged bytes</b>: every record but those that they belong to, which are kept in
 *       quarantine.
 * </ul>
 *
 * <p>What does not: a lost disk, and a file system that says it has forced what it has not.
 *
 * <p>All file I/O is on one thread of its own, {@code billing-journal}, because an interrupt of a
 * caller would close the file under everybody; forces of much are on another, {@code
 * billing-journal-force}, so that writing goes on meanwhile. {@link #start} takes a slot of the
 * directory that no other process has, and what earlier processes left.
 */
public final class DurableJournal implements EventJournal {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private static final long THREAD_END_MILLIS = 1_000;
  private static final Duration OPEN_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration LAST_APPEND_TIMEOUT = Duration.ofSeconds(2);

  private final Path root;
  private final UUID stream = UUID.randomUUID();
  private final AppendQueue queue;
  private final DeliveryQueue deliveryQueue;
  private final JournalEngine engine;
  private final Thread thread;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final CompletableFuture<Long> released = new CompletableFuture<>();
  private volatile JournalEngine.View view = JournalEngine.View.EMPTY;
  private volatile Runnable available = () -> {};
  private volatile Runnable room = () -> {};
  private volatile boolean stopping;

  /** Whether the process is about to end; see {@link #secure}. */
  private volatile boolean ending;

  private final Secured secured = new Secured();

  /** What a step failed with; null when the last one went well. */
  private volatile @Nullable String fault;

  /** Of the journal's thread. */
  private boolean toldOfInterrupt;

  private DurableJournal(JournalFiles files, Path root, JournalOptions options, Clock clock) {
    this.root = root.toAbsolutePath();
    this.queue = new AppendQueue(options.ringBytes(), options.maxBytes(), this::wake);
    this.deliveryQueue =
        new DeliveryQueue(stream, options.aheadBytes(), this::wake, () -> available.run());
    this.engine =
        new JournalEngine(
            files,
            this.root,
            options,
            clock,
            stream,
            queue,
            deliveryQueue,
            new ThreadSyncer(this::wake));
    this.thread = new Thread(this::run, "billing-journal");
    thread.setDaemon(true);
  }

  /** As the other one, without retention. */
  public static DurableJournal in(
      Path root,
      long maxBytes,
      @Nullable Duration forceInterval,
      long minFreeBytes,
      boolean dropOldest,
      Clock clock) {
    return in(
        root,
        maxBytes,
        forceInterval,
        minFreeBytes,
        dropOldest,
        /* retention= */ null,
        /* recreate= */ true,
        clock);
  }

  /**
   * A journal that does nothing yet.
   *
   * @param root its directory, which is made if it is not there
   * @param maxBytes bound of what it holds, on disk and on the way there
   * @param forceInterval how long a written record may wait for a force; zero: every write is
   *     forced; null: never, except for those that somebody waits for
   * @param minFreeBytes records are refused while the file system has less
   * @param dropOldest whether the oldest are dropped near the bound, rather than new ones refused
   * @param retention for how long what was delivered is retained; null: not at all
   * @param recreate whether the directory is made again when it goes away
   */
  public static DurableJournal in(
      Path root,
      long maxBytes,
      @Nullable Duration forceInterval,
      long minFreeBytes,
      boolean dropOldest,
      @Nullable Retention retention,
      boolean recreate,
      Clock clock) {
    JournalOptions options =
        JournalOptions.standard(maxBytes, forceInterval, minFreeBytes)
            .dropOldest(dropOldest)
            .retaining(retention)
            .recreate(recreate);
    return with(JournalFiles.real(), root, options, clock);
  }

  static DurableJournal with(JournalFiles files, Path root, JournalOptions options, Clock clock) {
    return new DurableJournal(files, root, options, clock);
  }

  /**
   * Opens it and takes over what earlier processes left. Damage in the files does not make it fail.
   * When it fails, its thread ends by itself and leaves the directory to the next journal.
   *
   * @throws IOException when the directory cannot be used
   */
  public void start() throws IOException {
    thread.start();
    try {
      awaitOpened();
    } catch (IOException failed) {
      stopping = true;
      wake();
      throw failed;
    }
    tellWhere();
  }

  private void awaitOpened() throws IOException {
    try {
      opened.get(OPEN_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + root + " was opened");
    } catch (TimeoutException late) {
      throw new IOException(root + " could not be opened within " + OPEN_TIMEOUT, late);
    } catch (ExecutionException failed) {
      throw new IOException(root + " cannot be used: " + failed.getCause(), failed.getCause());
    }
  }

  /**
   * Sets the listeners, called on the journal's thread, for files that went away while in use, and
   * for another directory in the place of the one that went away. Before {@link #start}.
   */
  public void onProblem(Consumer<String> told, Runnable begunAnew) {
    engine.onProblem(told, begunAnew);
  }

  /**
   * Sets what makes a body without its API key, for segments that stay on disk, and whether nobody
   * needs keys: both are asked on the journal's thread. Before {@link #start}.
   */
  public void erasingKeysBy(UnaryOperator<byte[]> erase, BooleanSupplier isDue) {
    engine.erasingKeysBy(erase, isDue);
  }

  /** Says where the events are, since nobody can look after what he does not know of. */
  private void tellWhere() {
    try {
      FileStore store = Files.getFileStore(root);
      log.info(
          "the journal is {} on {} with {} bytes free", root, store.type(), store.getUsableSpace());
      if (store.type().equals("tmpfs") || store.type().startsWith("overlay")) {
        log.warn(
            "the journal is on {}: events do not survive the end of the machine or the container",
            store.type());
      }
    } catch (IOException unknown) {
      log.info("the journal is {}", root);
    }
  }

  @Override
  public UUID stream() {
    return stream;
  }

  @Override
  public Append append(byte[] body, @Nullable CompletableFuture<Void> durable) {
    Append append = queue.offer(body, durable);
    // Looked at after the offer: one that came before the end began is waited for by secure().
    if (ending && append instanceof Appended last) {
      wake();
      if (!secured.await(last.seq(), LAST_APPEND_TIMEOUT)) {
        ending = false; // The disk hangs: not every caller is to wait for it.
      }
    }
    return append;
  }

  @Override
  public long secure(Duration timeout) {
    if (thread.getState() == Thread.State.NEW) {
      return figures().pending();
    }
    ending = true;
    long last = queue.lastSeq();
    wake();
    return secured.await(last, timeout) ? 0 : secured.missing(last);
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
    return deliveryQueue.next();
  }

  @Override
  public void rewind() {
    deliveryQueue.rewind();
  }

  @Override
  public void acknowledge(JournalRecord delivered) {
    deliveryQueue.settle(delivered, null);
  }

  @Override
  public void deadLetter(JournalRecord refused, String reason) {
    deliveryQueue.settle(refused, reason);
  }

  @Override
  public void deliveringTo(UUID ledger) {
    engine.deliveringTo(ledger);
    wake();
  }

  @Override
  public long mark() {
    return queue.lastSeq();
  }

  @Override
  public boolean settledUpTo(long mark) {
    return !engine.isOwing() && deliveryQueue.settledUpTo(mark, view.recovered());
  }

  @Override
  public JournalFigures figures() {
    DeliveryQueue.QueueCounts hands = deliveryQueue.counts();
    JournalEngine.View stored = view.withTrouble(fault);
    return JournalFigures.of(hands, stored, queue.lastSeq(), queue.bytes());
  }

  @Override
  public List<DroppedRange> dropped() {
    return deliveryQueue.droppedRanges();
  }

  @Override
  public void close() {
    queue.close();
  }

  @Override
  public long release(Duration timeout) {
    close();
    stopping = true;
    if (thread.getState() == Thread.State.NEW) {
      return figures().pending();
    }
    wake();
    try {
      long unwritten = released.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      // That was its last act; a container may take stock of its threads when this returns.
      thread.join(THREAD_END_MILLIS);
      return unwritten;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException unfinished) {
      log.warn("the journal did not close within {}", timeout);
    }
    return engine.unwrittenRecords();
  }

  private void wake() {
    LockSupport.unpark(thread);
  }

  private void run() {
    try {
      engine.open();
      view = engine.view();
      opened.complete(null);
    } catch (Throwable failed) {
      // An error too: who waits for it would wait for minutes.
      secured.end();
      opened.completeExceptionally(failed);
      released.complete(0L);
      return;
    }
    while (!stopping) {
      long nanos = stepSafely();
      // An interrupt of this thread would close its files at the next access.
      if (Thread.interrupted()) {
        tellOfInterrupt();
      }
      if (nanos > 0 && !stopping) {
        LockSupport.parkNanos(this, nanos);
      }
    }
    try {
      engine.close();
      view = engine.view();
    } catch (RuntimeException | Error unexpected) {
      log.error("the journal was not closed properly", unexpected);
    } finally {
      secured.end();
      // In files without a name nobody will find them.
      released.complete(engine.isGone() ? figures().pending() : engine.unwrittenRecords());
    }
  }

  /** Logged once: a caller may do it without end. */
  private void tellOfInterrupt() {
    if (!toldOfInterrupt) {
      toldOfInterrupt = true;
      log.warn("somebody interrupted the journal's thread; it goes on (logged once)");
    }
  }

  /** Logged once in a row: it is tried every second. */
  private void tellOfFault(String message, Throwable unexpected) {
    if (!message.equals(fault)) {
      log.error("{}; it is tried again", message, unexpected);
    }
    fault = message;
  }

  private long stepSafely() {
    try {
      long nanos = engine.step();
      if (ending) {
        secured.upTo(engine.force());
      }
      view = engine.view();
      engine.published();
      room.run();
      fault = null;
      return nanos;
    } catch (RuntimeException | Error unexpected) {
      // Without this thread nothing would be written, and nobody would learn of it.
      tellOfFault(
          "a step of the journal failed inside: " + unexpected.getClass().getName(), unexpected);
      return TimeUnit.SECONDS.toNanos(1);
    }
  }
}
