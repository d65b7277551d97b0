package io.billingsdk.server.ledger;

import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import io.billingsdk.server.ledger.LedgerTransaction.KeyOwner;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event as the ledger is to hold it.
 *
 * @param streamId of its stream, whose row the caller has locked
 * @param occurredMillis when it was used, in milliseconds since 1970
 * @param isTimed whether its sender said so; if not, a repeat may have another time
 * @param metadata as JSON
 * @param idempotencyKey that its app gave it, or an identity that the server made
 * @param details what it says beside its usage
 * @param hash of its content
 * @param admission the epochs of the leases of quotas that it says it was admitted by; not stored
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and never changed.
public record EventRow(
    int streamId,
    long seq,
    long occurredMillis,
    boolean isTimed,
    KeyOwner owner,
    String module,
    String model,
    BigDecimal usage,
    @Nullable String metadata,
    @Nullable String idempotencyKey,
    EventDetails details,
    byte[] hash,
    List<String> admission) {
  /** The epochs are copied. */
  public EventRow {
    admission = List.copyOf(admission);
  }

  /** An event that names no lease. */
  public EventRow(
      int streamId,
      long seq,
      long occurredMillis,
      boolean isTimed,
      KeyOwner owner,
      String module,
      String model,
      BigDecimal usage,
      @Nullable String metadata,
      @Nullable String idempotencyKey,
      EventDetails details,
      byte[] hash) {
    this(
        streamId,
        seq,
        occurredMillis,
        isTimed,
        owner,
        module,
        model,
        usage,
        metadata,
        idempotencyKey,
        details,
        hash,
        List.of());
  }

  /** Its place in the ledger. */
  public EventId id() {
    return new EventId(streamId, seq);
  }

  /** When it happened, if its sender said so. */
  @Nullable Instant stated() {
    return isTimed ? Instant.ofEpochMilli(occurredMillis) : null;
  }

  /** Whether an idempotency key of its app decides if it is counted. */
  boolean claimsKey() {
    return idempotencyKey != null && owner.app() != null;
  }
}
