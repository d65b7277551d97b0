package io.billingsdk.internal.journal;

import java.util.UUID;

/**
 * One record of the journal. Compared by identity: the journal hands out the same object until it
 * is settled.
 */
public final class JournalRecord {
  private final UUID stream;
  private final long seq;
  private final byte[] body;

  JournalRecord(UUID stream, long seq, byte[] body) {
    this.stream = stream;
    this.seq = seq;
    this.body = body;
  }

  /** The stream that it was appended to. */
  public UUID stream() {
    return stream;
  }

  /** Its number in the stream. */
  public long seq() {
    return seq;
  }

  /** Its bytes; not a copy, not to be changed. */
  public byte[] body() {
    return body;
  }

  @Override
  public String toString() {
    return "JournalRecord[stream=" + stream + ", seq=" + seq + ", bytes=" + body.length + "]";
  }
}
