package io.billingsdk.server.catalog;

import io.billingsdk.rating.Charge;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One charge of a plan. Immutable.
 *
 * @param id unique in the plan, 1 to 64 of a-z 0-9 _ . -
 * @param name shown on invoices
 * @param kind when it is due
 * @param meter the slug of the meter with {@link Kind#METERED}; null for a flat charge, and for one
 *     that is priced by peaks
 * @param charge how the amount is reckoned
 * @param form which usage the charge needs
 * @param peaks with {@link UsageForm#PEAKS} the slugs of the meters, which are its units too;
 *     otherwise empty
 */
public record PlanCharge(
    String id,
    String name,
    Kind kind,
    @Nullable String meter,
    Charge charge,
    UsageForm form,
    List<String> peaks) {
  /** When a charge is due. */
  public enum Kind {
    /** At the beginning of a period, for that period. */
    FLAT_IN_ADVANCE,
    /** At the end of a period. */
    FLAT_IN_ARREARS,
    /** At the end of a period, by what a meter shows. */
    METERED
  }

  /** Which usage a charge needs. */
  public enum UsageForm {
    /** What the meter shows in all. */
    TOTAL,
    /** The values of single events, in their order. */
    EVENTS,
    /** What each of several meters shows. */
    PEAKS
  }

  /** Copies the list. */
  public PlanCharge {
    peaks = List.copyOf(peaks);
  }

  /** One that is flat, or needs what its meter shows in all. */
  public PlanCharge(String id, String name, Kind kind, @Nullable String meter, Charge charge) {
    this(id, name, kind, meter, charge, UsageForm.TOTAL, List.of());
  }

  /** The meters that it reads; none of a flat charge. */
  public List<String> meters() {
    return meter == null ? peaks : List.of(meter);
  }
}
