package io.billingsdk.server.quotas;

import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import java.math.BigDecimal;

/** Measures rows of the ledger for quotas. Implementations are thread-safe and exact. */
@FunctionalInterface
interface QuotaMeters {
  /** What an event counts by itself, without a catalog. */
  String CALLS = "calls";

  /** The usage of an event. */
  String USAGE = "usage";

  /**
   * By the fields of an event: {@value #CALLS} is one for each event, {@value #USAGE} its usage,
   * and every other meter the quantity of that name.
   */
  QuotaMeters BY_FIELD =
      (meter, row) ->
          switch (meter) {
            case CALLS -> row.kind() == AppendKind.CORRECTION ? BigDecimal.ZERO : BigDecimal.ONE;
            case USAGE -> row.usage();
            default -> row.details().quantities().getOrDefault(meter, BigDecimal.ZERO);
          };

  /** How much of a meter a row is; of a correction the difference, which may be negative. */
  BigDecimal value(String meter, AppendedEvent row);
}
