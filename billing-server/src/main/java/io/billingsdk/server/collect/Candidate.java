package io.billingsdk.server.collect;

import io.billingsdk.wire.ReceivedEvent;

/**
 * An event that may go into the ledger.
 *
 * @param streamId of its stream
 * @param event what its entry holds
 */
record Candidate(int streamId, Entry entry, ReceivedEvent.Valid event) {

  long seq() {
    return event.seq();
  }
}
