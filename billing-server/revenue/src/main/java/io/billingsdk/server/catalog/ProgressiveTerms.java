package io.billingsdk.server.catalog;

import io.billingsdk.rating.Money;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Amounts of usage that are invoiced before the end of a billing period, when the usage of the
 * period reaches them. An option of a plan, off by default. Immutable.
 *
 * @param thresholds that rise, each above 0
 * @param every so much more after the last threshold, again and again; null: not again
 */
public record ProgressiveTerms(List<Money> thresholds, @Nullable Money every) {
  /** Copies the list. */
  public ProgressiveTerms {
    thresholds = List.copyOf(thresholds);
  }

  /**
   * The amount of usage at which the next invoice is due; empty if none is left.
   *
   * @param invoiced of the period so far, at least 0
   */
  public Optional<Money> next(Money invoiced) {
    Money last = invoiced.minus(invoiced);
    for (Money each : thresholds) {
      if (each.compareTo(invoiced) > 0) {
        return Optional.of(each);
      }
      last = each;
    }
    if (every == null) {
      return Optional.empty();
    }
    BigInteger step = every.minorUnits();
    BigInteger passed = invoiced.minus(last).minorUnits().divide(step);
    BigInteger more = step.multiply(passed.add(BigInteger.ONE));
    return Optional.of(last.plus(Money.ofMinorUnits(every.currency(), more)));
  }
}
