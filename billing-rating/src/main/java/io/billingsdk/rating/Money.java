package io.billingsdk.rating;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Objects;

/**
 * An amount that can stand on an invoice: a currency, and a whole number of its minor units, of any
 * sign. A finer amount than a minor unit is a {@link Fraction} until {@link #rounded} makes money
 * of it; that is the one place where amounts are rounded.
 *
 * <p>Guarantees: the currency has an ISO 4217 code and minor units ({@code XXX}, {@code XAU} and
 * the like are refused); the amount is below 10^18 in magnitude; arithmetic is exact and only
 * within one currency. Immutable. Equal amounts of one currency are equal values.
 */
public final class Money implements Comparable<Money> {
  private static final BigDecimal LIMIT = new BigDecimal("1000000000000000000");

  private final String currency;
  private final BigDecimal amount;

  private Money(String currency, BigDecimal scaled) {
    if (scaled.abs().compareTo(LIMIT) >= 0) {
      throw new RatingInputException("amount", "below 10^18 in magnitude", scaled);
    }
    this.currency = currency;
    this.amount = scaled;
  }

  /**
   * This amount of this currency.
   *
   * @param currency an ISO 4217 code in capitals
   * @param amount not finer than the currency's minor unit: it is refused rather than rounded
   */
  public static Money of(String currency, BigDecimal amount) {
    int decimals = Currencies.decimals(currency);
    Fraction exact = Fraction.of(amount);
    Money money = rounded(currency, exact);
    if (!money.exactly().equals(exact)) {
      throw new RatingInputException(
          "amount", "of at most " + decimals + " decimals in " + currency, amount.toPlainString());
    }
    return money;
  }

  /** Reads an amount, such as {@code -12.50}, of this currency. */
  public static Money of(String currency, String amount) {
    return of(currency, Check.decimal("amount", amount));
  }

  /** Reads what {@link #toString} writes: {@code 12.50 USD}. */
  public static Money parse(String text) {
    int space = text.indexOf(' ');
    if (space < 0) {
      throw new RatingInputException("money", "an amount and a code, such as 12.50 USD", text);
    }
    return of(text.substring(space + 1), text.substring(0, space));
  }

  /** Nothing, in this currency. */
  public static Money zero(String currency) {
    return rounded(currency, Fraction.ZERO);
  }

  /** So many minor units: 1250 of USD are 12.50 USD. */
  public static Money ofMinorUnits(String currency, BigInteger units) {
    return new Money(currency, new BigDecimal(units, Currencies.decimals(currency)));
  }

  /**
   * The nearest amount in minor units. A half goes away from zero (HALF_UP): 0.005 USD is 0.01 USD,
   * and -0.005 USD is -0.01 USD.
   */
  public static Money rounded(String currency, Fraction exact) {
    return new Money(currency, nearest(exact, Currencies.decimals(currency)));
  }

  /** The one rounding of amounts. */
  static BigDecimal nearest(Fraction exact, int decimals) {
    return exact.rounded(decimals, RoundingMode.HALF_UP);
  }

  /** The ISO 4217 code. */
  public String currency() {
    return currency;
  }

  /** The amount, with as many digits after the point as the currency has. */
  public BigDecimal amount() {
    return amount;
  }

  /** The amount in minor units. */
  public BigInteger minorUnits() {
    return amount.unscaledValue();
  }

  /** The amount as a number to reckon with. */
  public Fraction exactly() {
    return Fraction.of(amount);
  }

  /** The sum. Refuses another currency. */
  public Money plus(Money other) {
    return new Money(currency, amount.add(same(other).amount));
  }

  /** The difference. Refuses another currency. */
  public Money minus(Money other) {
    return new Money(currency, amount.subtract(same(other).amount));
  }

  /** The amount with the other sign. */
  public Money negated() {
    return new Money(currency, amount.negate());
  }

  /** The smaller of the two. Refuses another currency. */
  public Money min(Money other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /** The larger of the two. Refuses another currency. */
  public Money max(Money other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** -1, 0 or 1. */
  public int signum() {
    return amount.signum();
  }

  /** Refuses another currency: amounts of two currencies have no order. */
  @Override
  public int compareTo(Money other) {
    return amount.compareTo(same(other).amount);
  }

  private Money same(Money other) {
    return Check.inCurrency("other amount", currency, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Money that
        && currency.equals(that.currency)
        && amount.equals(that.amount);
  }

  @Override
  public int hashCode() {
    return Objects.hash(currency, amount);
  }

  /** {@code 12.50 USD}: no grouping, no locale. */
  @Override
  public String toString() {
    return amount.toPlainString() + " " + currency;
  }
}
