package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a price row costs.
 *
 * @param currency of all its prices
 * @param prices by bucket; at least one, each in a unit of the bucket's dimension
 * @param batchMultiplier what a batch costs of it, such as 0.5; empty where batches have no price
 */
public record PriceTerms(
    String currency, Map<Bucket, BucketPrice> prices, Optional<BigDecimal> batchMultiplier) {
  /** Checks the units. */
  public PriceTerms {
    Check.currency("currency", currency);
    batchMultiplier.ifPresent(factor -> Check.positive("batchMultiplier", factor));
    if (prices.isEmpty()) {
      throw new CostInputException("prices", "of at least one bucket", "empty");
    }
    Map<Bucket, BucketPrice> copy = new EnumMap<>(prices);
    copy.forEach(PriceTerms::requirePossible);
    prices = Collections.unmodifiableMap(copy);
  }

  private static void requirePossible(Bucket bucket, BucketPrice price) {
    if (bucket.dimension() != price.unit().dimension()) {
      throw new CostInputException(
          "prices." + bucket.key() + ".per",
          "a unit of " + Check.small(bucket.dimension().name()),
          '"' + price.unit().key() + '"');
    }
  }

  /** Whether each price is 0: free on purpose. */
  boolean isFree() {
    return prices.values().stream().allMatch(BucketPrice::isFree);
  }

  String canonical() {
    Map<String, String> texts = new TreeMap<>();
    prices.forEach((bucket, price) -> texts.put(bucket.key(), price.canonical()));
    return currency + " " + texts + batchMultiplier.map(f -> " batch " + Check.plain(f)).orElse("");
  }
}
