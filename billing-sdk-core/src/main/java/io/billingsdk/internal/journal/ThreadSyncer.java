package io.billingsdk.internal.journal;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Forces on a thread of its own, {@code billing-journal-force}, begun with the first force. */
final class ThreadSyncer implements Syncer {
  /** Below it the way to another thread and back costs more than it wins. */
  private static final long WORTHWHILE_BYTES = 512 << 10;

  private final Runnable wake;
  private @Nullable Thread thread;

  private volatile JournalFiles.@Nullable Output output;
  private volatile @Nullable SyncOutcome outcome;
  private volatile @Nullable Thread awaiting;
  private volatile boolean closing;

  /**
   * Nothing to force yet; {@code wake} is run, on the thread of its own, when a force has ended.
   */
  ThreadSyncer(Runnable wake) {
    this.wake = wake;
  }

  @Override
  public boolean isWorthwhile(long bytes) {
    return bytes >= WORTHWHILE_BYTES;
  }

  @Override
  public void begin(JournalFiles.Output written) {
    if (thread == null && !start()) {
      outcome = force(written);
      return;
    }
    output = written;
    LockSupport.unpark(thread);
  }

  /** A process at its limit of threads gets none: then forces are as slow as without it. */
  private boolean start() {
    Thread begun = new Thread(this::run, "billing-journal-force");
    begun.setDaemon(true);
    try {
      begun.start();
    } catch (OutOfMemoryError noThread) {
      return false;
    }
    thread = begun;
    return true;
  }

  @Override
  public @Nullable SyncOutcome poll() {
    SyncOutcome ended = outcome;
    if (ended != null) {
      // Only then: one that comes in between would be lost.
      outcome = null;
    }
    return ended;
  }

  /** An interrupt is put off: to go on without knowing the outcome would break a promise. */
  @Override
  public SyncOutcome await() {
    boolean interrupted = false;
    awaiting = Thread.currentThread();
    SyncOutcome ended = poll();
    while (ended == null) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
      ended = poll();
    }
    awaiting = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return ended;
  }

  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closing) {
      JournalFiles.Output begun = output;
      if (begun == null) {
        LockSupport.park(this);
        continue;
      }
      output = null;
      // An interrupt is nobody's, and would close the file.
      Thread.interrupted();
      outcome = force(begun);
      wake.run();
      LockSupport.unpark(awaiting);
    }
  }

  /** Whatever happens, there is an outcome: without one the journal would wait for ever. */
  private static SyncOutcome force(JournalFiles.Output output) {
    try {
      output.force();
      return SyncOutcome.DONE;
    } catch (IOException failed) {
      return new SyncOutcome(failed);
    } catch (RuntimeException | Error unexpected) {
      return new SyncOutcome(new IOException(unexpected));
    }
  }
}
