package io.billingsdk.rating.sums;

import java.math.BigDecimal;
import java.math.BigInteger;

/** A fraction of the oracle, in whatever terms it came about. */
record Exact(BigInteger top, BigInteger bottom) implements Comparable<Exact> {
  static final Exact ZERO = of(0);

  static Exact of(long whole) {
    return new Exact(BigInteger.valueOf(whole), BigInteger.ONE);
  }

  static Exact of(BigDecimal decimal) {
    BigDecimal plain = decimal.setScale(Math.max(0, decimal.scale()));
    return new Exact(plain.unscaledValue(), BigInteger.TEN.pow(plain.scale()));
  }

  Exact plus(Exact other) {
    return new Exact(
        top.multiply(other.bottom).add(other.top.multiply(bottom)), bottom.multiply(other.bottom));
  }

  Exact minus(Exact other) {
    return plus(new Exact(other.top.negate(), other.bottom));
  }

  Exact times(Exact other) {
    return new Exact(top.multiply(other.top), bottom.multiply(other.bottom));
  }

  Exact over(Exact other) {
    Exact quotient = new Exact(top.multiply(other.bottom), bottom.multiply(other.top));
    return quotient.bottom.signum() < 0
        ? new Exact(quotient.top.negate(), quotient.bottom.negate())
        : quotient;
  }

  /** The nearest whole number; a half goes away from 0. */
  BigInteger nearest() {
    BigInteger twice = top.abs().shiftLeft(1).add(bottom);
    BigInteger whole = twice.divide(bottom.shiftLeft(1));
    return top.signum() < 0 ? whole.negate() : whole;
  }

  /** The largest whole number that is not above it. */
  BigInteger floor() {
    BigInteger[] parts = top.divideAndRemainder(bottom);
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  @Override
  public int compareTo(Exact other) {
    return top.multiply(other.bottom).compareTo(other.top.multiply(bottom));
  }
}
