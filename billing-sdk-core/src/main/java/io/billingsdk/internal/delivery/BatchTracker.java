package io.billingsdk.internal.delivery;

import io.billingsdk.internal.delivery.Batch.Place;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.RetrySchedule;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All batches but the one that is being formed: where each is, until when it may stay there, and
 * how much room they take. For one thread.
 */
final class BatchTracker {
  private final Clock clock;
  private final RetrySchedule unreceipted;

  /** Batches to be sent, by their number. */
  private final TreeMap<Long, Batch> due = new TreeMap<>();

  private final Set<Batch> away = new LinkedHashSet<>();

  /**
   * No batches yet.
   *
   * @param unreceipted how long to wait for a receipt, by how often the batch was sent before
   */
  BatchTracker(Clock clock, RetrySchedule unreceipted) {
    this.clock = clock;
    this.unreceipted = unreceipted;
  }

  /** Takes the one that is to be sent next; null when none is. */
  @Nullable Batch takeDue() {
    Map.Entry<Long, Batch> first = due.pollFirstEntry();
    return first == null ? null : first.getValue();
  }

  /** To be sent, or sent again. */
  void makeDue(Batch batch) {
    away.remove(batch);
    batch.due();
    if (!batch.isEmpty()) {
      due.put(batch.number(), batch);
    }
  }

  /** On its way to the broker; returns the number of this sending. */
  long makeInFlight(Batch batch, int messageBytes, Duration patience) {
    away.add(batch);
    return batch.inFlight(messageBytes, clock.monotonicNanos() + patience.toNanos());
  }

  /** The broker has it. */
  void makeUnreceipted(Batch batch) {
    if (batch.isEmpty()) {
      away.remove(batch); // Its receipt was faster than the broker's answer.
      return;
    }
    long nowNanos = clock.monotonicNanos();
    long patienceNanos = unreceipted.delay(batch.timeouts()).toNanos();
    // As long as the first time may take. One that is never answered waits up to minutes until it
    // is sent again: with a window of one batch it would keep out all others for good.
    long roomNanos = Math.min(patienceNanos, unreceipted.first().toNanos() * 3 / 2);
    batch.unreceipted(nowNanos + patienceNanos, nowNanos + roomNanos);
  }

  /** To be sent later: as late as if {@code origin} had no receipt once more. */
  void makeDeferred(Batch batch, Batch origin) {
    long pauseNanos = unreceipted.delay(origin.timeouts()).toNanos();
    batch.deferred(origin, clock.monotonicNanos() + pauseNanos);
    away.add(batch);
  }

  /** Nothing is left to be done for it. */
  void forget(Batch batch) {
    due.remove(batch.number());
    away.remove(batch);
  }

  void forgetIfEmpty(Batch batch) {
    // One that is in flight takes room at the broker until that has answered.
    if (batch.isEmpty() && batch.place() != Place.IN_FLIGHT) {
      forget(batch);
    }
  }

  void clear() {
    due.clear();
    away.clear();
  }

  /** Those that the broker has not answered. */
  List<Batch> inFlight() {
    return away.stream().filter(batch -> batch.place() == Place.IN_FLIGHT).toList();
  }

  long inFlightBytes() {
    long bytes = 0;
    for (Batch batch : away) {
      bytes += batch.inFlightBytes();
    }
    return bytes;
  }

  int inFlightCount() {
    int count = 0;
    for (Batch batch : away) {
      count += batch.place() == Place.IN_FLIGHT ? 1 : 0;
    }
    return count;
  }

  /** How many have receipts that may still be on the way, for all that is known. */
  int awaitedCount() {
    long nowNanos = clock.monotonicNanos();
    int count = 0;
    for (Batch batch : away) {
      count += batch.nanosOfRoom(nowNanos) > 0 ? 1 : 0;
    }
    return count;
  }

  /** Those for which what is awaited has not come in time. */
  List<Batch> late() {
    long nowNanos = clock.monotonicNanos();
    return away.stream().filter(batch -> batch.nanosUntilLate(nowNanos) <= 0).toList();
  }

  /** How long until a batch is late or gives room; {@link Long#MAX_VALUE} for never. */
  long nanosUntilChange() {
    long nowNanos = clock.monotonicNanos();
    long leftNanos = Long.MAX_VALUE;
    for (Batch batch : away) {
      leftNanos = Math.min(leftNanos, batch.nanosUntilLate(nowNanos));
      long roomNanos = batch.nanosOfRoom(nowNanos);
      if (roomNanos > 0) {
        leftNanos = Math.min(leftNanos, roomNanos);
      }
    }
    return leftNanos;
  }
}
