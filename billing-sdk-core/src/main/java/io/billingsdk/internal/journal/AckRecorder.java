package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.journal.DeliveryQueue.Ack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what became of records: settled ones in the acknowledgement file of their segment,
 * dead letters in a file of their own before they count as settled. Confined to the journal's
 * thread.
 */
final class AckRecorder {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private final DeliveryQueue deliveryQueue;
  private final Quarantine quarantine;
  private final StorageHealth health;

  /** Dead letters that could not be set aside. */
  private final List<Ack> failedDead = new ArrayList<>();

  private final List<Ack> retriedDead = new ArrayList<>();

  /** Segments that hold another copy of a record that is handed out, of this process's stream. */
  private final Map<Long, List<StoredSegment>> secondCopies = new HashMap<>();

  /** The same of records that an earlier process left. */
  private final Map<JournalRecord, List<StoredSegment>> copies = new HashMap<>();

  /** Of this process's stream. */
  private final AckedRanges ownSettled = new AckedRanges();

  /** Segments with something settled since they were last written. */
  private Set<StoredSegment> touched = new HashSet<>();

  /** Segments whose settled part could not be written. */
  private final Set<StoredSegment> failedAcks = new HashSet<>();

  AckRecorder(DeliveryQueue deliveryQueue, Quarantine quarantine, StorageHealth health) {
    this.deliveryQueue = deliveryQueue;
    this.quarantine = quarantine;
    this.health = health;
  }

  /** A segment holds a record that was handed out from another: both are settled together. */
  void secondCopy(long seq, StoredSegment segment) {
    if (ownSettled.contains(seq)) {
      segment.settle(seq);
      touched.add(segment);
    } else {
      secondCopies.computeIfAbsent(seq, first -> new ArrayList<>(1)).add(segment);
    }
  }

  /** Other segments hold this record, too: all are settled together. */
  void copies(JournalRecord event, List<StoredSegment> others) {
    if (!others.isEmpty()) {
      others.forEach(StoredSegment::handedOut);
      copies.put(event, others);
    }
  }

  /** A record was settled before, but in another segment that holds it. */
  void settledElsewhere(StoredSegment segment, long seq) {
    if (!segment.settled().contains(seq)) {
      segment.handedOut();
      settled(segment, seq);
    }
  }

  boolean needsRetry() {
    return !failedDead.isEmpty() || !failedAcks.isEmpty();
  }

  void retry() {
    retriedDead.addAll(failedDead);
    failedDead.clear();
    touched.addAll(failedAcks);
    failedAcks.clear();
  }

  /** Writes down what was settled, and returns the segments that it is of. */
  Set<StoredSegment> settle() {
    List<Ack> dead = new ArrayList<>(retriedDead);
    retriedDead.clear();
    dead.addAll(deliveryQueue.takeSettledDead());
    for (Ack settlement : dead) {
      setAside(settlement);
    }
    for (Ack settlement : deliveryQueue.takeSettled()) {
      settled(settlement.event());
    }
    Set<StoredSegment> written = touched;
    touched = new HashSet<>();
    written.forEach(this::writeAcks);
    return written;
  }

  /** What cannot be written is kept for the next time; lost in a crash it costs repetitions. */
  private void writeAcks(StoredSegment segment) {
    try {
      try {
        segment.writeAcks();
      } catch (IOException failed) {
        // One that is spent is deleted in a moment, which makes more room.
        if (segment.isSpent()) {
          throw failed;
        }
        makeRoomOrThrow(failed);
        segment.writeAcks();
      }
    } catch (IOException failed) {
      failedAcks.add(segment);
      log.trace("acknowledgements of {} cannot be written", segment.name().ack(), failed);
    }
  }

  /** Returns if another try is worth it. */
  private void makeRoomOrThrow(IOException failed) throws IOException {
    if (!health.makeRoom("deliveries cannot be noted", failed)) {
      throw failed;
    }
  }

  /** A dead letter is settled only when it is safely set aside. */
  private void setAside(Ack dead) {
    JournalRecord event = dead.event();
    StoredSegment segment = event.segment();
    try {
      if (health.isGone()) {
        // It would be put where nobody looks, or make the directory that somebody took away.
        throw new GoneException("the directory was moved or removed");
      }
      if (segment != null && dead.deadReason() != null) {
        setAside(segment, event, dead.deadReason());
      }
      settled(event);
    } catch (IOException failed) {
      failedDead.add(dead);
      if (failed instanceof GoneException) {
        return; // Reported where it was noticed.
      }
      log.warn("a dead letter cannot be set aside yet: {}", failed.toString());
    }
  }

  private void setAside(StoredSegment segment, JournalRecord event, String reason)
      throws IOException {
    try {
      quarantine.deadLetter(segment.slot(), event, reason);
    } catch (IOException failed) {
      makeRoomOrThrow(failed);
      quarantine.deadLetter(segment.slot(), event, reason);
    }
  }

  /** Of a record that is handed out no more: it was delivered, set aside, or dropped. */
  void settled(JournalRecord event) {
    StoredSegment segment = event.segment();
    if (segment == null) {
      return;
    }
    settled(segment, event.seq());
    if (segment.isOwn()) {
      ownSettled.add(event.seq(), event.seq());
      List<StoredSegment> again = secondCopies.remove(event.seq());
      if (again != null) {
        again.forEach(copy -> settled(copy, event.seq()));
      }
    } else {
      List<StoredSegment> others = copies.remove(event);
      if (others != null) {
        others.forEach(copy -> settled(copy, event.seq()));
      }
    }
  }

  private void settled(StoredSegment segment, long seq) {
    segment.settle(seq);
    touched.add(segment);
  }
}
