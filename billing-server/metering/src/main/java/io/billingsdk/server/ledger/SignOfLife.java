package io.billingsdk.server.ledger;

import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.StreamSecret;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The last word of an instance on one of its streams, as the server keeps it. Immutable.
 *
 * @param version of the SDK
 * @param sentAtMillis the sender's clock
 * @param lastSeq the last number that it gave in {@code stream}; 0 when none
 * @param keysVersion the version of its key table; 0 when it has none
 * @param loss the counts since its start
 * @param journalBytes of events that wait on its disk
 * @param quarantined segments of its journal that it could not read and set aside
 * @param dropped numbers that will never come, since their events were dropped on purpose
 * @param secret the proof that {@code stream} is the sender's; null when it has none
 */
public record SignOfLife(
    UUID stream,
    String version,
    long sentAtMillis,
    long lastSeq,
    long keysVersion,
    LossEquation loss,
    long journalBytes,
    long quarantined,
    List<Dropped> dropped,
    @Nullable StreamSecret secret) {

  /** The list is copied. */
  public SignOfLife {
    dropped = List.copyOf(dropped);
  }

  /**
   * Numbers of one stream that will never come.
   *
   * @param secret the proof that the stream is the sender's; null when it has none
   */
  public record Dropped(UUID stream, List<SeqRange> ranges, @Nullable StreamSecret secret) {

    /** The list is copied. */
    public Dropped {
      ranges = List.copyOf(ranges);
    }
  }
}
