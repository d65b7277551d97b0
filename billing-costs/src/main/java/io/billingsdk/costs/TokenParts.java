package io.billingsdk.costs;

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

  BigDecimal rest(Bucket bucket) {
    return buckets.getOrDefault(bucket, BigDecimal.ZERO);
  }

  CanonicalUsage usage(String adapter) {
    return CanonicalUsage.of(adapter, buckets);
  }
}
