package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments that there are, in the order in which this process came to have them, each until it
 * is deleted. What cannot be deleted is tried again. Confined to the journal's thread.
 */
final class SegmentStore {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private final JournalFiles files;
  private final Set<StoredSegment> all = new LinkedHashSet<>();
  private final Set<StoredSegment> undeleted = new LinkedHashSet<>();
  private Predicate<StoredSegment> takenAside = segment -> false;

  SegmentStore(JournalFiles files) {
    this.files = files;
  }

  /** From now on a segment that is no longer needed may be taken aside instead of deleted. */
  void takingAside(Predicate<StoredSegment> newTakenAside) {
    takenAside = newTakenAside;
  }

  void add(StoredSegment segment) {
    all.add(segment);
  }

  /** It will be opened again. */
  void remove(StoredSegment segment) {
    all.remove(segment);
    undeleted.remove(segment);
  }

  /** All of them, as they are now. */
  List<StoredSegment> all() {
    return List.copyOf(all);
  }

  boolean has(StoredSegment segment) {
    return all.contains(segment);
  }

  boolean has(Path slot, SegmentName name) {
    return all.stream().anyMatch(each -> each.slot().equals(slot) && each.name().equals(name));
  }

  int count() {
    return all.size();
  }

  long bytes() {
    long bytes = 0;
    for (StoredSegment segment : all) {
      bytes += segment.bytes();
    }
    return bytes;
  }

  /** When the oldest was begun; 0 when there is none. */
  long oldestMillis() {
    long oldest = Long.MAX_VALUE;
    for (StoredSegment segment : all) {
      oldest = segment.createdMillis() == 0 ? oldest : Math.min(oldest, segment.createdMillis());
    }
    return oldest == Long.MAX_VALUE ? 0 : oldest;
  }

  boolean holdsAny(Path slot) {
    return all.stream().anyMatch(segment -> segment.slot().equals(slot));
  }

  /** Whether one could not be deleted yet. */
  boolean needsRetry() {
    return !undeleted.isEmpty();
  }

  void retry() {
    deleteIfSpent(List.copyOf(undeleted));
  }

  /** Deletes those that are no longer needed. */
  void deleteIfSpent(Iterable<StoredSegment> candidates) {
    Set<Path> slots = new HashSet<>();
    for (StoredSegment segment : candidates) {
      if (segment.isSpent() && all.contains(segment) && delete(segment)) {
        slots.add(segment.slot());
      }
    }
    for (Path slot : slots) {
      try {
        files.forceDirectory(slot);
      } catch (IOException failed) {
        // Deleted files that come back after a crash are repetitions.
        log.trace("{} cannot be forced", slot, failed);
      }
    }
  }

  private boolean delete(StoredSegment segment) {
    try {
      if (!takenAside.test(segment)) {
        segment.delete();
      }
      remove(segment);
      return true;
    } catch (IOException failed) {
      undeleted.add(segment);
      log.warn("{} cannot be deleted yet: {}", segment.name().wal(), failed.toString());
      return false;
    }
  }

  /** Closes the files of what is left. */
  void close() {
    for (StoredSegment segment : all) {
      try {
        segment.close();
      } catch (IOException failed) {
        log.trace("{} cannot be closed", segment.name().wal(), failed);
      }
    }
  }
}
