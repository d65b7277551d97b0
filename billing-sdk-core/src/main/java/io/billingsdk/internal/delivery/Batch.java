package io.billingsdk.internal.delivery;

import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.StreamSecret;
import java.util.Collection;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events of one stream that are sent together, and again together until each is settled. What is
 * settled leaves it; the identity of an event is its own, not the batch's. For one thread.
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

  Place place = Place.DUE;

  /** How often it was sent without a receipt. */
  int timeouts;

  /** When what is awaited is late, by the monotonic clock. */
  long lateAtNanos;

  /** Until when it takes room in the window while its receipt is awaited, by the same clock. */
  long roomUntilNanos;

  /** Counts what was sent: an answer to anything but the last is of no interest. */
  long sending;

  /** Of the message that is on its way to the broker. */
  int messageBytes;

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
}
