package io.billingsdk.internal.journal;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Forces a file while its writer goes on writing, so that the disk and the processor work at the
 * same time. One force at a time. Used by the journal's thread alone.
 *
 * <p>A force covers what was written before it was begun. Records written while it is under way may
 * or may not be covered, and are never taken to be.
 */
interface Syncer extends Closeable {

  /** Whether so many bytes are worth a force beside their writer. */
  boolean isWorthwhile(long bytes);

  /** Begins to force what was written so far. No other force may be under way. */
  void begin(JournalFiles.Output output);

  /** How the force that was begun has ended; null while it is under way. Given once. */
  @Nullable SyncOutcome poll();

  /** Waits for the end of the force that was begun. */
  SyncOutcome await();

  /** Ends its thread. Nothing may be under way. */
  @Override
  void close();

  /** The end of a force; in order when there is no failure. */
  record SyncOutcome(@Nullable IOException failure) {
    static final SyncOutcome DONE = new SyncOutcome(null);
  }
}
