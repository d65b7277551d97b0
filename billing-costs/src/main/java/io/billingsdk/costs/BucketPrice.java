package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.List;

/**
 * The price of a bucket.
 *
 * @param price the price of one package of units, at or below the first context tier
 * @param unit the unit
 * @param packageSize how many units the price is for, as 45 seconds; 1 without packages
 * @param wholePackages whether a package that was begun is charged whole; otherwise pro rata
 * @param minimum the least that is charged, in the base unit of the bucket, when it is above 0
 * @param tiers other prices by the size of the prompt, the smallest first
 */
public record BucketPrice(
    BigDecimal price,
    PriceUnit unit,
    BigDecimal packageSize,
    boolean wholePackages,
    BigDecimal minimum,
    List<ContextTier> tiers) {

  /**
   * A price by the size of the whole prompt, caches included.
   *
   * @param bound tokens
   * @param inclusive whether a prompt of exactly {@code bound} tokens is in it ({@code gte});
   *     otherwise only a greater one ({@code gt})
   * @param price the price instead
   */
  public record ContextTier(BigDecimal bound, boolean inclusive, BigDecimal price) {
    /** Checks the bounds. */
    public ContextTier {
      bound = Check.amount("tiers.over", bound);
      price = Check.amount("tiers.price", price);
    }

    boolean holds(BigDecimal promptTokens) {
      int order = promptTokens.compareTo(bound);
      return inclusive ? order >= 0 : order > 0;
    }
  }

  /** Checks the bounds. */
  public BucketPrice {
    price = Check.amount("price", price);
    packageSize = Check.positive("package", packageSize);
    minimum = Check.amount("minimum", minimum);
    tiers = List.copyOf(tiers);
    for (int i = 1; i < tiers.size(); i++) {
      if (tiers.get(i).bound().compareTo(tiers.get(i - 1).bound()) <= 0) {
        throw new CostInputException(
            "tiers[" + i + "].over",
            "above that of the tier before, " + Check.plain(tiers.get(i - 1).bound()),
            Check.plain(tiers.get(i).bound()));
      }
    }
  }

  /** A flat price of a unit. */
  public static BucketPrice of(String price, PriceUnit unit) {
    return new BucketPrice(
        Check.decimal("price", price), unit, BigDecimal.ONE, false, BigDecimal.ZERO, List.of());
  }

  /** How many base units the price is for. */
  BigDecimal size() {
    return unit.size().multiply(packageSize);
  }

  /** The number of the tier for a prompt of this size: 0 for none. */
  int tierOf(BigDecimal promptTokens) {
    int tier = 0;
    for (int i = 0; i < tiers.size(); i++) {
      tier = tiers.get(i).holds(promptTokens) ? i + 1 : tier;
    }
    return tier;
  }

  /** The price in a tier. */
  BigDecimal priceIn(int tier) {
    return tier == 0 ? price : tiers.get(tier - 1).price();
  }

  boolean isFree() {
    return price.signum() == 0 && tiers.stream().allMatch(tier -> tier.price().signum() == 0);
  }

  /** The one form that equal prices have. */
  String canonical() {
    StringBuilder text = new StringBuilder();
    text.append(Check.plain(price)).append('/').append(Check.plain(packageSize)).append(' ');
    text.append(unit.key()).append(wholePackages ? " whole" : "");
    text.append(" min ").append(Check.plain(minimum));
    for (ContextTier tier : tiers) {
      text.append(tier.inclusive() ? " >=" : " >").append(Check.plain(tier.bound()));
      text.append(':').append(Check.plain(tier.price()));
    }
    return text.toString();
  }
}
