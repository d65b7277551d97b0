package io.billingsdk.server.ledger;

import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row that was added to the ledger, as an {@link AppendHook} gets it.
 *
 * @param app null when the key of the event is not known
 * @param usage of an event; of a correction the difference, which may be negative
 * @param metadata as JSON
 * @param details of an event and of an attribution what the event says beside its usage; of a
 *     correction the same without quantities, which it does not change
 * @param cutNo of the row: an attribution has its own, which is not that of its event
 * @param admission the epochs of the leases of quotas that an event says it was admitted by; empty
 *     for none
 */
public record AppendedEvent(
    AppendKind kind,
    EventId id,
    Instant occurredAt,
    @Nullable String app,
    @Nullable String keyId,
    String module,
    String model,
    BigDecimal usage,
    @Nullable String metadata,
    EventDetails details,
    long cutNo,
    List<String> admission) {
  /** The epochs are copied. */
  public AppendedEvent {
    admission = List.copyOf(admission);
  }

  /** A row that names no lease. */
  public AppendedEvent(
      AppendKind kind,
      EventId id,
      Instant occurredAt,
      @Nullable String app,
      @Nullable String keyId,
      String module,
      String model,
      BigDecimal usage,
      @Nullable String metadata,
      EventDetails details,
      long cutNo) {
    this(
        kind,
        id,
        occurredAt,
        app,
        keyId,
        module,
        model,
        usage,
        metadata,
        details,
        cutNo,
        List.of());
  }

  /** Why a row was added. */
  public enum AppendKind {
    /** An event that is new. */
    EVENT,
    /** A difference to an earlier event. It counts as usage, and not as an event. */
    CORRECTION,
    /** An earlier event, of no app until then, belongs to this app from now on. */
    ATTRIBUTION
  }

  static AppendedEvent of(EventRow row, long cutNo) {
    return new AppendedEvent(
        AppendKind.EVENT,
        row.id(),
        Instant.ofEpochMilli(row.occurredMillis()),
        row.owner().app(),
        row.owner().keyId(),
        row.module(),
        row.model(),
        row.usage(),
        row.metadata(),
        row.details(),
        cutNo,
        row.admission());
  }
}
