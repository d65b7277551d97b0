package io.billingsdk.internal.journal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a durable journal works.
 *
 * @param maxBytes bound of what it holds on disk and on the way there
 * @param segmentBytes size at which a new segment is begun
 * @param ringBytes bound of what is on the way to the disk
 * @param aheadBytes the bytes read ahead for delivery, about
 * @param forceInterval how long a written record may wait for a force; zero: every write is forced;
 *     null: until somebody waits, or there is much of it
 * @param minFreeBytes records are refused while the file system has less
 * @param reserveBytes the reserve for a disk that is full, beside all that; zero: nothing
 * @param dropOldest whether the oldest records that are not handed out are dropped when the bound
 *     comes near
 * @param adoption how often the slots of processes that have died are looked for
 * @param retention for how long delivered segments are retained; null: they are deleted
 * @param recreate whether its directory is made again when it goes away
 */
record JournalOptions(
    long maxBytes,
    long segmentBytes,
    long ringBytes,
    long aheadBytes,
    @Nullable Duration forceInterval,
    long minFreeBytes,
    long reserveBytes,
    boolean dropOldest,
    Duration adoption,
    @Nullable Retention retention,
    boolean recreate) {

  /** Unforced records are kept in memory, to be written again if the force fails. */
  static final long MAX_UNFORCED_BYTES = 8 << 20;

  private static final long RING_BYTES = 8 << 20;

  /** Of the reserve, beside all that can be on its way: for what is noted of deliveries. */
  private static final long RESERVE_FOR_NOTES_BYTES = 1 << 20;

  private static final Duration ADOPTION = Duration.ofSeconds(30);

  JournalOptions(
      long maxBytes,
      long segmentBytes,
      long ringBytes,
      long aheadBytes,
      @Nullable Duration forceInterval,
      long minFreeBytes) {
    this(
        maxBytes,
        segmentBytes,
        ringBytes,
        aheadBytes,
        forceInterval,
        minFreeBytes,
        /* reserveBytes= */ 0,
        /* dropOldest= */ false,
        ADOPTION,
        /* retention= */ null,
        /* recreate= */ true);
  }

  /** The same that drops the oldest, or does not. */
  JournalOptions dropOldest(boolean drop) {
    return new JournalOptions(
        maxBytes,
        segmentBytes,
        ringBytes,
        aheadBytes,
        forceInterval,
        minFreeBytes,
        reserveBytes,
        drop,
        adoption,
        retention,
        recreate);
  }

  /** The same with this reserve. */
  JournalOptions reserve(long bytes) {
    return new JournalOptions(
        maxBytes,
        segmentBytes,
        ringBytes,
        aheadBytes,
        forceInterval,
        minFreeBytes,
        bytes,
        dropOldest,
        adoption,
        retention,
        recreate);
  }

  /** The same that retains what was delivered; null: it does not. */
  JournalOptions retaining(@Nullable Retention newRetention) {
    return new JournalOptions(
        maxBytes,
        segmentBytes,
        ringBytes,
        aheadBytes,
        forceInterval,
        minFreeBytes,
        reserveBytes,
        dropOldest,
        adoption,
        newRetention,
        recreate);
  }

  /** The same whose directory is made again when it goes away, or is not. */
  JournalOptions recreate(boolean again) {
    return new JournalOptions(
        maxBytes,
        segmentBytes,
        ringBytes,
        aheadBytes,
        forceInterval,
        minFreeBytes,
        reserveBytes,
        dropOldest,
        adoption,
        retention,
        again);
  }

  /**
   * What may stay on disk when the oldest are dropped: room is made before it is needed, so that
   * what arrives meanwhile is not refused.
   */
  long dropAboveBytes() {
    return maxBytes - Math.min(ringBytes, maxBytes / 4);
  }

  static JournalOptions standard(
      long maxBytes, @Nullable Duration forceInterval, long minFreeBytes) {
    // Several of them must go into the bound: only a whole segment is ever given back.
    long segmentBytes = Math.max(64 << 10, Math.min(64 << 20, maxBytes / 8));
    return new JournalOptions(
            maxBytes, segmentBytes, RING_BYTES, 1 << 20, forceInterval, minFreeBytes)
        .reserve(Math.min(RING_BYTES, maxBytes) + RESERVE_FOR_NOTES_BYTES);
  }
}
