package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.journal.SegmentReader.Damage;
import io.billingsdk.internal.journal.SegmentReader.Valid;
import io.billingsdk.internal.journal.StoredSegment.NewerFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All segments that this process has: its own, and those that earlier processes left. Reads them
 * for delivery, old and new in turn so that a backlog does not starve new events, and deletes them
 * when nothing in them is needed any more. Confined to the journal's thread.
 *
 * <p>A call that fails is repeated at the next {@link #retry}.
 */
final class StoredSegments {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  /** Records read from one side before the other has its turn. */
  private static final int TURN = 32;

  /** Failed attempts to read the same place before the rest of a segment is left alone. */
  private static final int READ_ATTEMPTS = 10;

  private final JournalFiles files;
  private final HandOut handOut;
  private final Aside aside;
  private final Settler settler;

  private final Set<StoredSegment> all = new LinkedHashSet<>();
  private final Side backlog = new Side(/* own= */ false);
  private final Side live = new Side(/* own= */ true);
  private final Map<StoredSegment, Long> unread = new HashMap<>();

  // What failed and is tried again.
  private final List<Found> unopened = new ArrayList<>();
  private final Set<StoredSegment> undeleted = new LinkedHashSet<>();

  /** Segments whose format is newer than this code, with their bytes. */
  private final Map<Path, Long> newer = new HashMap<>();

  /** Of this process's own stream, the last record that was handed out. */
  private long lastLiveSeq;

  private long recovered;
  private long quarantined;

  /** Segments to be read one after the other. */
  private static final class Side {
    private final Deque<StoredSegment> segments = new ArrayDeque<>();
    private final boolean own;
    private int failures;
    private boolean paused;

    Side(boolean own) {
      this.own = own;
    }
  }

  /** A segment in the directory of a slot. */
  private record Found(Path slot, SegmentName name) {}

  StoredSegments(JournalFiles files, HandOut handOut, StorageHealth health) {
    this.files = files;
    this.handOut = handOut;
    this.aside = new Aside(files);
    this.settler = new Settler(handOut, aside, health);
  }

  /** Takes over what earlier processes left in a slot; one that is adopted needs no reserve. */
  void addFound(Path slot, boolean adopted) throws IOException {
    Set<SegmentName> names = new LinkedHashSet<>(Slot.segments(files, slot));
    for (SegmentName name : names) {
      addFound(new Found(slot, name));
    }
    for (String file : files.list(slot)) {
      boolean needless = adopted && file.equals(Reserve.FILE);
      if (needless || isOrphan(file, names)) {
        deleteNeedless(slot.resolve(file));
      }
    }
  }

  /** Whether it is of acknowledgements without a segment. */
  private static boolean isOrphan(String file, Set<SegmentName> names) {
    return SegmentName.parseAck(file).filter(segment -> !names.contains(segment)).isPresent();
  }

  private void addFound(Found found) {
    Path wal = found.slot.resolve(found.name.wal());
    try {
      StoredSegment segment = StoredSegment.found(files, found.slot, found.name);
      long left = SegmentCounter.unsettled(files, found.slot, found.name, segment.settled());
      all.add(segment);
      backlog.segments.add(segment);
      unread.put(segment, left);
      recovered += left;
    } catch (NewerFormatException tooNew) {
      if (newer.put(wal, tooNew.bytes()) == null) {
        log.error("{} is left as it is: {}", wal, tooNew.getMessage());
      }
    } catch (IOException unreadable) {
      log.error("{} cannot be read; it will be tried again", wal, unreadable);
      unopened.add(found);
    }
  }

  private void deleteNeedless(Path file) {
    try {
      files.delete(file);
    } catch (IOException failed) {
      log.debug("{} cannot be deleted", file, failed);
    }
  }

  /** Adds a segment that this process begins to write. */
  void addLive(StoredSegment segment) {
    all.add(segment);
    live.segments.add(segment);
  }

  /** Records that earlier processes left, not counting those that turned out to be damaged. */
  long recovered() {
    return recovered;
  }

  /** Pieces of damage that were set aside. */
  long quarantined() {
    return quarantined;
  }

  /** Segments that this process leaves alone: they cannot be opened, or their format is newer. */
  int unreadable() {
    return unopened.size() + newer.size();
  }

  /** Bytes of those whose format is newer. */
  long unreadableBytes() {
    return newer.values().stream().mapToLong(Long::longValue).sum();
  }

  int count() {
    return all.size();
  }

  /** When the oldest segment was begun; 0 when there is none. */
  long oldestMillis() {
    long oldest = Long.MAX_VALUE;
    for (StoredSegment segment : all) {
      oldest = segment.createdMillis() == 0 ? oldest : Math.min(oldest, segment.createdMillis());
    }
    return oldest == Long.MAX_VALUE ? 0 : oldest;
  }

  long bytes() {
    long bytes = 0;
    for (StoredSegment segment : all) {
      bytes += segment.bytes();
    }
    return bytes;
  }

  boolean holdsAny(Path slot) {
    return all.stream().anyMatch(segment -> segment.slot().equals(slot))
        || unopened.stream().anyMatch(found -> found.slot.equals(slot));
  }

  /** Whether something failed and {@link #retry} would try it again. */
  boolean needsRetry() {
    return live.paused
        || backlog.paused
        || settler.needsRetry()
        || !undeleted.isEmpty()
        || !unopened.isEmpty();
  }

  void retry() {
    live.paused = false;
    backlog.paused = false;
    settler.retry();
    List<Found> again = List.copyOf(unopened);
    unopened.clear();
    again.forEach(this::addFound);
    deleteIfSpent(List.copyOf(undeleted));
  }

  /** Reads ahead until enough is waiting to be delivered, or there is nothing more to read. */
  void readAhead() {
    boolean progress = true;
    while (progress && handOut.wantsMore()) {
      boolean liveProgress = readFrom(live);
      progress = readFrom(backlog) || liveProgress;
    }
  }

  private boolean readFrom(Side side) {
    boolean progress = false;
    for (int i = 0; i < TURN && !side.segments.isEmpty() && handOut.wantsMore(); i++) {
      StoredSegment segment = side.segments.getFirst();
      SegmentReader.Item item = read(side, segment);
      if (side.paused || (item == null && segment.growing())) {
        return progress;
      }
      progress = true;
      if (item == null) {
        side.segments.removeFirst();
        endOfReading(segment);
      } else {
        accept(segment, item, side.own, /* drop= */ false);
      }
    }
    return progress;
  }

  private SegmentReader.@Nullable Item read(Side side, StoredSegment segment) {
    if (side.paused) {
      return null;
    }
    try {
      SegmentReader.Item item = segment.next();
      side.failures = 0;
      return item;
    } catch (IOException failed) {
      readFailed(side, segment, failed);
      return null;
    }
  }

  /** Those behind it wait: a stream is handed out in order. */
  private void readFailed(Side side, StoredSegment segment, IOException failed) {
    side.failures++;
    if (side.failures < READ_ATTEMPTS || segment.growing()) {
      side.paused = true;
      if (side.failures == 1) {
        log.error("{} cannot be read; trying again", segment.name().wal(), failed);
      }
      return;
    }
    log.error("{} cannot be read further and is kept", segment.name().wal(), failed);
    side.failures = 0;
    segment.keep();
    segment.stopReading();
  }

  private void accept(StoredSegment segment, SegmentReader.Item item, boolean own, boolean drop) {
    if (item instanceof Damage damage) {
      quarantine(segment, damage);
    } else if (item instanceof Valid valid && valid.type() == SegmentFormat.EVENT) {
      if (!segment.settled().contains(valid.seq())) {
        if (drop) {
          drop(segment, valid, own);
        } else {
          handOut(segment, valid, own);
        }
      }
    } else if (item instanceof Valid valid && valid.type() != SegmentFormat.SEAL) {
      log.error("{} has a record of unknown type and is kept", segment.name().wal());
      segment.keep();
    }
  }

  private void handOut(StoredSegment segment, Valid valid, boolean own) {
    JournalRecord event = firstCopy(segment, valid, own);
    if (event != null) {
      handOut.offer(event);
    }
  }

  private @Nullable JournalRecord firstCopy(StoredSegment segment, Valid valid, boolean own) {
    segment.handedOut();
    if (own && valid.seq() <= lastLiveSeq) {
      // Written again after a failed force, and handed out from the first copy. That copy may not
      // be on disk: this one must stay until the record is settled.
      settler.secondCopy(valid.seq(), segment);
      return null;
    }
    if (own) {
      lastLiveSeq = valid.seq();
    } else {
      unread.merge(segment, -1L, Long::sum);
    }
    return new JournalRecord(segment.name().stream(), valid.seq(), valid.body(), segment);
  }

  // Dropping.

  /**
   * Drops the oldest records that are not handed out, segment by segment, until there are no more
   * bytes than these or nothing is left to be dropped. What is being written stays. In order, and
   * no further than what can be read and deleted: a disk that fails must not cost everything.
   */
  void dropOldest(long toBytes) {
    long before = handOut.dropped();
    dropOldest(backlog, toBytes);
    dropOldest(live, toBytes);
    long dropped = handOut.dropped() - before;
    if (dropped > 0) {
      log.warn("the journal is near its bound: its {} oldest events are dropped", dropped);
      handOut.tellOfDropped();
    }
  }

  private void dropOldest(Side side, long toBytes) {
    for (StoredSegment segment : List.copyOf(all)) {
      if (bytes() <= toBytes || side.paused || !undeleted.isEmpty()) {
        return;
      }
      if (segment.isOwn() == side.own && !segment.growing()) {
        handOut.dropWaiting(segment).forEach(settler::settled);
        dropUnread(side, segment);
        settle();
      }
    }
  }

  private void dropUnread(Side side, StoredSegment segment) {
    while (!side.paused && segment.equals(side.segments.peekFirst())) {
      SegmentReader.Item item = read(side, segment);
      if (item != null) {
        accept(segment, item, side.own, /* drop= */ true);
      } else if (!side.paused) {
        side.segments.removeFirst();
        endOfReading(segment);
      }
    }
  }

  private void drop(StoredSegment segment, Valid valid, boolean own) {
    JournalRecord event = firstCopy(segment, valid, own);
    if (event != null) {
      handOut.drop(event);
      settler.settled(event);
    }
  }

  private void quarantine(StoredSegment segment, Damage damage) {
    if (damage.isEmptySpace()) {
      return;
    }
    quarantined++;
    try {
      aside.quarantine(segment.slot(), segment.name(), damage);
      log.error(
          "{} bytes at {} of {} are damaged; they are in quarantine",
          damage.bytes().length,
          damage.offset(),
          segment.name().wal());
    } catch (IOException failed) {
      segment.keep();
      log.error("damage in {} cannot be set aside; it is kept", segment.name().wal(), failed);
    }
  }

  /** What a seal counted and was not found is damaged: it will never be handed out. */
  private void endOfReading(StoredSegment segment) {
    Long missing = unread.remove(segment);
    if (missing != null) {
      recovered -= missing;
    }
    deleteIfSpent(List.of(segment));
  }

  /** Writes down what was settled, and deletes what is spent. */
  void settle() {
    deleteIfSpent(settler.settle());
  }

  private void deleteIfSpent(Iterable<StoredSegment> candidates) {
    Set<Path> slots = new HashSet<>();
    for (StoredSegment segment : candidates) {
      if (!segment.isSpent() || !all.contains(segment)) {
        continue;
      }
      try {
        segment.delete();
        all.remove(segment);
        undeleted.remove(segment);
        slots.add(segment.slot());
      } catch (IOException failed) {
        undeleted.add(segment);
        log.warn("{} cannot be deleted yet: {}", segment.name().wal(), failed.toString());
      }
    }
    for (Path slot : slots) {
      try {
        files.forceDirectory(slot);
      } catch (IOException failed) {
        // Deleted files that come back after a crash are repetitions.
        log.debug("{} cannot be forced", slot, failed);
      }
    }
  }

  void close() {
    settler.retry();
    settle();
    // What is settled but for its end is deleted.
    readAhead();
    for (StoredSegment segment : all) {
      try {
        segment.close();
      } catch (IOException failed) {
        log.debug("{} cannot be closed", segment.name().wal(), failed);
      }
    }
  }
}
