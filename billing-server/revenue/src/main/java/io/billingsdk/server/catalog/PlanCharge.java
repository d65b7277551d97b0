package io.billingsdk.server.catalog;

import io.billingsdk.rating.Charge;
import org.jspecify.annotations.Nullable;

/**
 * One charge of a plan.
 *
 * @param id unique in the plan, 1 to 64 of a-z 0-9 _ -
 * @param name shown on invoices
 * @param kind when it is due
 * @param meter the slug of the meter with {@link Kind#METERED}; otherwise null
 * @param charge how the amount is reckoned
 */
public record PlanCharge(String id, String name, Kind kind, @Nullable String meter, Charge charge) {
  /** When a charge is due. */
  public enum Kind {
    /** At the beginning of a period, for that period. */
    FLAT_IN_ADVANCE,
    /** At the end of a period. */
    FLAT_IN_ARREARS,
    /** At the end of a period, by what a meter shows. */
    METERED
  }
}
