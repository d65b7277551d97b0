package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.journal.AppendQueue.Entry;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal without its thread: {@link #step} does everything that can be done now. All file I/O
 * happens here, but for forces of much, which a {@link Forcer} may do beside it.
 *
 * <p>What becomes of a record, in this order:
 *
 * <ol>
 *   <li>It is taken off the queue and written, in one write with others. A crash of the process
 *       before loses it; nobody was told that it is durable.
 *   <li>The segment is forced, when somebody waits or the interval is over, and those who wait are
 *       told. Not before. While a {@link Forcer} forces, writing goes on; what is written then
 *       needs a force of its own.
 *   <li>It is read back and handed out, whether forced or not: what was delivered need not survive.
 *   <li>It is settled: noted in the acknowledgement file, which is not forced.
 *   <li>Or it is dropped, when the bound is near and that was chosen: settled without delivery.
 *   <li>A segment that was ended, read and settled is deleted, or retained for a while.
 * </ol>
 *
 * <p>A failed force is final: the kernel may have dropped the bytes and will not say so again. What
 * was not forced is written again, from memory, to a new segment.
 */
final class JournalEngine {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);
  private static final int BATCH_BYTES = 240 << 10;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final JournalFiles files;
  private final JournalOptions options;
  private final Clock clock;
  private final AppendQueue queue;
  private final StoredSegments segments;
  private final HeldSlots slots;
  private final Reserve reserve;
  private final StorageHealth health;
  private final Forcer forcer;
  private final @Nullable Retaining retaining;

  private final Deque<Entry> unwritten = new ArrayDeque<>();
  private final UnforcedRecords unforced = new UnforcedRecords();
  private final GrowingSegment growing;
  private long unforcedSinceNanos;
  private long retryStoredAtNanos;
  private int failedForces;

  JournalEngine(
      JournalFiles files,
      Path root,
      JournalOptions options,
      Clock clock,
      UUID stream,
      AppendQueue queue,
      HandOut handOut,
      Forcer forcer) {
    this.files = files;
    this.options = options;
    this.clock = clock;
    this.queue = queue;
    this.forcer = forcer;
    // Its origin is arbitrary: 0 may be centuries ahead.
    this.retryStoredAtNanos = clock.monotonicNanos();
    this.reserve = new Reserve(files, options.reserveBytes());
    this.health =
        new StorageHealth(
            files, root, options.minFreeBytes(), clock, queue, reserve, this::giveUpRetained);
    this.segments = new StoredSegments(files, handOut, health);
    this.growing = new GrowingSegment(files, clock, stream, segments);
    // Who waits until all is settled looks again.
    this.retaining = retaining(handOut::tellOfDropped);
    this.slots = new HeldSlots(files, root, clock, options.adoption(), segments, retaining);
  }

  private @Nullable Retaining retaining(Runnable onCounted) {
    Retention retention = options.retention();
    if (retention == null) {
      return null;
    }
    RetainedSegments retained = new RetainedSegments(files, clock, retention);
    // What comes back must not keep out what is new.
    return new Retaining(
        files, clock, retained, options.maxBytes() / 2, segments, growing, onCounted);
  }

  private boolean giveUpRetained() {
    return retaining != null && retaining.giveUpOldest();
  }

  /**
   * Takes a slot and what earlier processes left. What is in the files never makes it fail.
   *
   * @throws IOException when the directory cannot be used at all
   */
  void open() throws IOException {
    Slot own = slots.takeOwn();
    try {
      takeOver(own);
    } catch (IOException | RuntimeException failed) {
      slots.release();
      throw failed;
    }
  }

  private void takeOver(Slot own) throws IOException {
    List<SegmentName> earlier = Slot.segments(files, own.directory());
    long newest = earlier.isEmpty() ? 0 : earlier.get(earlier.size() - 1).number();
    growing.after(retaining == null ? newest : Math.max(newest, retaining.own(own.directory())));
    segments.addFound(own.directory(), /* adopted= */ false);
    slots.adoptIfDue();
    queue.stored(segments.bytes());
    reserve.in(own.directory());
    health.checkSpace(unwritten.isEmpty());
  }

  /**
   * Does all that can be done now.
   *
   * @return nanoseconds after which there may be more to do without being woken
   */
  long step() {
    boolean wrote = false;
    endForceIfDone();
    // All that has come shares one force, however many writes it takes; unless it is so much that
    // the disk can begin with it.
    while (mayWrite() && write()) {
      wrote = true;
      endForceIfDone();
      beginForceIfWorthwhile();
    }
    forceIfDue();
    settle();
    endSettledIfTight();
    if (options.dropOldest()) {
      segments.dropOldest(options.dropAboveBytes());
    }
    segments.readAhead();
    retryStoredIfDue();
    slots.adoptIfDue();
    if (!health.isWell() && health.retryIsDue()) {
      health.checkSpace(unwritten.isEmpty());
    }
    queue.stored(segments.bytes());
    return wrote ? 0 : nanosToNext();
  }

  private void settle() {
    if (retaining == null) {
      segments.settle();
      return;
    }
    retaining.notice();
    segments.settle();
    if (retaining.isToEndGrowing()) {
      forceAndEnd();
    }
    retaining.proceed();
  }

  /** What is delivered from now on is delivered to this ledger. Any thread. */
  void deliveringTo(UUID ledger) {
    if (retaining != null) {
      retaining.seen(ledger);
    }
  }

  /** Whether records may come back that {@link #view} does not count yet. Any thread. */
  boolean isOwing() {
    return retaining != null && retaining.isOwing();
  }

  /** What {@link #view} has returned last can be seen by other threads. */
  void published() {
    if (retaining != null) {
      retaining.published();
    }
  }

  /** What it holds, at one moment between two steps. */
  record View(
      long recovered,
      int segments,
      long quarantined,
      int unreadable,
      long unreadableBytes,
      long oldestMillis,
      @Nullable String trouble) {
    static final View EMPTY = new View(0, 0, 0, 0, 0, 0, null);
  }

  View view() {
    return new View(
        segments.recovered(),
        segments.count(),
        segments.quarantined(),
        segments.unreadable(),
        segments.unreadableBytes(),
        segments.oldestMillis(),
        health.trouble());
  }

  /** Records that were accepted and are in no file. */
  long unwrittenRecords() {
    return unwritten.size();
  }

  /** Writes and forces what there is, and lets go of everything. */
  void close() {
    writeAndForceAll();
    if (!unwritten.isEmpty()) {
      // A force that failed sends them to a new segment.
      writeAndForceAll();
    }
    if (growing.isOpen()) {
      growing.end(queue.lastSeq());
    }
    unwritten.addAll(queue.take(Long.MAX_VALUE));
    failWaiters("the journal was closed before the event could be forced to disk");
    if (retaining != null) {
      retaining.notice();
    }
    segments.close();
    if (!segments.holdsAny(slots.own().directory())) {
      reserve.discard();
    }
    slots.release();
    forcer.close();
  }

  private void writeAndForceAll() {
    health.retryNow();
    while (write()) {
      // Until the queue is empty or the disk refuses.
      if (!mayWrite()) {
        force();
      }
    }
    force();
  }

  // Writing.

  /** What is unforced is kept in memory: there must be an end to it. */
  private boolean mayWrite() {
    return unforced.bytes() < JournalOptions.MAX_UNFORCED_BYTES;
  }

  private boolean write() {
    if (unwritten.isEmpty()) {
      unwritten.addAll(queue.take(BATCH_BYTES));
    } else if (!health.isWell() && !health.retryIsDue()) {
      return false;
    }
    if (unwritten.isEmpty()) {
      return false;
    }
    try {
      writeBatch();
      return true;
    } catch (IOException failed) {
      boolean again = health.makeRoomFromSpare();
      if (!again) {
        health.failed("the journal cannot be written: " + failed.getMessage(), failed);
        again = health.makeRoom("the journal cannot be written", failed);
      }
      if (growing.isBroken()) {
        leaveBroken();
      }
      return again;
    }
  }

  private void leaveBroken() {
    force();
    // A failed force has left it already.
    if (growing.isOpen()) {
      growing.leave();
    }
  }

  /** Writes from the head of what is unwritten as much as goes into one write of one segment. */
  private void writeBatch() throws IOException {
    makeRoomInSegment();
    List<Entry> batch = new ArrayList<>();
    long bytes = 0;
    for (Entry entry : unwritten) {
      if (!batch.isEmpty() && bytes + entry.storedBytes() > BATCH_BYTES) {
        break;
      }
      batch.add(entry);
      bytes += entry.storedBytes();
    }
    growing.write(batch);
    for (int i = 0; i < batch.size(); i++) {
      unwritten.removeFirst();
    }
    written(batch, bytes);
  }

  private void written(List<Entry> batch, long bytes) {
    if (unforced.noneLater()) {
      unforcedSinceNanos = clock.monotonicNanos();
    }
    unforced.add(batch, bytes);
    queue.stored(segments.bytes());
    queue.written(bytes);
    health.written(bytes, unwritten.isEmpty());
  }

  /** Begins a segment when there is none, or none with room for the next record. */
  private void makeRoomInSegment() throws IOException {
    long next = unwritten.getFirst().storedBytes();
    if (growing.isOpen() && growing.bytes() + next > options.segmentBytes()) {
      forceAndEnd();
    }
    if (!growing.isOpen()) {
      growing.begin(slots.own().directory(), unwritten.getFirst().seq());
    }
  }

  /** Only what is wholly settled in an ended segment can be given back. */
  private void endSettledIfTight() {
    if (growing.isSettledSoFar() && queue.isTight()) {
      forceAndEnd();
    }
  }

  private void forceAndEnd() {
    force();
    // A failed force has left it already.
    if (growing.isOpen()) {
      growing.end(queue.lastSeq());
    }
  }

  // Forcing.

  private void forceIfDue() {
    if (unforced.noneLater()) {
      return;
    }
    if (isForceDue()) {
      if (forcer.isWorthwhile(unforced.laterBytes())) {
        beginForce();
      } else if (!unforced.forcing()) {
        force();
      }
    }
  }

  private boolean isForceDue() {
    return failedForces > 0
        || unforced.somebodyWaits()
        // Before there is so much that writing has to wait. Without a bound to it the oldest would
        // be forgotten, and a force that somebody waits for, if it failed, would lose them.
        || unforced.laterBytes() >= JournalOptions.MAX_UNFORCED_BYTES / 2
        || (options.forceInterval() != null && isIntervalOver(options.forceInterval()));
  }

  private boolean isIntervalOver(Duration interval) {
    return clock.monotonicNanos() - unforcedSinceNanos >= interval.toNanos()
        || forcer.isWorthwhile(unforced.laterBytes());
  }

  /** While more is written, the disk can work already. */
  private void beginForceIfWorthwhile() {
    if (forcer.isWorthwhile(unforced.laterBytes()) && isForceDue()) {
      beginForce();
    }
  }

  private void beginForce() {
    if (growing.isOpen() && !unforced.forcing()) {
      unforced.begin();
      forcer.begin(growing.output());
    }
  }

  private void endForceIfDone() {
    Forcer.Outcome outcome = unforced.forcing() ? forcer.poll() : null;
    if (outcome != null) {
      ended(outcome);
    }
  }

  /** Forces all that is written; returns when it is done, or has failed and the segment is left. */
  private void force() {
    if (unforced.forcing()) {
      ended(forcer.await());
    }
    if (!growing.isOpen() || unforced.noneLater()) {
      return;
    }
    unforced.begin();
    try {
      growing.output().force();
      ended(Forcer.Outcome.DONE);
    } catch (IOException failed) {
      ended(new Forcer.Outcome(failed));
    }
  }

  private void ended(Forcer.Outcome outcome) {
    if (outcome.failure() != null) {
      forceFailed(outcome.failure());
      return;
    }
    failedForces = 0;
    health.recovered(unwritten.isEmpty());
    unforced.succeeded();
  }

  /** What was not forced goes to a new segment; of this one only what was before it counts. */
  private void forceFailed(IOException failed) {
    long bytes = unforced.bytes();
    List<Entry> again = unforced.takeAll();
    for (int i = again.size() - 1; i >= 0; i--) {
      unwritten.addFirst(again.get(i));
    }
    queue.written(-bytes);
    if (growing.isOpen()) {
      growing.leave(again, bytes);
    }
    failedForces++;
    if (failedForces > 1) {
      health.failed("the journal cannot be forced to disk: " + failed.getMessage(), failed);
    } else {
      log.warn("a force failed; what was not forced is written again", failed);
    }
  }

  private void failWaiters(String why) {
    List<Entry> left = unforced.takeAll();
    left.addAll(unwritten);
    for (Entry entry : left) {
      if (entry.durable() != null) {
        entry.durable().completeExceptionally(new IOException(why));
      }
    }
  }

  // Time.

  private void retryStoredIfDue() {
    if (segments.needsRetry() && isDue(retryStoredAtNanos)) {
      retryStoredAtNanos = clock.monotonicNanos() + RETRY.toNanos();
      segments.retry();
    }
  }

  private boolean isDue(long atNanos) {
    return clock.monotonicNanos() - atNanos >= 0;
  }

  private long nanosToNext() {
    if (health.isWell() && !unwritten.isEmpty() && mayWrite()) {
      return 0;
    }
    long now = clock.monotonicNanos();
    long next = slots.adoptAtNanos() - now;
    if (retaining != null) {
      next = Math.min(next, retaining.nanosToNext());
    }
    if (segments.needsRetry()) {
      next = Math.min(next, retryStoredAtNanos - now);
    }
    if (!health.isWell()) {
      next = Math.min(next, health.retryAtNanos() - now);
    }
    Duration interval = options.forceInterval();
    // The end of a force that is under way wakes it, too.
    if (interval != null && !unforced.noneLater() && !unforced.forcing()) {
      next = Math.min(next, unforcedSinceNanos + interval.toNanos() - now);
    }
    return Math.max(next, 1);
  }
}
