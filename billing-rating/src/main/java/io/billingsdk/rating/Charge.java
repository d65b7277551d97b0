package io.billingsdk.rating;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
   * Whether the price of several values, before it is rounded and without the minimum of a complete
   * period, is the sum of the prices of each: nothing is included, discounted or bounded over all
   * of them.
   */
  public boolean isSumOfValues() {
    return terms.includedUnits().signum() == 0
        && terms.discountedUnits().signum() == 0
        && terms.discount() == null
        && terms.maximum() == null;
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
   * The rest to bill: the line of the period up to now, less the billed part. It is negative when
   * usage was corrected downwards, or a larger quantity is cheaper.
   *
   * @param billed the part of the same period that was billed before
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

  /**
   * Makes a {@link Charge}. A setter refuses a value out of bounds, and {@link #build} what does
   * not fit together. Not thread-safe; may be used again after {@code build}.
   */
  public static final class ChargeBuilder {
    private static final int MOST_VALUES = 10_000;

    private final String currency;
    private final Map<String, PriceModel> models = new LinkedHashMap<>();
    private @Nullable String dimension;
    private @Nullable PriceModel model;
    private @Nullable Conversion conversion;
    private Quantity discountedUnits = Quantity.ZERO;
    private Quantity includedUnits = Quantity.ZERO;
    private @Nullable Discount discount;
    private @Nullable Money maximum;
    private @Nullable Money minimum;

    ChargeBuilder(String currency) {
      Currencies.decimals(currency);
      this.currency = currency;
    }

    /** The price of everything, or with a dimension that of the values without one of their own. */
    public ChargeBuilder model(PriceModel newModel) {
      this.model = Objects.requireNonNull(newModel, "newModel");
      return this;
    }

    /**
     * Prices that vary by a dimension. Values use up included and discounted units in the order of
     * this map; those that are not in it come after them, in the order of their names.
     *
     * @param name what the values are values of, such as {@code model}
     * @param modelByValue 1 to 10,000 values with their prices
     */
    public ChargeBuilder varyBy(String name, Map<String, PriceModel> modelByValue) {
      this.dimension = Check.name("dimension", name);
      Check.count("number of values", modelByValue.size(), MOST_VALUES);
      models.clear();
      modelByValue.forEach((value, price) -> models.put(Check.name("value", value), price));
      return this;
    }

    /** Converts the metered quantity first. By default it is priced as it is. */
    public ChargeBuilder conversion(Conversion newConversion) {
      this.conversion = Objects.requireNonNull(newConversion, "newConversion");
      return this;
    }

    /** Units of each period that a discount makes free, in converted units; default 0. */
    public ChargeBuilder discountedUnits(Quantity units) {
      this.discountedUnits = Objects.requireNonNull(units, "units");
      return this;
    }

    /** Units of each period that are included, in converted units; default 0. Prorated. */
    public ChargeBuilder includedUnits(Quantity units) {
      this.includedUnits = Objects.requireNonNull(units, "units");
      return this;
    }

    /** The discount of the line; by default none. An amount is taken once a period. */
    public ChargeBuilder discount(Discount newDiscount) {
      this.discount = Objects.requireNonNull(newDiscount, "newDiscount");
      return this;
    }

    /** The most that a period costs, after the discount; by default no bound. */
    public ChargeBuilder maximum(Money most) {
      this.maximum = Check.notNegative("maximum", Check.inCurrency("maximum", currency, most));
      return this;
    }

    /** The least that a complete period costs, after the discount; by default no bound. */
    public ChargeBuilder minimum(Money least) {
      this.minimum = Check.notNegative("minimum", Check.inCurrency("minimum", currency, least));
      return this;
    }

    /** The charge. Refuses a charge without a price, and bounds that contradict each other. */
    public Charge build() {
      if (model == null && models.isEmpty()) {
        throw new RatingInputException("model", "given", "absent");
      }
      if (minimum != null && maximum != null && minimum.compareTo(maximum) > 0) {
        throw new RatingInputException("minimum", "at most the maximum, " + maximum, minimum);
      }
      if (discount instanceof Discount.Amount flat) {
        Check.inCurrency("discount", currency, flat.amount());
      }
      if (model != null) {
        requireUnits("model", model);
      }
      models.forEach((value, price) -> requireUnits("models[" + value + "]", price));
      return new Charge(terms(), Fraction.ONE);
    }

    private ChargeTerms terms() {
      return new ChargeTerms(
          currency,
          dimension,
          Collections.unmodifiableMap(new LinkedHashMap<>(models)),
          model,
          conversion,
          discountedUnits.exactly(),
          includedUnits.exactly(),
          discount,
          maximum,
          minimum);
    }

    /** Refuses units that are free or converted, of a model that does not count units. */
    private void requireUnits(String field, PriceModel price) {
      boolean units =
          !(price instanceof FlatPrice
              || price instanceof CapacityPrice
              || price instanceof PercentagePrice);
      boolean asked =
          conversion != null
              || !discountedUnits.equals(Quantity.ZERO)
              || !includedUnits.equals(Quantity.ZERO);
      if (asked && !units) {
        throw new RatingInputException(
            field,
            "one that counts units, since units are converted, included or discounted",
            price.getClass().getSimpleName());
      }
    }
  }
}
