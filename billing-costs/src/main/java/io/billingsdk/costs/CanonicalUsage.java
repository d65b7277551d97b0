package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The use of one operation, in exclusive buckets, and the adapter that read it. Equal usage is an
 * equal value, whichever form a provider sent it in.
 *
 * <p>Immutable.
 */
public final class CanonicalUsage {
  private final String adapter;
  private final Map<Bucket, BigDecimal> quantities;

  private CanonicalUsage(String adapter, Map<Bucket, BigDecimal> quantities) {
    this.adapter = adapter;
    this.quantities = quantities;
  }

  /**
   * Usage that the caller has counted in buckets.
   *
   * @param quantities at least 0 and below 10^15 each; a bucket of 0 is left out
   */
  public static CanonicalUsage of(Map<Bucket, BigDecimal> quantities) {
    return of("buckets/1", quantities);
  }

  static CanonicalUsage of(String adapter, Map<Bucket, BigDecimal> quantities) {
    Map<Bucket, BigDecimal> checked = new EnumMap<>(Bucket.class);
    quantities.forEach(
        (bucket, quantity) -> {
          BigDecimal amount = Check.amount(bucket.key(), quantity);
          if (amount.signum() > 0) {
            checked.put(bucket, amount);
          }
        });
    return new CanonicalUsage(adapter, Collections.unmodifiableMap(checked));
  }

  /** Name and version of the adapter, such as {@code openai_chat/1}. */
  public String adapter() {
    return adapter;
  }

  /** The buckets that are above 0, in the order of {@link Bucket}. */
  public Map<Bucket, BigDecimal> quantities() {
    return quantities;
  }

  /** The quantity of a bucket, or 0. */
  public BigDecimal quantity(Bucket bucket) {
    return quantities.getOrDefault(bucket, BigDecimal.ZERO);
  }

  /** All tokens of the prompt, those of caches included: they decide about context tiers. */
  public BigDecimal promptTokens() {
    BigDecimal sum = BigDecimal.ZERO;
    for (Map.Entry<Bucket, BigDecimal> each : quantities.entrySet()) {
      sum = each.getKey().isInput() ? sum.add(each.getValue()) : sum;
    }
    return sum;
  }

  /** All tokens, each once. */
  public BigDecimal totalTokens() {
    BigDecimal sum = BigDecimal.ZERO;
    for (Map.Entry<Bucket, BigDecimal> each : quantities.entrySet()) {
      boolean isTokens = each.getKey().dimension() == Dimension.TOKENS;
      sum = isTokens ? sum.add(each.getValue()) : sum;
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CanonicalUsage that && quantities.equals(that.quantities);
  }

  @Override
  public int hashCode() {
    return quantities.hashCode();
  }

  @Override
  public String toString() {
    return "CanonicalUsage[" + adapter + ", " + quantities + "]";
  }
}
