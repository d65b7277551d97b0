package io.billingsdk.costs.oracle;

import java.math.BigInteger;

/** A rational number of the oracle's own. Immutable. */
record Frac(BigInteger top, BigInteger bottom) implements Comparable<Frac> {
  static final Frac ZERO = of(0);

  static Frac of(long value) {
    return new Frac(BigInteger.valueOf(value), BigInteger.ONE);
  }

  static Frac of(long top, long bottom) {
    return of(BigInteger.valueOf(top), BigInteger.valueOf(bottom));
  }

  static Frac of(BigInteger top, BigInteger bottom) {
    BigInteger divisor = top.gcd(bottom).max(BigInteger.ONE);
    return new Frac(top.divide(divisor), bottom.divide(divisor));
  }

  /** Reads {@code 12.5}. */
  static Frac read(String text) {
    int point = text.indexOf('.');
    if (point < 0) {
      return of(new BigInteger(text), BigInteger.ONE);
    }
    int decimals = text.length() - point - 1;
    return of(new BigInteger(text.replace(".", "")), BigInteger.TEN.pow(decimals));
  }

  Frac plus(Frac other) {
    return of(
        top.multiply(other.bottom).add(other.top.multiply(bottom)), bottom.multiply(other.bottom));
  }

  Frac times(Frac other) {
    return of(top.multiply(other.top), bottom.multiply(other.bottom));
  }

  Frac over(Frac other) {
    return of(top.multiply(other.bottom), bottom.multiply(other.top));
  }

  Frac roundedUp() {
    BigInteger[] parts = top.divideAndRemainder(bottom);
    return of(parts[1].signum() > 0 ? parts[0].add(BigInteger.ONE) : parts[0], BigInteger.ONE);
  }

  boolean hasDecimals(int most) {
    return BigInteger.TEN.pow(most).mod(bottom).signum() == 0;
  }

  /** Of a number that is not negative. */
  Frac halfUp(int decimals) {
    BigInteger scale = BigInteger.TEN.pow(decimals);
    BigInteger twice = top.multiply(scale).shiftLeft(1).add(bottom);
    return of(twice.divide(bottom.shiftLeft(1)), scale);
  }

  @Override
  public int compareTo(Frac other) {
    return top.multiply(other.bottom).compareTo(other.top.multiply(bottom));
  }
}
