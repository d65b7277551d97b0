package io.billingsdk.internal.journal;

import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The journal without its thread: {@link #step} does everything that can be done now. All file I/O
 * happens here, except large forces, which a {@link Syncer} may do beside it.
 *
 * <p>What becomes of a record, in this order:
 *
 * <ol>
 *   <li>It is taken off the queue and written, in one write with others. A crash of the process
 *       before loses it; nobody was promised that it is durable.
 *   <li>The segment is forced, when somebody waits or the interval is over, and those who wait are
 *       notified. Not before. While a {@link Syncer} forces, writing goes on; records written then
 *       need a force of their own.
 *   <li>It is read back and handed out, whether forced or not: delivered records need not survive.
 *   <li>It is settled: noted in the acknowledgement file, which is not forced.
 *   <li>Or it is dropped, when the bound is near and that was chosen: settled without delivery.
 *   <li>A segment that was ended, read and settled is deleted, or retained for a while.
 * </ol>
 *
 * <p>The first two are {@link RecordWriter} and {@link GroupCommit}; the others {@link SegmentLog},
 * and {@link DeliveredRetention} where delivered segments are kept.
 */
final class JournalEngine {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final JournalFiles files;
  private final JournalOptions options;
  private final Clock clock;
  private final AppendQueue queue;
  private final SegmentLog segments;
  private final HeldSlots slots;
  private final Reserve reserve;
  private final StorageHealth health;
  private final ActiveSegment growing;
  private final RecordWriter writer;
  private final Whereabouts whereabouts;
  private final Rescue rescue;
  private final @Nullable DeliveredRetention deliveredRetention;

  private long retryStoredAtNanos;

  JournalEngine(
      JournalFiles files,
      Path root,
      JournalOptions options,
      Clock clock,
      UUID stream,
      AppendQueue queue,
      DeliveryQueue deliveryQueue,
      Syncer syncer) {
    this.files = files;
    this.options = options;
    this.clock = clock;
    this.queue = queue;
    // Its origin is arbitrary: 0 may be centuries ahead.
    this.retryStoredAtNanos = clock.monotonicNanos();
    this.reserve = new Reserve(files, options.reserveBytes());
    this.health =
        new StorageHealth(
            files, root, options.minFreeBytes(), clock, queue, reserve, this::giveUpRetained);
    this.segments = new SegmentLog(files, deliveryQueue, health);
    this.whereabouts = new Whereabouts(files, root, clock);
    this.growing = new ActiveSegment(files, clock, stream, segments, whereabouts);
    this.writer =
        new RecordWriter(options, clock, queue, segments, growing, health, whereabouts, syncer);
    this.rescue =
        new Rescue(
            files,
            root,
            whereabouts,
            segments,
            growing,
            writer,
            health,
            options.recreate() ? this::beginAnew : null);
    // Who waits until all is settled looks again.
    this.deliveredRetention = retaining(deliveryQueue::tellOfDropped);
    this.slots =
        new HeldSlots(files, root, clock, options.adoption(), segments, deliveredRetention);
  }

  private @Nullable DeliveredRetention retaining(Runnable onCounted) {
    Retention retention = options.retention();
    if (retention == null) {
      return null;
    }
    RetainedSegments retained = new RetainedSegments(files, clock, retention);
    // Records that come back must not keep out new ones.
    return new DeliveredRetention(
        files, clock, retained, options.maxBytes() / 2, segments, growing, onCounted);
  }

  private boolean giveUpRetained() {
    return deliveredRetention != null && deliveredRetention.giveUpOldest();
  }

  /**
   * Takes a slot and what earlier processes left. The content of the files never makes it fail.
   *
   * @throws IOException when the directory cannot be used at all
   */
  void open() throws IOException {
    Slot own = slots.takeOwn();
    try {
      takeOver(own);
    } catch (IOException | RuntimeException | Error failed) {
      slots.release();
      throw failed;
    }
  }

  /** Sets what makes a body without its API key, and whether nobody needs keys. */
  void erasingKeysBy(UnaryOperator<byte[]> erase, BooleanSupplier isDue) {
    segments.erasing().by(erase, isDue);
  }

  /** Sets the listeners for files that went away, and for another directory. */
  void onProblem(Consumer<String> told, Runnable begunAnew) {
    rescue.onProblem(told, begunAnew);
  }

  private void beginAnew() throws IOException {
    whereabouts.leave();
    Slot own = slots.takeAnew();
    settleIn(own);
    segments.addFound(own.directory(), /* adopted= */ false);
  }

  private void takeOver(Slot own) throws IOException {
    settleIn(own);
    segments.addFound(own.directory(), /* adopted= */ false);
    slots.adoptIfDue();
    queue.stored(segments.bytes());
    health.checkSpace(writer.hasWrittenAll());
  }

  private void settleIn(Slot own) throws IOException {
    whereabouts.in(own.directory());
    rescue.in(own.directory());
    List<SegmentName> earlier = Slot.segments(files, own.directory());
    long newest = earlier.isEmpty() ? 0 : earlier.get(earlier.size() - 1).number();
    writer.in(own.directory());
    growing.after(
        deliveredRetention == null
            ? newest
            : Math.max(newest, deliveredRetention.own(own.directory())));
    reserve.in(own.directory());
  }

  /**
   * Does all that can be done now.
   *
   * @return nanoseconds after which there may be more to do without being woken
   */
  long step() {
    boolean rescues = rescue.proceed();
    boolean wrote = writer.proceed();
    settle();
    writer.endSettledIfTight();
    if (options.dropOldest()) {
      segments.dropOldest(options.dropAboveBytes());
    }
    segments.readAhead();
    retryStoredIfDue();
    if (!health.isGone()) {
      slots.adoptIfDue();
      if (!health.isWell() && health.retryIsDue()) {
        health.checkSpace(writer.hasWrittenAll());
      }
    }
    queue.stored(segments.bytes());
    return wrote || rescues ? 0 : nanosToNext();
  }

  private void settle() {
    if (deliveredRetention == null) {
      segments.settle();
      return;
    }
    deliveredRetention.notice();
    segments.settle();
    if (deliveredRetention.isToEndGrowing()) {
      writer.forceAndEnd();
    }
    deliveredRetention.proceed();
  }

  /** Deliveries from now on go to this ledger. Any thread. */
  void deliveringTo(UUID ledger) {
    if (deliveredRetention != null) {
      deliveredRetention.seen(ledger);
    }
  }

  /** Whether records may come back that {@link #view} does not count yet. Any thread. */
  boolean isOwing() {
    return deliveredRetention != null && deliveredRetention.isOwing();
  }

  /** What {@link #view} has returned last can be seen by other threads. */
  void published() {
    if (deliveredRetention != null) {
      deliveredRetention.published();
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

    /** The same with another trouble; null leaves it as it is. */
    View withTrouble(@Nullable String other) {
      return other == null
          ? this
          : new View(
              recovered, segments, quarantined, unreadable, unreadableBytes, oldestMillis, other);
    }
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
    return writer.unwritten();
  }

  /** Forces what is written; the last number up to which all is on disk, or 0 for not known. */
  long force() {
    return writer.force();
  }

  /** Whether what is not delivered is in files that nobody will find. */
  boolean isGone() {
    return health.isGone();
  }

  /** Writes and forces what there is, and lets go of everything. */
  void close() {
    rescue.finish();
    writer.close();
    if (deliveredRetention != null) {
      deliveredRetention.notice();
    }
    segments.close();
    Slot own = slots.ownOrNull();
    if (own == null || !segments.holdsAny(own.directory())) {
      reserve.discard();
    }
    slots.release();
  }

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
    if (writer.canProceed()) {
      return 0;
    }
    long now = clock.monotonicNanos();
    long next = Math.min(whereabouts.lookAtNanos() - now, writer.nanosToForce(now));
    if (!health.isGone()) {
      next = Math.min(next, slots.adoptAtNanos() - now);
    }
    if (deliveredRetention != null) {
      next = Math.min(next, deliveredRetention.nanosToNext());
    }
    if (segments.needsRetry()) {
      next = Math.min(next, retryStoredAtNanos - now);
    }
    if (!health.isWell()) {
      next = Math.min(next, health.retryAtNanos() - now);
    }
    return Math.max(next, 1);
  }
}
