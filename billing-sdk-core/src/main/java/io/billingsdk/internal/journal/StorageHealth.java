package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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

  private @Nullable String trouble;

  /** Found at the last look; a force that succeeds does not make it any better. */
  private boolean spaceIsLow;

  private long sinceSpaceCheckBytes;
  private long retryAtNanos;

  StorageHealth(JournalFiles files, Path root, long minFreeBytes, Clock clock, AppendQueue queue) {
    this.files = files;
    this.root = root;
    this.minFreeBytes = minFreeBytes;
    this.clock = clock;
    this.queue = queue;
  }

  /** Why records are refused; null when they are taken. */
  @Nullable String trouble() {
    return trouble;
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

  /** Looks at the space that is left. */
  void checkSpace(boolean allIsWritten) {
    sinceSpaceCheckBytes = 0;
    try {
      long usable = files.usableBytes(root);
      spaceIsLow = usable < minFreeBytes;
      if (spaceIsLow) {
        failed(
            "the file system of the journal has only "
                + usable
                + " bytes left; at least "
                + minFreeBytes
                + " are wanted",
            null);
      } else {
        recovered(allIsWritten);
      }
    } catch (IOException failed) {
      failed("the file system of the journal does not answer: " + failed.getMessage(), failed);
    }
  }

  /** From now on records are refused; told once, until it is over. */
  void failed(String why, @Nullable IOException cause) {
    if (trouble == null) {
      log.error("{}; events are rejected until that is over, accepted ones are kept", why, cause);
    }
    trouble = why;
    retryAtNanos = clock.monotonicNanos() + RETRY.toNanos();
    queue.setUnavailable(why);
  }

  /** Something worked: records are taken again, if those that were accepted are all written. */
  void recovered(boolean allIsWritten) {
    if (trouble != null && allIsWritten && !spaceIsLow) {
      log.info("the journal takes events again");
      trouble = null;
      queue.setUnavailable(null);
    }
  }
}
