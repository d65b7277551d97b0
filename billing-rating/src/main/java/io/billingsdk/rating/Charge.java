package io.billingsdk.rating;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A charge of a plan: a price model, or one for each value of a dimension, with what is included,
 * discounted, capped and converted. It rates the usage of one customer in one billing period.
 *
 * <p>The order is fixed: the metered quantity is converted and rounded; discounted and included
 * units come off; the model prices the rest; then come the discount, the maximum and the minimum;
 * at last the sum is rounded to minor units, once.
 *
 * <p>Rating is cumulative: {@link #rate} prices the whole period up to now, and {@link #further} is
 * the difference to what was billed, so the parts of a period always add up to the whole.
 *
 * <p>Immutable. Made by {@link #builder} or {@link #of}.
 */
public final class Charge {
  private final ChargeTerms terms;
  private final Fraction shareOfPeriod;

  Charge(ChargeTerms terms, Fraction shareOfPeriod) {
    this.terms = terms;
    this.shareOfPeriod = shareOfPeriod;
  }

  /** A charge with one price for everything, and nothing else. */
  public static Charge of(String currency, PriceModel model) {
    return builder(currency).model(model).build();
  }

  /** Begins a charge in this currency. */
  public static ChargeBuilder builder(String currency) {
    return new ChargeBuilder(currency);
  }

  /** The currency of all its prices. */
  public String currency() {
    return terms.currency();
  }

  /** The dimension by which prices vary, such as {@code model}; null if they do not. */
  public @Nullable String dimension() {
    return terms.dimension();
  }

  /**
   * Refuses a value that has no price. Called before a plan is published, with all values that may
   * occur.
   */
  public void requirePrices(Collection<String> values) {
    values.forEach(terms::modelOf);
  }

  /**
   * The same charge for a share of its period. Flat and capacity prices, the included quantity, the
   * minimum and the maximum are taken by that share; unit prices, tiers, discounted units and the
   * discount stay.
   *
   * @param share 0 to 1, see {@link ProrationRule}
   */
  public Charge prorated(Fraction share) {
    return new Charge(terms, shareOfPeriod.times(Check.share("share", share)));
  }

  /** The line of a complete period. */
  public RatedLine rate(Usage usage) {
    return rate(usage, PeriodPart.COMPLETE);
  }

  /**
   * The line of a period up to now.
   *
   * @param usage all usage of the period up to now
   * @param part whether the period is complete, so that its minimum is due
   */
  public RatedLine rate(Usage usage, PeriodPart part) {
    return new Rater(terms, shareOfPeriod).rate(usage, part);
  }

  /**
   * What is left to bill: the line of the period up to now, less what was billed. It is negative
   * when usage was corrected downwards, or a larger quantity is cheaper.
   *
   * @param billed what was billed of the same period before
   * @param usage all usage of the period up to now, the billed part included
   * @param part whether the period is complete now
   */
  public RatedLine further(Billed billed, Usage usage, PeriodPart part) {
    Check.inCurrency("billed amount", currency(), billed.amount());
    return LineDifference.of(rate(usage, part), rate(billed.usage(), billed.part()), billed);
  }

  /** The prices of each value, in the order in which they use up what is included. */
  public Map<String, PriceModel> models() {
    return terms.models();
  }
}
