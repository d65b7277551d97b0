package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ContentHash;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.ingest.Entry.Fate;
import io.billingsdk.server.ledger.EventId;
import io.billingsdk.server.ledger.EventRow;
import io.billingsdk.server.ledger.KeyOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** An event that may go into the ledger, and what else came in the batch under its identity. */
final class Candidate {
  private final int streamId;
  private final Entry entry;
  private final ReceivedEvent.Valid event;
  private List<Candidate> repeats = List.of();

  /**
   * One without repeats.
   *
   * @param streamId of its stream
   * @param event what its entry holds
   */
  Candidate(int streamId, Entry entry, ReceivedEvent.Valid event) {
    this.streamId = streamId;
    this.entry = entry;
    this.event = event;
  }

  int streamId() {
    return streamId;
  }

  Entry entry() {
    return entry;
  }

  ReceivedEvent.Valid event() {
    return event;
  }

  long seq() {
    return event.seq();
  }

  /** Its place in the ledger. */
  EventId id() {
    return new EventId(streamId, event.seq());
  }

  /** As the ledger is to hold it. */
  EventRow row(KeyOwner owner) {
    return new EventRow(
        streamId,
        event.seq(),
        event.timestampMillis(),
        entry.isTimed(),
        owner,
        event.module(),
        event.model(),
        event.usage(),
        event.metadata(),
        event.idempotencyKey(),
        event.hash().bytes());
  }

  /** Another one with this identity, which came later in the batch. */
  void repeatedBy(Candidate other) {
    if (repeats.isEmpty()) {
      repeats = new ArrayList<>();
    }
    repeats.add(other);
  }

  /** The ledger holds this content: gives the entries of this identity their fate. */
  void isInTheLedger(ContentHash there, List<Entry> conflicts) {
    settle(there, conflicts);
    repeats.forEach(each -> each.settle(there, conflicts));
  }

  /** It goes into the ledger: gives its repeats their fate. */
  void isNew(List<Entry> conflicts) {
    repeats.forEach(each -> each.settle(event.hash(), conflicts));
  }

  /** Its idempotency key is that of an event with other content, which is counted. */
  void hasTheKeyOf(UUID stream, long seq) {
    String detail =
        "the idempotency key belongs to an event with other content, which is counted: number "
            + seq
            + " of the stream "
            + stream;
    entry.isRejected("CONFLICT", detail);
    for (Candidate each : repeats) {
      if (each.event.hash().equals(event.hash())) {
        each.entry.isRejected("CONFLICT", detail);
      }
    }
  }

  private void settle(ContentHash there, List<Entry> conflicts) {
    if (there.equals(event.hash())) {
      entry.is(Fate.DUPLICATE);
    } else {
      entry.isRejected("CONFLICT", "the ledger holds another event with this stream and seq");
      conflicts.add(entry);
    }
  }
}
