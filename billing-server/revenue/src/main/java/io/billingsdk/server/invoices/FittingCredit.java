package io.billingsdk.server.invoices;

import io.billingsdk.rating.CreditableInvoice;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.invoices.Bill.Line;
import io.billingsdk.server.invoices.Bill.Uninvoiced;
import io.billingsdk.server.invoices.Books.Original;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of credits that an invoice can take. An invoice with a credit of its own has less in sum
 * than in one of its lines; a credit note is never above the sum.
 */
final class FittingCredit {
  private FittingCredit() {}

  /**
   * The lines of a credit note, as far as they fit.
   *
   * @param uninvoiced takes the rests of fees. Usage has no rest: the next bill would find it again
   */
  static List<Line> of(Original original, List<Line> lines, List<Uninvoiced> uninvoiced) {
    CreditableInvoice invoice = original.creditable();
    if (fits(invoice, original.nets(lines)) || lines.stream().anyMatch(l -> l.key().isUsage())) {
      return lines;
    }
    List<Line> fitting = new ArrayList<>();
    for (Line line : lines) {
      Money part = most(invoice, original, fitting, line);
      Money rest = line.net().minus(part);
      if (part.signum() > 0) {
        fitting.add(line.withNet(part));
      }
      if (rest.signum() > 0) {
        Line taxed =
            line.withTax(original.lines().get(Original.place(line)).taxes().get(0), line.grounds());
        uninvoiced.add(GivenBack.uninvoiced(taxed, rest));
      }
    }
    return fitting;
  }

  /** By halves: if one amount is too much, each higher one is too. */
  private static Money most(
      CreditableInvoice invoice, Original original, List<Line> before, Line line) {
    BigInteger low = BigInteger.ZERO;
    BigInteger high = line.net().minorUnits();
    while (low.compareTo(high) < 0) {
      BigInteger middle = low.add(high).add(BigInteger.ONE).shiftRight(1);
      List<Line> tried = new ArrayList<>(before);
      tried.add(line.withNet(Money.ofMinorUnits(line.net().currency(), middle)));
      if (fits(invoice, original.nets(tried))) {
        low = middle;
      } else {
        high = middle.subtract(BigInteger.ONE);
      }
    }
    return Money.ofMinorUnits(line.net().currency(), low);
  }

  private static boolean fits(CreditableInvoice invoice, List<Money> nets) {
    try {
      var unused = invoice.credit(nets);
      return true;
    } catch (RatingInputException tooMuch) {
      return false;
    }
  }
}
