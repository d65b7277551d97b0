package io.billingsdk.server.collect;

import io.billingsdk.server.ledger.StreamOwner;

/**
 * A stream of a batch, in the database as it is locked.
 *
 * @param gaps of its numbers, those that the batch touches
 */
record StreamRow(StreamOwner owner, Gaps gaps) {
  int id() {
    return gaps.streamId();
  }
}
