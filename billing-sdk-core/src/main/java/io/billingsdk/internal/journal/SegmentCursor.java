package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import java.io.IOException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Segments that are read one after the other: those of this process, or those that others left. A
 * read that fails holds back what is behind it, since a stream is handed out in order. Confined to
 * the journal's thread.
 */
final class SegmentCursor {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  /** Failed attempts to read the same place before the rest of a segment is left alone. */
  private static final int ATTEMPTS = 10;

  private final boolean own;
  private final MergedOrder segments = new MergedOrder();
  private int failures;
  private boolean paused;

  /** None yet; {@code own} are those of this process. */
  SegmentCursor(boolean own) {
    this.own = own;
  }

  boolean isOwn() {
    return own;
  }

  /** In the order in which they are read. */
  MergedOrder segments() {
    return segments;
  }

  /** Whether a read has failed, and nothing is read before {@link #resume}. */
  boolean isPaused() {
    return paused;
  }

  void resume() {
    paused = false;
  }

  /** The next item of the first of these segments; null when there is none that can be read now. */
  MergedOrder.@Nullable Read read(Predicate<StoredSegment> readable) {
    StoredSegment first = paused ? null : segments.first(readable);
    if (first == null) {
      return null;
    }
    try {
      MergedOrder.Read read = segments.next(first);
      failures = 0;
      return read;
    } catch (IOException failed) {
      readFailed(segments.lastRead(), failed);
      return null;
    }
  }

  private void readFailed(StoredSegment segment, IOException failed) {
    failures++;
    if (failures < ATTEMPTS || segment.growing()) {
      paused = true;
      if (failures == 1) {
        log.error("{} cannot be read; trying again", segment.name().wal(), failed);
      }
      return;
    }
    log.error("{} cannot be read further and is kept", segment.name().wal(), failed);
    failures = 0;
    segment.keep();
    segment.stopReading();
  }
}
