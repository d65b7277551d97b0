package io.billingsdk.server.ledger;

import java.util.UUID;

/** What became of an event that was to be added to the ledger. */
public sealed interface AppendOutcome {
  /** It is in the ledger, and in the rollups. */
  record Counted() implements AppendOutcome {}

  /** Its idempotency key belongs to an event that says the same: its identity alone is there. */
  record Repeat() implements AppendOutcome {}

  /**
   * Its idempotency key belongs to an event that says something else: nothing of it is there.
   *
   * @param said a hash of what it said
   * @param counted the event that has the key
   * @param countedStream the stream of that one
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, and never changed.
  record KeyConflict(byte[] said, EventId counted, UUID countedStream) implements AppendOutcome {}
}
