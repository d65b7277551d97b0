package io.billingsdk.rating;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * An exact rational number, of any sign. Amounts stay fractions from the price to the line, so that
 * a line is rounded once and nothing is lost before: 10 for 14 days of 31 is 140/31.
 *
 * <p>Kept in lowest terms with a positive denominator: equal numbers are equal values. Immutable.
 */
public final class Fraction implements Comparable<Fraction> {
  /** 0. */
  public static final Fraction ZERO = new Fraction(BigInteger.ZERO, BigInteger.ONE);

  /** 1. */
  public static final Fraction ONE = new Fraction(BigInteger.ONE, BigInteger.ONE);

  /** Digits before, and decimals after the point of a decimal that becomes a fraction. */
  static final int MOST_DIGITS = 200;

  private static final BigInteger TWO = BigInteger.TWO;
  private static final BigInteger FIVE = BigInteger.valueOf(5);

  private final BigInteger numerator;
  private final BigInteger denominator;

  private Fraction(BigInteger numerator, BigInteger denominator) {
    this.numerator = numerator;
    this.denominator = denominator;
  }

  /** This whole number. */
  public static Fraction of(long value) {
    return new Fraction(BigInteger.valueOf(value), BigInteger.ONE);
  }

  /** The quotient of two whole numbers; the second is not 0. */
  public static Fraction of(long numerator, long denominator) {
    return of(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
  }

  /** The quotient of two whole numbers; the second is not 0. */
  public static Fraction of(BigInteger numerator, BigInteger denominator) {
    if (denominator.signum() == 0) {
      throw new RatingInputException("denominator", "other than 0", "0");
    }
    BigInteger divisor = numerator.gcd(denominator);
    BigInteger signed = denominator.signum() < 0 ? divisor.negate() : divisor;
    return new Fraction(numerator.divide(signed), denominator.divide(signed));
  }

  /** This decimal, exactly. At most 200 digits before the point and 200 decimals after it. */
  public static Fraction of(BigDecimal value) {
    if (Math.abs((long) value.scale()) > MOST_DIGITS || value.precision() > 2 * MOST_DIGITS) {
      // 10^scale is about to be made: 1E+999999999 would fill the memory.
      throw new RatingInputException("value", "of at most " + MOST_DIGITS + " digits", value);
    }
    if (value.scale() <= 0) {
      return new Fraction(value.toBigIntegerExact(), BigInteger.ONE);
    }
    return of(value.unscaledValue(), BigInteger.TEN.pow(value.scale()));
  }

  /** Reads a plain decimal, such as {@code -12.50}: no exponent, at most 64 characters. */
  public static Fraction parse(String text) {
    return of(Check.decimal("number", text));
  }

  /** The sum. */
  public Fraction plus(Fraction other) {
    if (denominator.equals(other.denominator)) {
      return of(numerator.add(other.numerator), denominator);
    }
    return of(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  /** The difference. */
  public Fraction minus(Fraction other) {
    return plus(other.negated());
  }

  /** The product. */
  public Fraction times(Fraction other) {
    return of(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  /** The quotient; the divisor is not 0. */
  public Fraction dividedBy(Fraction other) {
    if (other.signum() == 0) {
      throw new RatingInputException("divisor", "other than 0", "0");
    }
    return of(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
  }

  /** The number with the other sign. */
  public Fraction negated() {
    return new Fraction(numerator.negate(), denominator);
  }

  /** The smaller of the two. */
  public Fraction min(Fraction other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /** The larger of the two. */
  public Fraction max(Fraction other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** -1, 0 or 1. */
  public int signum() {
    return numerator.signum();
  }

  /** The top number in lowest terms; it has the sign. */
  public BigInteger numerator() {
    return numerator;
  }

  /** The bottom number in lowest terms; always positive. */
  public BigInteger denominator() {
    return denominator;
  }

  /** The decimal of this many digits after the point that is nearest in the given direction. */
  BigDecimal rounded(int scale, RoundingMode mode) {
    return new BigDecimal(numerator).divide(new BigDecimal(denominator), scale, mode);
  }

  @Override
  public int compareTo(Fraction other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fraction that
        && numerator.equals(that.numerator)
        && denominator.equals(that.denominator);
  }

  @Override
  public int hashCode() {
    return 31 * numerator.hashCode() + denominator.hashCode();
  }

  /** A plain decimal if it has an end ({@code 0.125}), otherwise the quotient ({@code 140/31}). */
  @Override
  public String toString() {
    BigInteger rest = denominator;
    int decimals = 0;
    for (BigInteger prime : new BigInteger[] {TWO, FIVE}) {
      int power = 0;
      while (rest.mod(prime).signum() == 0) {
        rest = rest.divide(prime);
        power++;
      }
      decimals = Math.max(decimals, power);
    }
    return rest.equals(BigInteger.ONE)
        ? rounded(decimals, RoundingMode.UNNECESSARY).toPlainString()
        : numerator + "/" + denominator;
  }
}
