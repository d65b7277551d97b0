package io.billingsdk.server.ledger;

import io.billingsdk.server.db.Database;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of a single event, by its identity. Thread-safe. */
public final class EventTraces {
  private final Database database;

  /** In a database. */
  public EventTraces(Database database) {
    this.database = database;
  }

  /** What became of it. */
  public sealed interface EventTrace {
    /**
     * It is in the ledger.
     *
     * @param event with its usage after all corrections
     * @param reported its usage as it came
     * @param received when it came
     * @param attributed when somebody gave it to its app; null if its key was known
     * @param cut number that it carries, or its attribution
     * @param corrections how many there are
     * @param correctedCut number that the last of them carries; 0 without one
     */
    record Counted(
        AppendedEvent event,
        BigDecimal reported,
        Instant received,
        @Nullable Instant attributed,
        long cut,
        long corrections,
        long correctedCut)
        implements EventTrace {}

    /** An event with the same idempotency key is in the ledger; this one adds nothing. */
    record Repeat() implements EventTrace {}

    /**
     * It was refused, and is kept.
     *
     * @param isHeld whether it comes into the ledger by itself, when its time is within the bounds
     */
    record Refused(String code, String detail, Instant received, boolean isHeld)
        implements EventTrace {}

    /** Another content has its identity or its idempotency key. */
    record Conflicting(Instant received) implements EventTrace {}

    /** It has not come, or nobody knows it; the text says which. */
    record Absent(String why) implements EventTrace {}
  }

  /**
   * What became of an event.
   *
   * @param occurredAt when it was used; null if it is not known: then all of the ledger is searched
   */
  public EventTrace of(UUID stream, long seq, @Nullable Instant occurredAt) {
    return database.read(handle -> EventTraceRows.find(handle, stream, seq, occurredAt));
  }
}
