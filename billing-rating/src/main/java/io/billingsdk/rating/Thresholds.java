package io.billingsdk.rating;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values, each noticed once in a period, when it is reached. A recurring step goes on above the
 * last of them, or from 0 if there are no others; it is an option.
 *
 * @param values rising, each above 0, at most 1,000
 * @param every the recurring step, above 0; null for none
 */
public record Thresholds(List<BigDecimal> values, @Nullable BigDecimal every) {
  /** The most that one call names; of more steps the highest are named. */
  public static final int MOST_NAMED = 1_000;

  /** Checks and copies. */
  public Thresholds {
    List<BigDecimal> checked = new ArrayList<>();
    BigDecimal below = BigDecimal.ZERO;
    for (int i = 0; i < values.size(); i++) {
      BigDecimal value = Check.positive("values[" + i + "]", values.get(i));
      if (value.compareTo(below) <= 0) {
        throw new RatingInputException("values[" + i + "]", "above " + below, value);
      }
      checked.add(value);
      below = value;
    }
    if (checked.size() > MOST_NAMED) {
      throw new RatingInputException("number of values", "at most " + MOST_NAMED, checked.size());
    }
    values = List.copyOf(checked);
    every = every == null ? null : Check.positive("every", every);
  }

  /**
   * The thresholds that were reached between two values, in order.
   *
   * @param before the highest value of the period that was looked at before; 0 at its begin
   * @param now the value now; below {@code before} after a correction, which reaches nothing
   */
  public List<BigDecimal> reached(BigDecimal before, BigDecimal now) {
    List<BigDecimal> reached = new ArrayList<>();
    for (BigDecimal value : values) {
      if (value.compareTo(before) > 0 && value.compareTo(now) <= 0) {
        reached.add(value);
      }
    }
    if (every != null) {
      addSteps(reached, before, now, every);
    }
    int first = Math.max(0, reached.size() - MOST_NAMED);
    return List.copyOf(reached.subList(first, reached.size()));
  }

  private void addSteps(
      List<BigDecimal> reached, BigDecimal before, BigDecimal now, BigDecimal step) {
    BigDecimal base = values.isEmpty() ? BigDecimal.ZERO : values.get(values.size() - 1);
    BigInteger last = steps(base, now, step);
    BigInteger first = steps(base, before, step).add(BigInteger.ONE);
    // A tiny step over a large value would fill the memory.
    BigInteger named = last.subtract(BigInteger.valueOf(MOST_NAMED - 1L));
    for (BigInteger n = first.max(named); n.compareTo(last) <= 0; n = n.add(BigInteger.ONE)) {
      reached.add(base.add(step.multiply(new BigDecimal(n))));
    }
  }

  /** How many whole steps a value is above the base. */
  private static BigInteger steps(BigDecimal base, BigDecimal value, BigDecimal step) {
    Fraction above = Fraction.of(value).minus(Fraction.of(base)).max(Fraction.ZERO);
    Fraction count = above.dividedBy(Fraction.of(step));
    return count.numerator().divide(count.denominator());
  }
}
