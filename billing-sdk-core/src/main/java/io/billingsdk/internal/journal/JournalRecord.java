package io.billingsdk.internal.journal;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One record of the journal. Compared by identity: the journal hands out the same object until it
 * is settled.
 */
public final class JournalRecord {
  private final UUID stream;
  private final long seq;
  private final byte[] body;
  private final @Nullable StoredSegment segment;

  /** One that is kept in memory only. */
  JournalRecord(UUID stream, long seq, byte[] body) {
    this(stream, seq, body, null);
  }

  JournalRecord(UUID stream, long seq, byte[] body, @Nullable StoredSegment segment) {
    this.stream = stream;
    this.seq = seq;
    this.body = body;
    this.segment = segment;
  }

  /** Where it is stored; null when it is not. */
  @Nullable StoredSegment segment() {
    return segment;
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
