package io.billingsdk.rating;

import java.util.Objects;

/**
 * What a customer gets back for a part of a charged period that is not used. It is reckoned from
 * what is kept, so that kept and credit add up to what was charged, to the last minor unit.
 *
 * @param kept what stays charged for the used part
 * @param unlimited the charge less the kept part
 * @param credit the credit: {@code unlimited}, but with what was credited before never more than
 *     what was charged
 */
public record UnusedCredit(Money kept, Money unlimited, Money credit) {
  /** Checks that nothing is missing. */
  public UnusedCredit {
    Objects.requireNonNull(kept, "kept");
    Objects.requireNonNull(unlimited, "unlimited");
    Objects.requireNonNull(credit, "credit");
  }

  /**
   * The credit for a charge that nothing was credited of.
   *
   * @param charged the charge for the line after its discounts
   * @param keptShare the used share of what was charged, 0 to 1
   */
  public static UnusedCredit of(Money charged, Fraction keptShare) {
    return of(charged, keptShare, Money.zero(charged.currency()));
  }

  /**
   * The credit for a charge.
   *
   * @param charged the charge for the line after its discounts
   * @param keptShare the used share of what was charged, 0 to 1
   * @param credited the amount credited before, 0 to {@code charged}
   */
  public static UnusedCredit of(Money charged, Fraction keptShare, Money credited) {
    Check.notNegative("charged", charged);
    Check.share("keptShare", keptShare);
    Check.notNegative("credited", Check.inCurrency("credited", charged.currency(), credited));
    if (credited.compareTo(charged) > 0) {
      throw new RatingInputException("credited", "at most what was charged, " + charged, credited);
    }
    Money kept = Money.rounded(charged.currency(), charged.exactly().times(keptShare));
    Money unlimited = charged.minus(kept);
    return new UnusedCredit(kept, unlimited, unlimited.min(charged.minus(credited)));
  }
}
