package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Segments whose events are all delivered, each in the directory {@code retained} of its slot until
 * it is too old, there are too many, or the disk needs the space. They are no part of what the
 * journal holds, and never a reason to refuse a record. Confined to the journal's thread.
 *
 * <p>Whatever fails here costs what is retained, and no record that is to be delivered.
 */
final class RetainedSegments {
  static final String DIRECTORY = "retained";

  /** A correction in small steps is no jump. */
  private static final long TOLERANCE_MILLIS = 3_600_000;

  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private final JournalFiles files;
  private final Clock clock;
  private final Retention retention;

  /** Of the slot that this process writes to, the oldest first, with their bytes. */
  private final TreeMap<RetainedName, Long> kept = new TreeMap<>();

  /** Slots whose directory is made and survives a crash. */
  private final Set<Path> made = new HashSet<>();

  // When this was begun, by both clocks.
  private final long begunMillis;
  private final long begunNanos;

  private @Nullable Path own;
  private long bytes;

  RetainedSegments(JournalFiles files, Clock clock, Retention retention) {
    this.files = files;
    this.clock = clock;
    this.retention = retention;
    this.begunMillis = clock.wallMillis();
    this.begunNanos = clock.monotonicNanos();
  }

  /**
   * From now on this process writes to this slot, and has what is retained there.
   *
   * @return the number of the newest segment that is retained; 0 when there is none
   */
  long own(Path slot) {
    own = slot;
    // The retained segments of a slot that is gone are gone with it.
    kept.clear();
    made.clear();
    bytes = 0;
    long newest = 0;
    try {
      for (RetainedName name : in(slot)) {
        keep(name, bytes(slot, name));
        newest = Math.max(newest, name.segment().number());
      }
    } catch (IOException failed) {
      log.warn("the retained events in {} cannot be read: {}", slot, failed.toString());
    }
    return newest;
  }

  private void keep(RetainedName name, long itsBytes) {
    kept.put(name, itsBytes);
    bytes += itsBytes;
  }

  /** Bytes of a segment; 0 when it cannot be read. */
  long bytes(Path slot, RetainedName name) {
    try (JournalFiles.Input input = files.open(file(slot, name))) {
      return input.bytes();
    } catch (IOException unreadable) {
      return 0;
    }
  }

  /** The retained segments of a slot, the oldest first. */
  List<RetainedName> in(Path slot) throws IOException {
    if (!files.list(slot).contains(DIRECTORY)) {
      return List.of();
    }
    Stream<String> names = files.list(slot.resolve(DIRECTORY)).stream();
    return names.flatMap(name -> RetainedName.parse(name).stream()).sorted().toList();
  }

  static Path file(Path slot, RetainedName name) {
    return slot.resolve(DIRECTORY).resolve(name.fileName());
  }

  /** Moves a segment aside instead of deleting it; false when that cannot be done. */
  boolean take(StoredSegment segment) {
    try {
      make(segment.slot());
      RetainedName name = new RetainedName(clock.wallMillis(), segment.name());
      segment.moveTo(file(segment.slot(), name));
      if (segment.slot().equals(own)) {
        keep(name, segment.bytes());
        limit();
      }
      return true;
    } catch (IOException failed) {
      log.warn("{} cannot be retained: {}", segment.name().wal(), failed.toString());
      return false;
    }
  }

  private void make(Path slot) throws IOException {
    if (!made.contains(slot)) {
      files.createDirectories(slot.resolve(DIRECTORY));
      files.forceDirectory(slot);
      made.add(slot);
    }
  }

  /**
   * Takes over the retained events in the slot of a dead process.
   *
   * @param numbers for its segments, so that those of one stream stay together
   */
  void gather(Path from, LongSupplier numbers) throws IOException {
    Path slot = Objects.requireNonNull(own, "not open");
    make(slot);
    // What its process moved there last, if it reached the disk after what is moved on now, would
    // be there again after a power cut, and here too: delivered twice to a ledger that wants it.
    files.forceDirectory(from.resolve(DIRECTORY));
    for (RetainedName name : in(from)) {
      SegmentName segment = new SegmentName(numbers.getAsLong(), name.segment().stream());
      RetainedName mine = new RetainedName(name.settledMillis(), segment);
      files.move(file(from, name), file(slot, mine));
      keep(mine, bytes(slot, mine));
    }
    files.forceDirectory(slot.resolve(DIRECTORY));
    files.forceDirectory(from.resolve(DIRECTORY));
  }

  /** Lets go of all that a slot has: it will be brought back. The oldest first. */
  Deque<RetainedName> release(Path slot) throws IOException {
    Deque<RetainedName> released = new ArrayDeque<>(in(slot));
    if (slot.equals(own)) {
      kept.clear();
      bytes = 0;
    }
    return released;
  }

  /** Deletes what is too old or too much. */
  void limit() {
    long tooOldMillis = nowMillis() - retention.time().toMillis();
    while (!kept.isEmpty()
        && (bytes > retention.bytes() || kept.firstKey().settledMillis() < tooOldMillis)) {
      var unused = deleteOldest();
    }
  }

  /** A wall clock that jumps ahead must not make all that is retained too old at once. */
  private long nowMillis() {
    long passedMillis = (clock.monotonicNanos() - begunNanos) / 1_000_000;
    return Math.min(clock.wallMillis(), begunMillis + passedMillis + TOLERANCE_MILLIS);
  }

  /** Makes room on the disk by deleting the oldest; false when there is none. */
  boolean giveUpOldest() {
    while (!kept.isEmpty()) {
      if (deleteOldest()) {
        log.warn("the disk is short of space: the SDK deletes the oldest retained events");
        return true;
      }
    }
    return false;
  }

  /** One that cannot be deleted is looked at by the next process again. */
  private boolean deleteOldest() {
    Map.Entry<RetainedName, Long> oldest = kept.firstEntry();
    kept.remove(oldest.getKey());
    bytes -= oldest.getValue();
    return delete(Objects.requireNonNull(own), oldest.getKey());
  }

  /** Deletes one; false when that fails. */
  boolean delete(Path slot, RetainedName name) {
    try {
      files.delete(file(slot, name));
      return true;
    } catch (IOException failed) {
      log.warn("{} cannot be deleted: {}", name.fileName(), failed.toString());
      return false;
    }
  }
}
