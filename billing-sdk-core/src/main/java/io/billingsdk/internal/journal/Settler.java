package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.journal.HandOut.Settlement;
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
final class Settler {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private final HandOut handOut;
  private final Aside aside;

  /** Dead letters that could not be set aside. */
  private final List<Settlement> failedDead = new ArrayList<>();

  private final List<Settlement> retriedDead = new ArrayList<>();

  /** Segments that hold another copy of a record that is handed out, of this process's stream. */
  private final Map<Long, List<StoredSegment>> secondCopies = new HashMap<>();

  /** Of this process's stream. */
  private final SettledSet ownSettled = new SettledSet();

  /** Of which something was settled since they were last written. */
  private Set<StoredSegment> touched = new HashSet<>();

  Settler(HandOut handOut, Aside aside) {
    this.handOut = handOut;
    this.aside = aside;
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

  boolean needsRetry() {
    return !failedDead.isEmpty();
  }

  void retry() {
    retriedDead.addAll(failedDead);
    failedDead.clear();
  }

  /** Writes down what was settled, and returns the segments that it is of. */
  Set<StoredSegment> settle() {
    List<Settlement> dead = new ArrayList<>(retriedDead);
    retriedDead.clear();
    dead.addAll(handOut.takeSettledDead());
    for (Settlement settlement : dead) {
      setAside(settlement);
    }
    for (Settlement settlement : handOut.takeSettled()) {
      settled(settlement.event());
    }
    Set<StoredSegment> written = touched;
    touched = new HashSet<>();
    for (StoredSegment segment : written) {
      try {
        segment.writeAcks();
      } catch (IOException failed) {
        // Kept for the next time; lost in a crash they cost repetitions.
        log.debug("acknowledgements of {} cannot be written", segment.name().ack(), failed);
      }
    }
    return written;
  }

  /** A dead letter is settled only when it is safely set aside. */
  private void setAside(Settlement dead) {
    JournalRecord event = dead.event();
    StoredSegment segment = event.segment();
    try {
      if (segment != null && dead.deadReason() != null) {
        aside.deadLetter(segment.slot(), event, dead.deadReason());
      }
      settled(event);
    } catch (IOException failed) {
      failedDead.add(dead);
      log.warn("a dead letter cannot be set aside yet: {}", failed.toString());
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
      List<StoredSegment> copies = secondCopies.remove(event.seq());
      if (copies != null) {
        copies.forEach(copy -> settled(copy, event.seq()));
      }
    }
  }

  private void settled(StoredSegment segment, long seq) {
    segment.settle(seq);
    touched.add(segment);
  }
}
