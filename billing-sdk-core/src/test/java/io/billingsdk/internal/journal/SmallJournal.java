package io.billingsdk.internal.journal;

import io.billingsdk.internal.time.Clock;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Opens a journal on the real file system with other sizes than the usual ones, for the tests of
 * other packages.
 *
 * @param maxBytes bound of what it holds
 * @param segmentBytes size at which a new segment is begun
 * @param minFreeBytes records are refused while the file system has less
 * @param reserveBytes what is kept for a disk that is full
 * @param forceInterval as that of {@link DurableJournal#in}
 * @param adoption how often the slots of dead processes are looked for
 */
public record SmallJournal(
    long maxBytes,
    long segmentBytes,
    long minFreeBytes,
    long reserveBytes,
    @Nullable Duration forceInterval,
    Duration adoption) {

  /** Those of production, but for the free space, which a test machine may not have. */
  public static SmallJournal usual() {
    return new SmallJournal(
        64L << 30, 8 << 20, 0, 1 << 20, Duration.ofMillis(200), Duration.ofSeconds(30));
  }

  /** The same with segments of this size. */
  public SmallJournal segments(long bytes) {
    return new SmallJournal(maxBytes, bytes, minFreeBytes, reserveBytes, forceInterval, adoption);
  }

  /** The same with this much space kept free. */
  public SmallJournal minFree(long bytes) {
    return new SmallJournal(maxBytes, segmentBytes, bytes, reserveBytes, forceInterval, adoption);
  }

  /** The same with this reserve. */
  public SmallJournal reserve(long bytes) {
    return new SmallJournal(maxBytes, segmentBytes, minFreeBytes, bytes, forceInterval, adoption);
  }

  /** The same that looks for dead processes so often. */
  public SmallJournal adoptingEvery(Duration interval) {
    return new SmallJournal(
        maxBytes, segmentBytes, minFreeBytes, reserveBytes, forceInterval, interval);
  }

  /** A journal, not started. */
  public DurableJournal in(Path root) {
    return DurableJournal.with(
        JournalFiles.real(),
        root,
        new JournalOptions(
            maxBytes,
            segmentBytes,
            8 << 20,
            1 << 20,
            forceInterval,
            minFreeBytes,
            reserveBytes,
            false,
            adoption,
            /* retention= */ null,
            /* recreate= */ true),
        Clock.system());
  }
}
