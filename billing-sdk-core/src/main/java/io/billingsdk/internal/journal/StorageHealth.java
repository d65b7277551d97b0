package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disk takes records, and if not, since when it is worth another try. While it does
 * not, new records are refused at the queue. Confined to the journal's thread.
 */
final class StorageHealth {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final long SPACE_CHECK_BYTES = 1 << 20;

  private final JournalFiles files;
  private final Path root;
  private final long minFreeBytes;
  private final Clock clock;
  private final AppendQueue queue;
  private final Reserve reserve;

  /** Deletes something that nobody needs; false when there is nothing. */
  private final BooleanSupplier spare;

  private @Nullable String trouble;

  /** The directory is not where it was: nothing can be kept, whatever works. */
  private boolean gone;

  /** A trouble while records are still taken. */
  private @Nullable String warning;

  /** Found at the last look; a force that succeeds does not make it any better. */
  private boolean spaceIsLow;

  private long sinceSpaceCheckBytes;
  private long retryAtNanos;

  StorageHealth(
      JournalFiles files,
      Path root,
      long minFreeBytes,
      Clock clock,
      AppendQueue queue,
      Reserve reserve,
      BooleanSupplier spare) {
    this.files = files;
    this.root = root;
    this.minFreeBytes = minFreeBytes;
    this.clock = clock;
    this.queue = queue;
    this.reserve = reserve;
    this.spare = spare;
  }

  /** Why records are refused, or soon will be; null when all is well. */
  @Nullable String trouble() {
    return trouble == null ? warning : trouble;
  }

  /** Whether the directory was moved or removed. */
  boolean isGone() {
    return gone;
  }

  /** The directory is not where it was: records are refused until {@link #markBack}. */
  void markGone(String why) {
    gone = true;
    trouble = why;
    retryAtNanos = clock.monotonicNanos() + RETRY.toNanos();
    queue.setUnavailable(why);
  }

  /** The directory is there again, or another one. */
  void markBack(boolean allIsWritten) {
    gone = false;
    retryNow();
    recovered(allIsWritten);
  }

  /** Whether {@link #warn} has said that something is wrong. */
  boolean isWarned() {
    return warning != null;
  }

  /** Records are taken, and something is wrong that somebody has to repair; null: nothing is. */
  void warn(@Nullable String why) {
    warning = why;
  }

  boolean isWell() {
    return trouble == null;
  }

  /** Whether it is time for another try. */
  boolean retryIsDue() {
    return clock.monotonicNanos() - retryAtNanos >= 0;
  }

  /** When it will be. */
  long retryAtNanos() {
    return retryAtNanos;
  }

  /** The next try is to come after a pause. */
  void retryLater() {
    retryAtNanos = clock.monotonicNanos() + RETRY.toNanos();
  }

  /** The next try may come at once. */
  void retryNow() {
    retryAtNanos = clock.monotonicNanos();
  }

  /** So much was written: now and then the space that is left is looked at. */
  void written(long bytes, boolean allIsWritten) {
    sinceSpaceCheckBytes += bytes;
    if (sinceSpaceCheckBytes >= SPACE_CHECK_BYTES) {
      checkSpace(allIsWritten);
    }
  }

  /** Looks at the space that is left, and makes the reserve again if there is enough. */
  void checkSpace(boolean allIsWritten) {
    sinceSpaceCheckBytes = 0;
    try {
      long usable = files.usableBytes(root);
      long missing = reserve.missingBytes();
      while (usable - missing < minFreeBytes && spare.getAsBoolean()) {
        usable = files.usableBytes(root);
      }
      spaceIsLow = usable - missing < minFreeBytes;
      if (spaceIsLow) {
        failed(
            "the file system of the journal has only "
                + usable
                + " bytes left; at least "
                + (minFreeBytes + missing)
                + " are wanted",
            null);
      } else {
        restoreReserve();
        recovered(allIsWritten);
      }
    } catch (IOException failed) {
      failed("the file system of the journal does not answer: " + failed.getMessage(), failed);
    }
  }

  private void restoreReserve() throws IOException {
    while (true) {
      try {
        reserve.restore();
        return;
      } catch (IOException failed) {
        // A quota does not show in the free space.
        if (!spare.getAsBoolean()) {
          throw failed;
        }
      }
    }
  }

  /** Makes room for a write that has failed from what nobody needs; records are still taken. */
  boolean makeRoomFromSpare() {
    return !gone && spare.getAsBoolean();
  }

  /**
   * Gives up the reserve because a write has failed; until it is back records are refused.
   *
   * @return whether the write is worth another try at once
   */
  boolean makeRoom(String why, IOException cause) {
    if (gone || cause instanceof NoSuchFileException) {
      return false;
    }
    if (spare.getAsBoolean()) {
      return true;
    }
    if (!reserve.giveUp()) {
      return false;
    }
    failed(why + ": " + cause.getMessage(), cause);
    retryNow();
    return true;
  }

  /** From now on records are refused; logged once, until it is over. */
  void failed(String why, @Nullable IOException cause) {
    if (gone) {
      retryAtNanos = clock.monotonicNanos() + RETRY.toNanos();
      return;
    }
    if (trouble == null) {
      log.error(
          "{}; the SDK rejects new events until that is over, and keeps accepted ones", why, cause);
    }
    trouble = why;
    retryAtNanos = clock.monotonicNanos() + RETRY.toNanos();
    queue.setUnavailable(why);
  }

  /**
   * Something worked: records are taken again, if those that were accepted are all written, and
   * what was given up for them is back.
   */
  void recovered(boolean allIsWritten) {
    if (!gone && trouble != null && allIsWritten && !spaceIsLow && !reserve.isGivenUp()) {
      log.info("the journal takes events again");
      trouble = null;
      queue.setUnavailable(null);
    }
  }
}
