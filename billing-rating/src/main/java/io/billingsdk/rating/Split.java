package io.billingsdk.rating;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Divides an amount by weights into parts that add up to it exactly, by the largest remainder: each
 * part is first cut to whole units, and the units that are left go to the parts that lost most. Of
 * equal losses the earlier part gets the unit. A negative amount is split as the positive one, with
 * the sign put on each part.
 *
 * <p>Each part differs by less than one unit from its exact share. Thread-safe; keeps nothing.
 */
public final class Split {
  /** Digits after the point that a currency of one's own may have. */
  private static final int MOST_SCALE = 18;

  private Split() {}

  /**
   * The parts of an amount, in its minor units.
   *
   * @param weights one or more, none negative; at least one positive unless the total is 0
   * @return as many parts as weights, in their order
   */
  public static List<Money> of(Money total, List<Fraction> weights) {
    return parts(total.minorUnits(), weights).stream()
        .map(units -> Money.ofMinorUnits(total.currency(), units))
        .toList();
  }

  /**
   * The parts of an amount of a currency that has no ISO code, such as credits.
   *
   * @param total not finer than {@code scale} allows
   * @param scale digits after the point, 0 to 18
   * @param weights one or more, none negative; at least one positive unless the total is 0
   * @return as many parts as weights, in their order, each with {@code scale} digits
   */
  public static List<BigDecimal> of(BigDecimal total, int scale, List<Fraction> weights) {
    if (scale < 0 || scale > MOST_SCALE) {
      throw new RatingInputException("scale", "0 to " + MOST_SCALE, scale);
    }
    Fraction exact = Fraction.of(total);
    BigDecimal units = Money.nearest(exact, scale);
    if (!Fraction.of(units).equals(exact)) {
      throw new RatingInputException("total", "of at most " + scale + " decimals", total);
    }
    return parts(units.unscaledValue(), weights).stream()
        .map(part -> new BigDecimal(part, scale))
        .toList();
  }

  private static List<BigInteger> parts(BigInteger total, List<Fraction> weights) {
    Fraction sum = checkedSum(weights, total.signum() == 0);
    if (total.signum() == 0) {
      return Collections.nCopies(weights.size(), BigInteger.ZERO);
    }
    Fraction perWeight = Fraction.of(total.abs(), BigInteger.ONE).dividedBy(sum);
    List<BigInteger> parts = new ArrayList<>();
    List<Fraction> lost = new ArrayList<>();
    BigInteger left = total.abs();
    for (Fraction weight : weights) {
      Fraction exact = weight.times(perWeight);
      BigInteger whole = exact.numerator().divide(exact.denominator());
      parts.add(whole);
      lost.add(exact.minus(Fraction.of(whole, BigInteger.ONE)));
      left = left.subtract(whole);
    }
    // A stable order: of equal losses the earlier part comes first.
    Comparator<Integer> mostLost = Comparator.comparing(lost::get, Comparator.reverseOrder());
    IntStream.range(0, parts.size())
        .boxed()
        .sorted(mostLost)
        .limit(left.intValueExact())
        .forEach(i -> parts.set(i, parts.get(i).add(BigInteger.ONE)));
    return total.signum() < 0 ? parts.stream().map(BigInteger::negate).toList() : parts;
  }

  private static Fraction checkedSum(List<Fraction> weights, boolean mayBeZero) {
    if (weights.isEmpty()) {
      throw new RatingInputException("weights", "at least one", "none");
    }
    Fraction sum = Fraction.ZERO;
    for (int i = 0; i < weights.size(); i++) {
      if (weights.get(i).signum() < 0) {
        throw new RatingInputException("weights[" + i + "]", "at least 0", weights.get(i));
      }
      sum = sum.plus(weights.get(i));
    }
    if (sum.signum() == 0 && !mayBeZero) {
      throw new RatingInputException("weights", "above 0 in sum", "0");
    }
    return sum;
  }
}
