package io.billingsdk.costs;

import io.billingsdk.costs.Bucket.Kind;
import io.billingsdk.costs.Bucket.Modality;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;

/**
 * Takes inclusive numbers apart: a part that is inside of a whole leaves it. Confined to one
 * thread.
 */
final class TokenParts {
  private final Map<Bucket, BigDecimal> buckets = new EnumMap<>(Bucket.class);
  private final Map<Bucket, BigDecimal> wholes = new EnumMap<>(Bucket.class);
  private final Map<Bucket, String> names = new EnumMap<>(Bucket.class);

  /** A number that includes the parts that are taken out of it later. */
  TokenParts whole(Bucket bucket, String name, BigDecimal quantity) {
    buckets.merge(bucket, quantity, BigDecimal::add);
    wholes.merge(bucket, quantity, BigDecimal::add);
    names.putIfAbsent(bucket, name);
    return this;
  }

  /** A number beside all others. */
  TokenParts beside(Bucket bucket, BigDecimal quantity) {
    buckets.merge(bucket, quantity, BigDecimal::add);
    return this;
  }

  /** Takes a part out of a whole, or out of a part of it that was taken before. */
  TokenParts inside(Bucket whole, Bucket part, String name, BigDecimal quantity) {
    if (quantity.signum() == 0) {
      return this;
    }
    BigDecimal all = wholes.getOrDefault(whole, BigDecimal.ZERO);
    BigDecimal left = rest(whole);
    String wholeName = names.getOrDefault(whole, whole.key());
    if (quantity.compareTo(all) > 0) {
      throw CostInputException.exceeds(name, Check.plain(quantity), wholeName, Check.plain(all));
    }
    if (quantity.compareTo(left) > 0) {
      BigDecimal parts = all.subtract(left).add(quantity);
      throw CostInputException.exceeds(
          name + " and the parts before it", Check.plain(parts), wholeName, Check.plain(all));
    }
    buckets.put(whole, left.subtract(quantity));
    whole(part, name, quantity);
    return this;
  }

  /**
   * Takes sound, images or video out of the input. Nobody says how much of it was cached where
   * there are no details of the cache. More than the rest of the input can hold was.
   */
  void plain(Modality modality, String name, BigDecimal tokens) {
    if (tokens.signum() <= 0) {
      return;
    }
    BigDecimal inCache =
        tokens.subtract(rest(Bucket.INPUT)).max(BigDecimal.ZERO).min(rest(Bucket.CACHE_READ));
    inside(Bucket.CACHE_READ, Bucket.of(Kind.READ, modality), name, inCache);
    inside(Bucket.INPUT, Bucket.of(Kind.PLAIN, modality), name, tokens.subtract(inCache));
  }

  private BigDecimal rest(Bucket bucket) {
    return buckets.getOrDefault(bucket, BigDecimal.ZERO);
  }

  CanonicalUsage usage(String adapter) {
    return CanonicalUsage.of(adapter, buckets);
  }
}
