package io.billingsdk.internal.journal;

import io.billingsdk.internal.journal.AppendQueue.PendingAppend;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When what was written is forced, and by whom: by the journal's thread, or beside it by a {@link
 * Syncer} when it is much. A waiter for a record learns of a force that began after its write,
 * never of one before. Confined to the journal's thread.
 *
 * <p>A failed force is final: the kernel may have dropped the bytes and will not say so again. The
 * unforced part is given back, to be written again to a new segment.
 */
final class GroupCommit {
  private final @Nullable Duration interval;
  private final Clock clock;
  private final ActiveSegment growing;
  private final Syncer syncer;
  private final Ends ends;

  private final UnsyncedRecords unforced = new UnsyncedRecords();
  private long unforcedSinceNanos;
  private int failed;

  /** What follows from the end of a force. */
  interface Ends {

    /** Why what was forced would not be found by anybody; null when it would be. */
    @Nullable IOException unreachable();

    /** All that it covers is on the disk; those who waited for it are notified next. */
    void succeeded();

    /**
     * None of these can be trusted to be on the disk.
     *
     * @param records all that were not forced, oldest first
     * @param bytes what they take in the segment
     * @param inARow how many forces have failed since the last that succeeded, this one included
     */
    void failed(List<PendingAppend> records, long bytes, int inARow, IOException why);
  }

  /** None yet. {@code interval} is null for the operating system's own pace. */
  GroupCommit(
      @Nullable Duration interval, Clock clock, ActiveSegment growing, Syncer syncer, Ends ends) {
    this.interval = interval;
    this.clock = clock;
    this.growing = growing;
    this.syncer = syncer;
    this.ends = ends;
  }

  /** These were written and need a force. */
  void written(List<PendingAppend> batch, long bytes) {
    if (unforced.noneLater()) {
      unforcedSinceNanos = clock.monotonicNanos();
    }
    unforced.add(batch, bytes);
  }

  /** The unforced part is kept in memory: there must be an end to it. */
  boolean takesMore() {
    return unforced.bytes() < JournalOptions.MAX_UNFORCED_BYTES;
  }

  /** Forces what is written, if it is time, or has it forced. */
  void forceIfDue() {
    if (unforced.noneLater() || !isDue()) {
      return;
    }
    if (syncer.isWorthwhile(unforced.laterBytes())) {
      begin();
    } else if (!unforced.forcing()) {
      force();
    }
  }

  /** While more is written, the disk can work already. */
  void beginIfWorthwhile() {
    if (syncer.isWorthwhile(unforced.laterBytes()) && isDue()) {
      begin();
    }
  }

  private boolean isDue() {
    return failed > 0
        || unforced.somebodyWaits()
        // Before there is so much that writing has to wait. Without a bound to it the oldest would
        // be forgotten, and a force that somebody waits for, if it failed, would lose them.
        || unforced.laterBytes() >= JournalOptions.MAX_UNFORCED_BYTES / 2
        || (interval != null && isOver(interval));
  }

  private boolean isOver(Duration wait) {
    return clock.monotonicNanos() - unforcedSinceNanos >= wait.toNanos()
        || syncer.isWorthwhile(unforced.laterBytes());
  }

  private void begin() {
    if (growing.isOpen() && !unforced.forcing()) {
      unforced.begin();
      syncer.begin(growing.output());
    }
  }

  /** Looks whether a force that was begun has ended. */
  void endIfDone() {
    Syncer.SyncOutcome outcome = unforced.forcing() ? syncer.poll() : null;
    if (outcome != null) {
      ended(outcome);
    }
  }

  /** Forces all that is written; returns when it is done, or has failed and the segment is left. */
  void force() {
    if (unforced.forcing()) {
      ended(syncer.await());
    }
    if (!growing.isOpen() || unforced.noneLater()) {
      return;
    }
    unforced.begin();
    try {
      growing.output().force();
      ended(Syncer.SyncOutcome.DONE);
    } catch (IOException failure) {
      ended(new Syncer.SyncOutcome(failure));
    }
  }

  /**
   * The part that is written and not forced must be written again: its file is not at its place.
   */
  void giveUp(IOException why) {
    if (unforced.forcing()) {
      ended(syncer.await());
    }
    if (growing.isOpen()) {
      ended(new Syncer.SyncOutcome(why));
    }
  }

  private void ended(Syncer.SyncOutcome forced) {
    IOException unreachable = forced.failure() == null ? ends.unreachable() : null;
    Syncer.SyncOutcome outcome = unreachable == null ? forced : new Syncer.SyncOutcome(unreachable);
    if (outcome.failure() == null) {
      failed = 0;
      ends.succeeded();
      unforced.succeeded();
    } else {
      failed++;
      long bytes = unforced.bytes();
      ends.failed(unforced.takeAll(), bytes, failed, outcome.failure());
    }
  }

  /** Takes those that will never be forced; no force is under way. */
  List<PendingAppend> takeUnforced() {
    return unforced.takeAll();
  }

  /** Nanoseconds until the next force is due; the end of one under way wakes by itself. */
  long nanosToNext(long now) {
    return interval == null || unforced.noneLater() || unforced.forcing()
        ? Long.MAX_VALUE
        : unforcedSinceNanos + interval.toNanos() - now;
  }

  /** Ends the thread beside. Nothing may be under way. */
  void close() {
    syncer.close();
  }
}
