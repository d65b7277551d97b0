package io.billingsdk.journal;

import io.billingsdk.internal.journal.JournalInspector.Stored;
import java.util.UUID;

/** An event in a segment of a journal. Immutable and thread-safe. */
public final class JournalEvent {
  private final Stored stored;

  JournalEvent(Stored stored) {
    this.stored = stored;
  }

  /** The stream of the event. */
  public UUID stream() {
    return stored.stream();
  }

  /** The number of the event in its stream. */
  public long seq() {
    return stored.seq();
  }

  /** Whether it was delivered or set aside; false: it is still to be delivered. */
  public boolean settled() {
    return stored.settled();
  }

  /** The event, a JSON object in UTF-8 that may hold an API key; a copy. */
  public byte[] json() {
    return stored.body().clone();
  }

  /** Identity and standing, without the content. */
  @Override
  public String toString() {
    return "JournalEvent[stream=" + stream() + ", seq=" + seq() + ", settled=" + settled() + "]";
  }
}
