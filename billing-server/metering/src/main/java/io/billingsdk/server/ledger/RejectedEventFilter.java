package io.billingsdk.server.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Selects events that were not counted; null restricts nothing.
 *
 * @param code why they were rejected; of rejected events alone
 * @param replayed whether they were taken in again; of rejected events alone
 * @param from the first moment at which they came
 * @param to the end of the range, exclusive
 */
record RejectedEventFilter(
    @Nullable String code,
    @Nullable Boolean replayed,
    @Nullable String instance,
    @Nullable UUID stream,
    @Nullable Instant from,
    @Nullable Instant to) {
  /** All of them. */
  public static final RejectedEventFilter ALL =
      new RejectedEventFilter(null, null, null, null, null, null);
}
