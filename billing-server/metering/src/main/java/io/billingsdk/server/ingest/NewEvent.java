package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ContentHash;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.ingest.IncomingEvent.Fate;
import io.billingsdk.server.ledger.EventRow;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import io.billingsdk.server.ledger.LedgerTransaction.KeyOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** An event that may go into the ledger, and what else came in the batch under its identity. */
final class NewEvent {
  private final int streamId;
  private final IncomingEvent incomingEvent;
  private final ReceivedEvent.Valid event;
  private List<NewEvent> repeats = List.of();

  /**
   * One without repeats.
   *
   * @param streamId of its stream
   * @param event what its entry holds
   */
  NewEvent(int streamId, IncomingEvent incomingEvent, ReceivedEvent.Valid event) {
    this.streamId = streamId;
    this.incomingEvent = incomingEvent;
    this.event = event;
  }

  int streamId() {
    return streamId;
  }

  IncomingEvent entry() {
    return incomingEvent;
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
        incomingEvent.isTimed(),
        owner,
        event.module(),
        event.model(),
        event.usage(),
        event.metadata(),
        event.idempotencyKey(),
        DetailsOf.event(event),
        event.hash().bytes(),
        event.admission());
  }

  /** Another one with this identity, which came later in the batch. */
  void repeatedBy(NewEvent other) {
    if (repeats.isEmpty()) {
      repeats = new ArrayList<>();
    }
    repeats.add(other);
  }

  /** The ledger holds this content: gives the entries of this identity their fate. */
  void matchLedger(ContentHash there, List<IncomingEvent> conflicts) {
    settle(there, conflicts);
    repeats.forEach(each -> each.settle(there, conflicts));
  }

  /** It goes into the ledger: gives its repeats their fate. */
  void acceptAsNew(List<IncomingEvent> conflicts) {
    repeats.forEach(each -> each.settle(event.hash(), conflicts));
  }

  /** Its idempotency key is that of an event with other content, which is counted. */
  void rejectForKeyOf(UUID stream, long seq) {
    String detail =
        "the idempotency key belongs to an event with other content, which is counted: number "
            + seq
            + " of the stream "
            + stream;
    incomingEvent.reject("CONFLICT", detail);
    for (NewEvent each : repeats) {
      if (each.event.hash().equals(event.hash())) {
        each.incomingEvent.reject("CONFLICT", detail);
      }
    }
  }

  private void settle(ContentHash there, List<IncomingEvent> conflicts) {
    if (there.equals(event.hash())) {
      incomingEvent.setFate(Fate.DUPLICATE);
    } else {
      incomingEvent.reject("CONFLICT", "the ledger holds another event with this stream and seq");
      conflicts.add(incomingEvent);
    }
  }
}
