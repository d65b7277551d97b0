package io.billingsdk.internal.delivery;

import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.StreamSecret;
import java.util.Collection;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events of one stream that are sent together, and again together until each is settled. Settled
 * events leave it; the identity of an event is its own, not the batch's. For one thread.
 *
 * <pre>
 *           send                  the broker has it
 *   DUE ----------> IN_FLIGHT ----------------------> UNRECEIPTED
 *    ^                  |                                  |
 *    |                  | refused, or the                  | no receipt in time
 *    |                  | connection is lost               |
 *    '------------------+----------------------------------'
 *    |
 *    '---- late ---- DEFERRED    a batch of its own, of events that a receipt asks for later
 * </pre>
 *
 * <p>A batch begins as DUE, and ends wherever its last event leaves it: one that is IN_FLIGHT takes
 * room until the broker has answered.
 */
final class Batch {
  /** Where a batch is. */
  enum Place {
    /** Here, to be sent as soon as there is room. */
    DUE,
    /** On its way to the broker, which has not answered. */
    IN_FLIGHT,
    /** At the broker or beyond: its receipt is awaited. */
    UNRECEIPTED,
    /** Here for a while: the billing system said to send it later. */
    DEFERRED
  }

  private final UUID stream;

  /** Of two batches the one that was made first goes first. */
  private final long number;

  private final TreeMap<Long, JournalRecord> events = new TreeMap<>();
  private int bytes;

  private Place place = Place.DUE;

  /** How often it was sent without a receipt. */
  private int timeouts;

  /** When what is awaited is late, by the monotonic clock. */
  private long lateAtNanos;

  /** Until when it takes room in the window while its receipt is awaited, by the same clock. */
  private long roomUntilNanos;

  /** Counts what was sent: an answer to anything but the last is of no interest. */
  private long sending;

  /** Of the message that is on its way to the broker. */
  private int messageBytes;

  Batch(UUID stream, long number) {
    this.stream = stream;
    this.number = number;
  }

  long number() {
    return number;
  }

  UUID stream() {
    return stream;
  }

  void add(JournalRecord event) {
    events.put(event.seq(), event);
    bytes += event.body().length;
  }

  /** The event leaves: it is settled, or goes another way. */
  void remove(JournalRecord event) {
    if (events.remove(event.seq(), event)) {
      bytes -= event.body().length;
    }
  }

  Collection<JournalRecord> events() {
    return events.values();
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** Of the events' bodies. */
  int bytes() {
    return bytes;
  }

  /**
   * The message: of the bytes that were journaled.
   *
   * @param secret the proof that the stream is of this journal; null for none
   */
  byte[] encode(@Nullable StreamSecret secret, long sentAtMillis) {
    BatchWriter writer = new BatchWriter(stream, secret, sentAtMillis, Integer.MAX_VALUE);
    for (JournalRecord event : events.values()) {
      if (!writer.add(event.seq(), event.body())) {
        throw new IllegalStateException("a batch beyond 2 GiB");
      }
    }
    return writer.toBytes();
  }

  int size() {
    return events.size();
  }

  Place place() {
    return place;
  }

  /** Whether it is at the broker, or on its way there. */
  boolean isOut() {
    return place == Place.IN_FLIGHT || place == Place.UNRECEIPTED;
  }

  /** To be sent, or sent again: the answer to an earlier sending is of no interest. */
  void due() {
    place = Place.DUE;
    sending++;
  }

  /** On its way to the broker; returns the number of this sending. */
  long inFlight(int messageSize, long lateAt) {
    place = Place.IN_FLIGHT;
    messageBytes = messageSize;
    lateAtNanos = lateAt;
    return ++sending;
  }

  /** Whether an answer of the broker to this sending is awaited. */
  boolean awaitsAnswer(long toSending) {
    return place == Place.IN_FLIGHT && sending == toSending;
  }

  /**
   * The broker has it; its receipt is late, and its room in the window given up, at these times.
   */
  void unreceipted(long lateAt, long roomUntil) {
    place = Place.UNRECEIPTED;
    lateAtNanos = lateAt;
    roomUntilNanos = roomUntil;
  }

  /** To be sent later, as if {@code origin} had no receipt once more. */
  void deferred(Batch origin, long lateAt) {
    place = Place.DEFERRED;
    timeouts = origin.timeouts + 1;
    lateAtNanos = lateAt;
  }

  /** A receipt did not come in time; returns how often that was so. */
  int timedOut() {
    return ++timeouts;
  }

  int timeouts() {
    return timeouts;
  }

  /** How long until what is awaited is late; not positive when it is. */
  long nanosUntilLate(long nowNanos) {
    return lateAtNanos - nowNanos;
  }

  /** How long it takes room in the window yet; not positive when it takes none. */
  long nanosOfRoom(long nowNanos) {
    return place == Place.UNRECEIPTED ? roomUntilNanos - nowNanos : 0;
  }

  /** Bytes on their way to the broker; 0 when there are none. */
  int inFlightBytes() {
    return place == Place.IN_FLIGHT ? messageBytes : 0;
  }
}
