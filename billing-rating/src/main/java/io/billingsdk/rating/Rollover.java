package io.billingsdk.rating;

import java.util.Objects;

/**
 * What becomes of credit when a period begins again. An option, off by default: without it nothing
 * is carried over.
 *
 * @param least the balance is raised to this
 * @param most the balance is cut to this, at least {@code least}
 * @param keepOverage whether the overage of the old period is taken from the new balance
 */
public record Rollover(Quantity least, Quantity most, boolean keepOverage) {
  /** Checks the bounds. */
  public Rollover {
    Objects.requireNonNull(most, "most");
    if (least.compareTo(most) > 0) {
      throw new RatingInputException("least", "at most the most, " + most, least);
    }
  }

  /**
   * The balance at the begin of the new period.
   *
   * @param balance what the new period begins with
   * @param overage the rest of the old overage: above 0 only if it is kept and the balance does not
   *     cover it
   */
  public record Reset(Quantity balance, Quantity overage) {}

  /** Begins a period after one that ended with this balance and this overage. */
  public Reset reset(Quantity balance, Quantity overage) {
    Quantity carried = balance.max(least).min(most);
    if (!keepOverage) {
      return new Reset(carried, Quantity.ZERO);
    }
    Quantity covered = overage.min(carried);
    return new Reset(carried.minus(covered), overage.minus(covered));
  }
}
