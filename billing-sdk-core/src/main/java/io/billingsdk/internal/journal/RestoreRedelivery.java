package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out once more what was delivered to another ledger than the one that is there now: a
 * billing system that was restored from a backup lacks what it committed after the backup was
 * taken. What it has, it recognises by its identity.
 *
 * <p>Each slot remembers the ledger that its records were delivered to. The first one that is seen
 * is only remembered. When another comes:
 *
 * <ol>
 *   <li>The slot remembers that it is mixed, so that whatever happens next is begun again.
 *   <li>Events that are noted as delivered in segments that are still there come back; each such
 *       segment is opened again, without those notes, when the rest of it is settled.
 *   <li>Retained segments are moved back, the oldest first, as many at a time as leave room for new
 *       records, and are taken in like those of an earlier process.
 *   <li>When all that is done and safe, the slot remembers the new ledger.
 * </ol>
 *
 * <p>It is begun once a minute at most. All but {@link #seen} is confined to the journal's thread.
 */
final class RestoreRedelivery {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);
  private static final long REST_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

  private final JournalFiles files;
  private final Clock clock;
  private final long roomBytes;
  private final SegmentLog segments;
  private final RetainedSegments retained;
  private final PeerLedgerFile peerLedgerFile;

  private final Map<Path, SlotRestore> slots = new LinkedHashMap<>();

  /** Segments with records that come back, and how many. */
  private final Map<StoredSegment, Long> comingBack = new LinkedHashMap<>();

  private final Object lock = new Object();

  /** Both guarded by the lock: the ledger that is there now, and whether there was another. */
  private @Nullable UUID seen;

  private boolean changed;

  /** Guarded by the lock: whether records may come back that are in no count yet. */
  private boolean owing;

  private @Nullable UUID now;
  private long beginAtNanos;
  private long retryAtNanos;

  /**
   * Nothing yet.
   *
   * @param roomBytes what the segments that are there may take together with those moved back
   */
  RestoreRedelivery(
      JournalFiles files,
      Clock clock,
      long roomBytes,
      SegmentLog segments,
      RetainedSegments retained) {
    this.files = files;
    this.clock = clock;
    this.roomBytes = roomBytes;
    this.segments = segments;
    this.retained = retained;
    this.peerLedgerFile = new PeerLedgerFile(files);
    this.beginAtNanos = clock.monotonicNanos();
    this.retryAtNanos = clock.monotonicNanos();
    segments.store().takingAside(this::takeAside);
    segments.onOpenedLate(this::openedLate);
  }

  /** Deliveries from now on go to this ledger. Any thread. */
  void seen(UUID ledger) {
    if (ledger.equals(PeerLedgerFile.MIXED)) {
      return; // No ledger has it.
    }
    synchronized (lock) {
      owing |= !ledger.equals(seen);
      changed |= seen != null && !seen.equals(ledger);
      seen = ledger;
    }
  }

  /** Whether records may come back that are in no count yet. Any thread. */
  boolean isOwing() {
    synchronized (lock) {
      return owing;
    }
  }

  /** Looks whether all that comes back is counted; true when that has just become so. */
  boolean hasStoppedOwing() {
    synchronized (lock) {
      boolean noticed = Objects.equals(seen, now) && !changed;
      boolean more = slots.values().stream().anyMatch(each -> each.due || !each.waiting.isEmpty());
      boolean stopped = owing && noticed && !more;
      owing = !stopped && (owing || more);
      return stopped;
    }
  }

  /** This process has a slot. */
  void holds(Path slot) {
    SlotRestore ledger = new SlotRestore(slot, peerLedgerFile.read(slot));
    slots.put(slot, ledger);
    if (now != null) {
      notice(ledger, now);
    }
  }

  /** This process lets go of a slot. */
  void letsGo(Path slot) {
    slots.remove(slot);
  }

  /** Whether something of a slot is still to be brought back. */
  boolean needs(Path slot) {
    SlotRestore ledger = slots.get(slot);
    return ledger != null && (ledger.due || ledger.target != null);
  }

  /**
   * Whether the retained events in two slots was delivered to the ledger that is there now. In the
   * slot that nobody has, nothing remembered is as in one that has never seen a ledger.
   */
  boolean isSettledFor(Path own, Path free) {
    SlotRestore ledger = slots.get(own);
    UUID there = peerLedgerFile.read(free);
    return now != null
        && ledger != null
        && now.equals(ledger.stored)
        && !needs(own)
        && (there == null || there.equals(now));
  }

  /** Whether a ledger was seen: without one nothing is brought back, and nothing gathered. */
  boolean knowsLedger() {
    return now != null;
  }

  private boolean takeAside(StoredSegment segment) {
    SlotRestore ledger = slots.get(segment.slot());
    // A slot without a ledger would not know what it brings back.
    boolean wanted =
        ledger != null
            && ledger.stored != null
            && segment.isWorthRetaining()
            && segment.isInPlace();
    if (wanted) {
      segments.erasing().from(segment);
    }
    return wanted && retained.take(segment);
  }

  /** Looks which ledger is there; before more is noted as delivered. */
  void notice() {
    synchronized (lock) {
      now = seen;
      if (changed) {
        slots.values().forEach(ledger -> ledger.due = true);
      }
      changed = false;
    }
    if (now != null) {
      for (SlotRestore ledger : slots.values()) {
        notice(ledger, now);
      }
    }
  }

  private void notice(SlotRestore ledger, UUID current) {
    if (!ledger.due && ledger.stored == null) {
      remember(ledger, current);
      return;
    }
    ledger.due |= !current.equals(ledger.target == null ? ledger.stored : ledger.target);
    if (ledger.due) {
      remember(ledger, PeerLedgerFile.MIXED);
    }
  }

  private void remember(SlotRestore ledger, UUID what) {
    if (what.equals(ledger.stored) || !mayTry()) {
      return;
    }
    try {
      peerLedgerFile.store(ledger.slot, what);
      ledger.stored = what;
    } catch (IOException failed) {
      failed("the ledger's id cannot be noted in " + ledger.slot, failed);
    }
  }

  /** Whether bringing back is to begin: {@link #begin} after all that grows is ended. */
  boolean isToBegin() {
    return mayTry()
        && clock.monotonicNanos() - beginAtNanos >= 0
        && slots.values().stream().anyMatch(SlotRestore::isReady);
  }

  /** Begins with all slots that have seen another ledger. */
  void begin() {
    beginAtNanos = clock.monotonicNanos() + REST_NANOS;
    for (SlotRestore ledger : slots.values()) {
      if (ledger.isReady()) {
        begin(ledger);
      }
    }
  }

  private void begin(SlotRestore ledger) {
    try {
      ledger.waiting = retained.release(ledger.slot);
      ledger.target = now;
      ledger.due = false;
    } catch (IOException failed) {
      beginAtNanos = clock.monotonicNanos();
      failed("the retained events in " + ledger.slot + " cannot be read", failed);
      return;
    }
    for (StoredSegment segment : segments.store().all()) {
      if (segment.slot().equals(ledger.slot)) {
        mark(segment);
      }
    }
    log.warn(
        "the billing system has another ledger, as after a restore: the SDK delivers the retained"
            + " events in {} once more ({} segments)",
        ledger.slot,
        ledger.waiting.size());
  }

  private void mark(StoredSegment segment) {
    if (!segment.growing() && segment.settled().count() > 0) {
      long more = segment.comeBack();
      comingBack.merge(segment, more, Long::sum);
      segments.recovered(more);
    }
  }

  private void openedLate(StoredSegment segment) {
    SlotRestore ledger = slots.get(segment.slot());
    if (ledger != null && ledger.target != null) {
      mark(segment);
    }
  }

  /** Goes on as far as there is room. */
  void proceed() {
    if (slots.values().stream().noneMatch(ledger -> ledger.target != null) || !mayTry()) {
      return;
    }
    try {
      openAnew();
      for (SlotRestore ledger : slots.values()) {
        if (ledger.target != null && moveBack(ledger)) {
          end(ledger);
        }
      }
    } catch (IOException failed) {
      failed("the retained events cannot be brought back yet", failed);
    }
  }

  private void openAnew() throws IOException {
    for (Map.Entry<StoredSegment, Long> each : List.copyOf(comingBack.entrySet())) {
      StoredSegment segment = each.getKey();
      if (segment.isReadAndSettled()) {
        segment.forgetWhatComesBack();
        segments.recovered(-each.getValue());
        comingBack.remove(segment);
        segments.store().remove(segment);
        segments.addAgain(segment.slot(), segment.name());
      }
    }
  }

  /** Whether all is moved back. */
  private boolean moveBack(SlotRestore ledger) throws IOException {
    while (!ledger.waiting.isEmpty()) {
      RetainedName next = ledger.waiting.getFirst();
      long bytes = segments.bytes();
      if (bytes > 0 && bytes + retained.bytes(ledger.slot, next) > roomBytes) {
        return false;
      }
      moveBack(ledger.slot, next);
      ledger.waiting.removeFirst();
    }
    return true;
  }

  private void moveBack(Path slot, RetainedName name) throws IOException {
    SegmentName segment = name.segment();
    Path from = RetainedSegments.file(slot, name);
    Set<String> there = new LinkedHashSet<>(files.list(slot));
    if (there.contains(segment.wal()) || !isThere(slot, name)) {
      // A copy of the directory, or deleted by hand: the existing segments come back by themselves.
      return;
    }
    // Left by a deletion that failed, they would say that all of it is delivered.
    files.delete(slot.resolve(segment.ack()));
    files.move(from, slot.resolve(segment.wal()));
    segments.addAgain(slot, segment);
  }

  private boolean isThere(Path slot, RetainedName name) throws IOException {
    return files.list(slot.resolve(RetainedSegments.DIRECTORY)).contains(name.fileName());
  }

  private void end(SlotRestore ledger) throws IOException {
    Path slot = ledger.slot;
    boolean all = comingBack.keySet().stream().noneMatch(each -> each.slot().equals(slot));
    if (!all || segments.awaitsAny(slot)) {
      return;
    }
    UUID target = ledger.target;
    // The moves and the forgetting must survive before the request for them is dropped.
    files.forceDirectory(slot);
    if (target != null && !ledger.due) {
      peerLedgerFile.store(slot, target);
      ledger.stored = target;
      log.info("all retained events in {} are pending again", slot);
    }
    ledger.target = null;
  }

  /** Deletes a retained segment that waits to be brought back; false when there is none. */
  boolean giveUpOldest() {
    for (SlotRestore ledger : slots.values()) {
      while (!ledger.waiting.isEmpty()) {
        RetainedName oldest = ledger.waiting.removeFirst();
        if (retained.delete(ledger.slot, oldest)) {
          log.error("the disk is full: {} is deleted, and not brought back", oldest.fileName());
          return true;
        }
      }
    }
    return false;
  }

  private boolean mayTry() {
    return clock.monotonicNanos() - retryAtNanos >= 0;
  }

  private void failed(String what, IOException failed) {
    retryAtNanos = clock.monotonicNanos() + RETRY_NANOS;
    log.warn("{}; trying again: {}", what, failed.toString());
  }

  /** How long there is nothing to do without being woken. */
  long nanosToNext() {
    long current = clock.monotonicNanos();
    long next = Long.MAX_VALUE;
    if (!mayTry()) {
      next = retryAtNanos - current;
    } else if (slots.values().stream().anyMatch(ledger -> ledger.due)) {
      next = Math.max(1, beginAtNanos - current);
    }
    return next;
  }
}
