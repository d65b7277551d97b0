package io.billingsdk.internal.keys;

import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the key table on disk while it changes or stays current, so that the next start can answer
 * before it reaches the broker: for as long as the table may be stale, counted from when it was
 * current last by the wall clock, since no other clock outlives a process.
 *
 * <p>Confined to the scheduler's thread, except {@link #restore}.
 */
public final class KeySnapshotWriter {
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);
  private static final Duration MOST_PAUSE = Duration.ofSeconds(30);

  /** A clock that was set back makes a table look as if it came from the future. */
  private static final long CLOCK_TOLERANCE_MILLIS = 60_000;

  private final KeyTable table;
  private final KeySnapshotFile file;
  private final Clock clock;
  private final Scheduler scheduler;
  private final Executor files;
  private final Duration refresh;
  private @Nullable Cancellable next;
  private boolean soon;

  /**
   * Does nothing yet.
   *
   * @param directory where the file is
   * @param files runs what waits for the disk, one task at a time
   */
  public KeySnapshotWriter(
      KeyTable table,
      Path directory,
      Clock clock,
      Scheduler scheduler,
      Executor files,
      Duration maxStaleness) {
    this.table = table;
    this.file = new KeySnapshotFile(directory);
    this.clock = clock;
    this.scheduler = scheduler;
    this.files = files;
    this.refresh = clamp(maxStaleness.dividedBy(10));
  }

  /** Fills the table with what the last process left, if it can be trusted. Waits for the disk. */
  public void restore() {
    KeyTable.Snapshot left = file.read();
    if (left != null && left.currentAtMillis() <= clock.wallMillis() + CLOCK_TOLERANCE_MILLIS) {
      table.restore(left);
    }
  }

  /** The table has changed: it is written soon, and from then on now and again. */
  public void changed() {
    if (!soon) {
      soon = true;
      cancel();
      next = scheduler.schedule(this::write, LEAST_PAUSE);
    }
  }

  /** Writes once more, and no more after that. To be called before the feed goes down. */
  public void close() {
    cancel();
    if (soon || table.current()) {
      keep();
    }
  }

  private void write() {
    soon = false;
    keep();
    next = scheduler.schedule(this::refresh, refresh);
  }

  private void refresh() {
    if (table.current()) {
      keep();
    }
    next = scheduler.schedule(this::refresh, refresh);
  }

  /** Writes again what somebody has removed. */
  public void look() {
    files.execute(
        () -> {
          if (file.isRemoved()) {
            file.write(table.snapshot());
          }
        });
  }

  private void keep() {
    files.execute(
        () -> {
          // A table of protocol v1 has no versions, and says nothing that could be kept.
          if (table.version() > 0) {
            file.write(table.snapshot());
          }
        });
  }

  private void cancel() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }

  private static Duration clamp(Duration pause) {
    if (pause.compareTo(LEAST_PAUSE) < 0) {
      return LEAST_PAUSE;
    }
    return pause.compareTo(MOST_PAUSE) > 0 ? MOST_PAUSE : pause;
  }
}
