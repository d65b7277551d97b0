package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a journal does beside its work because delivered records are retained: keeps their
 * segments, brings them back for another ledger, and looks after what dead processes retained.
 * Confined to the journal's thread, except {@link #seen}.
 */
final class DeliveredRetention {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private final JournalFiles files;
  private final RetainedSegments retained;
  private final ActiveSegment growing;
  private final RestoreRedelivery restoreRedelivery;
  private final Runnable onCounted;
  private @Nullable Path own;

  /** Takes over a slot. */
  @FunctionalInterface
  interface Adoption {
    void adopt(Slot slot) throws IOException;
  }

  /**
   * Nothing yet.
   *
   * @param roomBytes what segments may take with those that come back
   * @param onCounted run when all that comes back is counted as pending
   */
  DeliveredRetention(
      JournalFiles files,
      Clock clock,
      RetainedSegments retained,
      long roomBytes,
      SegmentLog segments,
      ActiveSegment growing,
      Runnable onCounted) {
    this.onCounted = onCounted;
    this.files = files;
    this.retained = retained;
    this.growing = growing;
    this.restoreRedelivery = new RestoreRedelivery(files, clock, roomBytes, segments, retained);
  }

  /** Deliveries from now on go to this ledger. Any thread. */
  void seen(UUID ledger) {
    restoreRedelivery.seen(ledger);
  }

  /** Whether records may come back that are not counted as pending yet. Any thread. */
  boolean isOwing() {
    return restoreRedelivery.isOwing();
  }

  /** What the journal counts can be seen by other threads. */
  void published() {
    if (restoreRedelivery.hasStoppedOwing()) {
      onCounted.run();
    }
  }

  /**
   * This process writes to this slot.
   *
   * @return the number of the newest segment that is retained there; 0 when there is none
   */
  long own(Path slot) {
    own = slot;
    holds(slot);
    return retained.own(slot);
  }

  /** This process has a slot. */
  void holds(Path slot) {
    restoreRedelivery.holds(slot);
  }

  /** This process lets go of a slot. */
  void letsGo(Path slot) {
    restoreRedelivery.letsGo(slot);
  }

  /** Whether something of a slot is still to be brought back. */
  boolean needs(Path slot) {
    return restoreRedelivery.needs(slot);
  }

  /** Makes room on the disk; false when nothing is retained. */
  boolean giveUpOldest() {
    return retained.giveUpOldest() || restoreRedelivery.giveUpOldest();
  }

  /** Looks which ledger is there; before more is noted as delivered. */
  void notice() {
    restoreRedelivery.notice();
  }

  /** Whether bringing back begins now: events noted in the segment that grows come back, too. */
  boolean isToEndGrowing() {
    return growing.hasSettled() && restoreRedelivery.isToBegin();
  }

  /** Does what can be done now; after all that was settled is noted. */
  void proceed() {
    if (restoreRedelivery.isToBegin()) {
      restoreRedelivery.begin();
    }
    restoreRedelivery.proceed();
  }

  /** How long there is nothing to do without being woken. */
  long nanosToNext() {
    return restoreRedelivery.nanosToNext();
  }

  /** Deletes what is retained too long, and takes over what dead processes retained. */
  void tidy(List<Path> slots, Adoption adoption) throws IOException {
    retained.limit();
    if (restoreRedelivery.knowsLedger()) {
      for (Path slot : slots) {
        if (!retained.in(slot).isEmpty()) {
          takeOver(slot, adoption);
        }
      }
    }
  }

  private void takeOver(Path directory, Adoption adoption) throws IOException {
    Slot slot = Slot.tryTake(files, directory);
    if (slot == null) {
      return; // Another process has it, or this one.
    }
    if (restoreRedelivery.isSettledFor(Objects.requireNonNull(own), directory)) {
      try {
        log.trace("taking over the retained events in {}", directory);
        retained.gather(directory, growing::takeNumber);
      } finally {
        slot.lock().close();
      }
    } else {
      adoption.adopt(slot);
    }
  }
}
