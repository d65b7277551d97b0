package io.billingsdk.rating;

import java.math.BigDecimal;

/**
 * How much was used: 0 to 2^53, both included, with at most 18 decimals. These are the bounds of
 * the wire, so whatever a service could report can be rated.
 *
 * <p>Immutable. Equal numbers are equal values: 1.50 is 1.5.
 */
public final class Quantity implements Comparable<Quantity> {
  /** 0. */
  public static final Quantity ZERO = new Quantity(BigDecimal.ZERO);

  /** 2^53, the most that there can be. */
  public static final Quantity MAX = new Quantity(BigDecimal.valueOf(1L << 53));

  private final BigDecimal value;

  private Quantity(BigDecimal value) {
    this.value = value;
  }

  /** This quantity. Refuses what is out of bounds, rather than to cut it. */
  public static Quantity of(BigDecimal value) {
    if (value.signum() < 0 || value.compareTo(MAX.value) > 0) {
      throw new RatingInputException("quantity", "0 to 9007199254740992", value);
    }
    BigDecimal stripped = Decimals.stripped(value);
    if (stripped.scale() > Check.MOST_DECIMALS) {
      throw new RatingInputException(
          "quantity", "of at most " + Check.MOST_DECIMALS + " decimals", value);
    }
    return new Quantity(stripped);
  }

  /** This whole quantity. */
  public static Quantity of(long value) {
    return of(BigDecimal.valueOf(value));
  }

  /** Reads a plain decimal, such as {@code 12.5}. */
  public static Quantity parse(String text) {
    return of(Check.decimal("quantity", text));
  }

  /** The number. */
  public BigDecimal value() {
    return value;
  }

  /** The number to reckon with. */
  public Fraction exactly() {
    return Fraction.of(value);
  }

  /** The sum. Refuses one above 2^53. */
  public Quantity plus(Quantity other) {
    return of(value.add(other.value));
  }

  /** The difference. Refuses one below 0. */
  public Quantity minus(Quantity other) {
    return of(value.subtract(other.value));
  }

  /** The smaller of the two. */
  public Quantity min(Quantity other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /** The larger of the two. */
  public Quantity max(Quantity other) {
    return compareTo(other) >= 0 ? this : other;
  }

  @Override
  public int compareTo(Quantity other) {
    return value.compareTo(other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Quantity that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** A plain decimal: no exponent, no zeros at its end. */
  @Override
  public String toString() {
    return value.toPlainString();
  }
}
