package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.journal.HandOut.Settlement;
import io.billingsdk.internal.journal.SegmentReader.Damage;
import io.billingsdk.internal.journal.SegmentReader.Valid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All segments that this process has: its own, and those that earlier processes left. Reads them
 * for delivery, old and new in turn so that a backlog does not starve new events; settles them; and
 * deletes them when nothing in them is needed any more. Confined to the journal's thread.
 */
final class StoredSegments {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  /** Records read from one side before the other has its turn. */
  private static final int TURN = 32;

  private final JournalFiles files;
  private final HandOut handOut;
  private final Aside aside;

  private final Set<StoredSegment> all = new LinkedHashSet<>();
  private final Deque<StoredSegment> backlog = new ArrayDeque<>();
  private final Deque<StoredSegment> live = new ArrayDeque<>();
  private final Map<StoredSegment, Long> unread = new HashMap<>();
  private final List<Settlement> unwrittenDeadLetters = new ArrayList<>();

  /** Of this process's own stream, the last record that was handed out. */
  private long lastLiveSeq;

  private long recovered;
  private long quarantined;

  StoredSegments(JournalFiles files, HandOut handOut) {
    this.files = files;
    this.handOut = handOut;
    this.aside = new Aside(files);
  }

  /** Takes over what earlier processes left in a slot. */
  void addFound(Path slot) throws IOException {
    for (SegmentName name : Slot.segments(files, slot)) {
      try {
        StoredSegment segment = StoredSegment.found(files, slot, name);
        long left = SegmentCounter.count(files, slot, name) - segment.settledCount();
        all.add(segment);
        backlog.add(segment);
        unread.put(segment, left);
        recovered += left;
      } catch (IOException unreadable) {
        // It stays where it is, for another process or a person.
        log.error("{} cannot be read and is left as it is", slot.resolve(name.wal()), unreadable);
      }
    }
  }

  /** Adds a segment that this process begins to write. */
  void addLive(StoredSegment segment) {
    all.add(segment);
    live.add(segment);
  }

  /** Records that earlier processes left, not counting those that turned out to be damaged. */
  long recovered() {
    return recovered;
  }

  /** Pieces of damage that were set aside. */
  long quarantined() {
    return quarantined;
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

  /** Whether everything that earlier processes left is read. */
  boolean backlogIsRead() {
    return backlog.isEmpty();
  }

  long bytes() {
    long bytes = 0;
    for (StoredSegment segment : all) {
      bytes += segment.bytes();
    }
    return bytes;
  }

  boolean holdsAny(Path slot) {
    return all.stream().anyMatch(segment -> segment.slot().equals(slot));
  }

  /** Reads ahead until enough is waiting to be delivered, or there is nothing more to read. */
  void readAhead() {
    boolean progress = true;
    while (progress && handOut.wantsMore()) {
      boolean ofLive = readFrom(live, /* own= */ true);
      boolean ofBacklog = readFrom(backlog, /* own= */ false);
      progress = ofLive || ofBacklog;
    }
  }

  private boolean readFrom(Deque<StoredSegment> side, boolean own) {
    boolean progress = false;
    for (int i = 0; i < TURN && !side.isEmpty() && handOut.wantsMore(); i++) {
      StoredSegment segment = side.getFirst();
      SegmentReader.Item item = read(segment);
      if (item == null && segment.growing()) {
        return progress;
      }
      progress = true;
      if (item == null) {
        side.removeFirst();
        endOfReading(segment);
      } else {
        accept(segment, item, own);
      }
    }
    return progress;
  }

  private SegmentReader.@Nullable Item read(StoredSegment segment) {
    try {
      return segment.next();
    } catch (IOException failed) {
      log.error("{} cannot be read further and is kept", segment.name().wal(), failed);
      segment.keep();
      segment.ended();
      segment.stopReading();
      return null;
    }
  }

  private void accept(StoredSegment segment, SegmentReader.Item item, boolean own) {
    if (item instanceof Damage damage) {
      quarantine(segment, damage);
    } else if (item instanceof Valid valid
        && valid.type() == SegmentFormat.EVENT
        && !segment.isSettled(valid.seq())) {
      handOut(segment, valid, own);
    }
  }

  private void handOut(StoredSegment segment, Valid valid, boolean own) {
    if (own) {
      if (valid.seq() <= lastLiveSeq) {
        // Written again after a failed force, and handed out from the first copy. That copy may
        // not be on disk: this one must stay.
        segment.keep();
        return;
      }
      lastLiveSeq = valid.seq();
    } else {
      unread.merge(segment, -1L, Long::sum);
    }
    segment.handedOut();
    handOut.offer(new JournalRecord(segment.name().stream(), valid.seq(), valid.body(), segment));
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
    Set<StoredSegment> touched = new HashSet<>();
    unwrittenDeadLetters.addAll(handOut.takeSettledDead());
    for (Settlement settlement : handOut.takeSettled()) {
      settleOne(settlement, touched);
    }
    retryDeadLetters(touched);
    for (StoredSegment segment : touched) {
      try {
        segment.writeAcks();
      } catch (IOException failed) {
        // Kept for the next time; lost in a crash they cost repetitions.
        log.debug("acknowledgements of {} cannot be written", segment.name().ack(), failed);
      }
    }
    deleteIfSpent(touched);
  }

  private static void settleOne(Settlement settlement, Set<StoredSegment> touched) {
    StoredSegment segment = settlement.event().segment();
    if (segment != null) {
      segment.settle(settlement.event().seq());
      touched.add(segment);
    }
  }

  /** A dead letter is settled only when it is safely set aside. */
  private void retryDeadLetters(Set<StoredSegment> touched) {
    for (Iterator<Settlement> dead = unwrittenDeadLetters.iterator(); dead.hasNext(); ) {
      Settlement settlement = dead.next();
      StoredSegment segment = settlement.event().segment();
      try {
        if (segment != null && settlement.deadReason() != null) {
          aside.deadLetter(segment.slot(), settlement.event(), settlement.deadReason());
        }
        dead.remove();
        settleOne(settlement, touched);
      } catch (IOException failed) {
        log.warn("a dead letter cannot be set aside yet: {}", failed.toString());
        return;
      }
    }
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
        slots.add(segment.slot());
      } catch (IOException failed) {
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
    settle();
    for (StoredSegment segment : all) {
      try {
        segment.close();
      } catch (IOException failed) {
        log.debug("{} cannot be closed", segment.name().wal(), failed);
      }
    }
  }
}
