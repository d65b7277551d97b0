package io.billingsdk.rating;

import java.util.Objects;
import java.util.Optional;

/**
 * A reduction that a customer was promised for some invoices: once, for a number of them, or for
 * ever. Immutable.
 *
 * @param id names the coupon
 * @param discount how much it takes off an invoice
 * @param invoices on how many invoices it counts, 1 or more; {@link #FOR_EVER} without an end
 */
public record Coupon(String id, Discount discount, int invoices) {
  /** On every invoice. */
  public static final int FOR_EVER = Integer.MAX_VALUE;

  /** Checks the name and the number of invoices. */
  public Coupon {
    Check.name("id", id);
    Objects.requireNonNull(discount, "discount");
    Check.count("invoices", invoices, FOR_EVER);
  }

  /** One that counts on a single invoice. */
  public static Coupon once(String id, Discount discount) {
    return new Coupon(id, discount, 1);
  }

  /**
   * Its discount on the next invoice; empty when it has counted on all that it was for.
   *
   * @param usedBefore on how many invoices it has counted, 0 or more
   */
  public Optional<Discount> next(long usedBefore) {
    if (usedBefore < 0) {
      throw new RatingInputException("usedBefore", "at least 0", usedBefore);
    }
    return invoices == FOR_EVER || usedBefore < invoices ? Optional.of(discount) : Optional.empty();
  }
}
