package io.billingsdk.server.ledger;

/**
 * A stream of a batch, in the database as it is locked.
 *
 * @param gaps of its numbers, those that the batch touches
 */
public record StreamRow(StreamOwner owner, Gaps gaps) {
  /** Its id. */
  public int id() {
    return gaps.streamId();
  }
}
