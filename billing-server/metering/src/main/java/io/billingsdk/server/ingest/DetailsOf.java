package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.UsedBy;
import io.billingsdk.server.ledger.EventDetails;

/** What an event of the wire says beside its usage, as the ledger has it. */
final class DetailsOf {
  private DetailsOf() {}

  static EventDetails event(ReceivedEvent.Valid event) {
    UsedBy by = event.usedBy();
    return EventDetails.of(event.quantities(), by.subject(), by.session(), by.execution());
  }
}
