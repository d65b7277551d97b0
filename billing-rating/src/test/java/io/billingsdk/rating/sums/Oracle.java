package io.billingsdk.rating.sums;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The sums of an invoice in minor units, reckoned as the documents say and with nothing else. */
final class Oracle {
  private Oracle() {}

  /**
   * A line.
   *
   * @param price of the line, in minor units and their fractions
   * @param off the line's own discount in per cent
   * @param isCharge whether it is a charge of the document, which no discount reduces
   */
  record Row(Exact price, BigDecimal off, String percent, boolean isCharge, boolean isCredit) {
    BigInteger net() {
      Exact left = Exact.of(100).minus(Exact.of(off)).over(Exact.of(100));
      BigInteger net = price.times(left).nearest();
      return isCredit ? net.negate() : net;
    }
  }

  /**
   * A reduction of the invoice.
   *
   * @param percent a share in per cent; 0 for an amount
   * @param units an amount in minor units
   */
  record Off(int percent, long units) {}

  /** What an invoice comes to. */
  record Sums(
      List<BigInteger> nets,
      List<List<BigInteger>> allowances,
      List<BigInteger> discounts,
      Map<String, BigInteger> bases,
      Map<String, BigInteger> taxes,
      BigInteger total,
      BigInteger due) {}

  static Sums sums(List<Row> rows, List<Off> offs, long balance) {
    List<BigInteger> nets = rows.stream().map(Row::net).toList();
    List<BigInteger> left = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      left.add(rows.get(i).isCharge() ? BigInteger.ZERO : nets.get(i));
    }
    List<BigInteger> discounts = new ArrayList<>(Collections.nCopies(rows.size(), BigInteger.ZERO));
    List<List<BigInteger>> allowances = new ArrayList<>();
    for (Off off : offs) {
      List<BigInteger> parts = parts(left, reduction(sum(left), off));
      allowances.add(parts);
      for (int i = 0; i < parts.size(); i++) {
        left.set(i, left.get(i).subtract(parts.get(i)));
        discounts.set(i, discounts.get(i).add(parts.get(i)));
      }
    }
    Map<String, BigInteger> bases = bases(rows, nets, discounts);
    Map<String, BigInteger> taxes = new LinkedHashMap<>();
    bases.forEach((percent, base) -> taxes.put(percent, tax(base, percent)));
    BigInteger total = sum(bases.values()).add(sum(taxes.values()));
    BigInteger paid = total.signum() < 0 ? BigInteger.ZERO : total.min(BigInteger.valueOf(balance));
    return new Sums(nets, allowances, discounts, bases, taxes, total, total.subtract(paid));
  }

  static BigInteger tax(BigInteger base, String percent) {
    Exact rate = Exact.of(new BigDecimal(percent)).over(Exact.of(100));
    return new Exact(base, BigInteger.ONE).times(rate).nearest();
  }

  static Map<String, BigInteger> bases(
      List<Row> rows, List<BigInteger> nets, List<BigInteger> discounts) {
    Map<String, BigInteger> bases = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      BigInteger base = nets.get(i).subtract(discounts.get(i));
      bases.merge(rows.get(i).percent(), base, BigInteger::add);
    }
    return bases;
  }

  private static BigInteger reduction(BigInteger base, Off off) {
    if (base.signum() <= 0) {
      return BigInteger.ZERO;
    }
    if (off.percent() == 0) {
      return base.min(BigInteger.valueOf(off.units()));
    }
    Exact share = Exact.of(off.percent()).over(Exact.of(100));
    return new Exact(base, BigInteger.ONE).times(share).nearest();
  }

  /** By the largest remainder, the earlier line first. */
  private static List<BigInteger> parts(List<BigInteger> amounts, BigInteger total) {
    List<BigInteger> weights = amounts.stream().map(BigInteger.ZERO::max).toList();
    BigInteger sum = sum(weights);
    if (sum.signum() == 0) {
      return amounts.stream().map(each -> BigInteger.ZERO).toList();
    }
    List<BigInteger> parts = new ArrayList<>();
    List<Exact> rests = new ArrayList<>();
    for (BigInteger weight : weights) {
      Exact exact = new Exact(total.multiply(weight), sum);
      parts.add(exact.floor());
      rests.add(exact.minus(new Exact(exact.floor(), BigInteger.ONE)));
    }
    int missing = total.subtract(sum(parts)).intValueExact();
    IntStream.range(0, parts.size())
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> rests.get(i)).reversed())
        .limit(missing)
        .forEach(i -> parts.set(i, parts.get(i).add(BigInteger.ONE)));
    return parts;
  }

  static BigInteger sum(Iterable<BigInteger> numbers) {
    BigInteger sum = BigInteger.ZERO;
    for (BigInteger each : numbers) {
      sum = sum.add(each);
    }
    return sum;
  }
}
