package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the segments that earlier processes left, and counts what is in them. Those that cannot be
 * opened it tries again, those of a newer format it leaves alone. Confined to the journal's thread.
 */
final class SegmentOpener {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  /** So often it is tried before the rest of its stream is read without it. */
  private static final int AWAITED_ATTEMPTS = 10;

  private final JournalFiles files;

  /** What could not be opened, with the number of retries so far. */
  private final Map<FoundSegment, Integer> unopened = new LinkedHashMap<>();

  /** Segments whose format is newer than this code, with their bytes. */
  private final Map<Path, Long> newer = new HashMap<>();

  /** A segment in the directory of a slot. */
  private record FoundSegment(Path slot, SegmentName name) {
    Path wal() {
      return slot.resolve(name.wal());
    }

    boolean isOfStreamOf(StoredSegment segment) {
      return slot.equals(segment.slot()) && name.stream().equals(segment.name().stream());
    }
  }

  /** A segment that was opened, and how many records are left in it. */
  record Opened(StoredSegment segment, long left) {}

  SegmentOpener(JournalFiles files) {
    this.files = files;
  }

  /** Opens all of a slot that can be opened and are not known, oldest first. */
  List<Opened> open(Path slot, Predicate<SegmentName> known) throws IOException {
    List<StoredSegment> segments = new ArrayList<>();
    for (SegmentName name : Slot.segments(files, slot)) {
      StoredSegment segment =
          known.test(name) ? null : open(new FoundSegment(slot, name), /* attempts= */ 0);
      if (segment != null) {
        segments.add(segment);
      }
    }
    List<Opened> opened = new ArrayList<>();
    SegmentCounter counter = new SegmentCounter(files);
    for (int i = 0; i < segments.size(); i++) {
      List<StoredSegment> later = segments.subList(i + 1, segments.size());
      Opened counted = count(segments.get(i), counter, later, /* attempts= */ 0);
      if (counted != null) {
        opened.add(counted);
      }
    }
    return opened;
  }

  /** Opens one of a slot; null when it cannot be opened yet. */
  @Nullable Opened open(Path slot, SegmentName name) {
    return open(new FoundSegment(slot, name), new SegmentCounter(files), /* attempts= */ 0);
  }

  private @Nullable Opened open(FoundSegment found, SegmentCounter counter, int attempts) {
    StoredSegment segment = open(found, attempts);
    return segment == null ? null : count(segment, counter, List.of(), attempts);
  }

  /** Deletes acknowledgements without a segment; and the reserve, which an adopted slot has not. */
  void deleteNeedless(Path slot, boolean adopted) throws IOException {
    Set<String> names = new LinkedHashSet<>(files.list(slot));
    for (String name : names) {
      boolean orphan =
          SegmentName.parseAck(name).filter(of -> !names.contains(of.wal())).isPresent();
      boolean part = name.endsWith(StoredSegment.RESCUED);
      if (orphan || part || (adopted && name.equals(Reserve.FILE))) {
        delete(slot.resolve(name));
      }
    }
  }

  private void delete(Path needless) {
    try {
      files.delete(needless);
    } catch (IOException failed) {
      log.trace("{} cannot be deleted", needless, failed);
    }
  }

  /** Tries again, one by one; what one holds twice is counted twice until it is read. */
  List<Opened> retry() {
    List<Opened> opened = new ArrayList<>();
    Map<FoundSegment, Integer> again = new LinkedHashMap<>(unopened);
    unopened.clear();
    again.forEach(
        (found, before) -> {
          Opened counted = open(found, new SegmentCounter(files), before + 1);
          if (counted != null) {
            opened.add(counted);
          }
        });
    return opened;
  }

  private @Nullable StoredSegment open(FoundSegment found, int attempts) {
    try {
      return StoredSegment.found(files, found.slot, found.name);
    } catch (NewerFormatException tooNew) {
      if (newer.put(found.wal(), tooNew.bytes()) == null) {
        log.error("{} is left as it is: {}", found.wal(), tooNew.getMessage());
      }
    } catch (IOException unreadable) {
      unopened(found, attempts, unreadable);
    }
    return null;
  }

  /** Null when it cannot be read. */
  private @Nullable Opened count(
      StoredSegment segment, SegmentCounter counter, List<StoredSegment> later, int attempts) {
    try {
      return new Opened(segment, counter.unsettled(segment, later));
    } catch (IOException unreadable) {
      close(segment);
      unopened(new FoundSegment(segment.slot(), segment.name()), attempts, unreadable);
      return null;
    }
  }

  /** Each try opens it again: left open, the files of a process would run out. */
  private static void close(StoredSegment segment) {
    try {
      segment.close();
    } catch (IOException failed) {
      log.trace("{} cannot be closed", segment.name().wal(), failed);
    }
  }

  private void unopened(FoundSegment found, int attempts, IOException failed) {
    log.error("{} cannot be read; it will be tried again", found.wal(), failed);
    unopened.put(found, attempts);
  }

  /** Whether a segment waits some time for another of its stream, since it is read in order. */
  boolean isAwaited(StoredSegment waiting) {
    for (Map.Entry<FoundSegment, Integer> entry : unopened.entrySet()) {
      if (entry.getValue() < AWAITED_ATTEMPTS && entry.getKey().isOfStreamOf(waiting)) {
        return true;
      }
    }
    return false;
  }

  boolean needsRetry() {
    return !unopened.isEmpty();
  }

  /** Whether any segment waits for another. */
  boolean awaitsAny() {
    return unopened.values().stream().anyMatch(attempts -> attempts < AWAITED_ATTEMPTS);
  }

  /** Whether there are segments of a slot that it may yet open. */
  boolean holdsAny(Path slot) {
    return unopened.keySet().stream().anyMatch(found -> found.slot.equals(slot));
  }

  /** Segments that this process leaves alone: they cannot be opened, or their format is newer. */
  int unreadable() {
    return unopened.size() + newer.size();
  }

  /** Bytes of those whose format is newer. */
  long unreadableBytes() {
    return newer.values().stream().mapToLong(Long::longValue).sum();
  }
}
