package io.billingsdk.server.invoices;

import io.billingsdk.rating.Money;
import io.billingsdk.server.invoices.Bill.BillLineKind;
import io.billingsdk.server.invoices.Bill.Line;
import io.billingsdk.server.invoices.Bill.Uninvoiced;
import io.billingsdk.server.invoices.Books.Invoiced;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes lines that come to less than 0 an invoice again: credit notes give back as many credits as
 * it takes, and a credit that no invoice can take becomes account credit. For one bill.
 */
final class GivenBack {
  private final Books books;
  private final Money zero;
  private final List<Line> lines;
  private final Reductions reductions;
  private final List<LineKey> used;

  /**
   * Of a bill.
   *
   * @param lines of the invoice; those that are given back leave it
   */
  GivenBack(Books books, Money zero, List<Line> lines, Reductions reductions, List<LineKey> used) {
    this.books = books;
    this.zero = zero;
    this.lines = lines;
    this.reductions = reductions;
    this.used = used;
  }

  /** What an operator has already credited of these lines. */
  static Money forgiven(List<Invoiced> entries, Money zero) {
    return entries.stream()
        .map(each -> each.settled().minus(each.left()))
        .reduce(zero, Money::plus);
  }

  /** Gives back; what no invoice can take. */
  List<Uninvoiced> settle() {
    if (credits().isEmpty()) {
      return List.of();
    }
    List<Uninvoiced> rests = new ArrayList<>();
    for (Line line : credits()) {
      List<Invoiced> entries = books.invoiced(line.key()).orElse(List.of());
      Money amount = line.net().negated();
      if (forgiven(entries, zero).signum() > 0 && reductions.left(entries).compareTo(amount) < 0) {
        // An operator gave it back: as a line of this invoice it would be given back again.
        rests.addAll(split(line, entries));
      }
    }
    for (Line line : credits()) {
      List<Invoiced> entries = books.invoiced(line.key()).orElse(List.of());
      Money amount = line.net().negated();
      if (isTooMuch(line) && reductions.left(entries).compareTo(amount) >= 0) {
        note(line, amount, entries);
      }
    }
    for (Line line : credits()) {
      if (isTooMuch(line)) {
        rests.addAll(split(line, books.invoiced(line.key()).orElse(List.of())));
      }
    }
    if (isBelowZero()) {
      throw new IllegalStateException(
          "the lines come to less than 0, and none of them is a credit; look at the plan");
    }
    return rests;
  }

  /** Those that are left: one that is not given back is a line of this invoice. */
  private List<Line> credits() {
    return lines.stream()
        .filter(line -> line.kind() == BillLineKind.CREDIT && line.net().signum() != 0)
        .toList();
  }

  private List<Uninvoiced> split(Line line, List<Invoiced> entries) {
    Money amount = line.net().negated();
    Money part = amount.min(reductions.left(entries));
    if (part.signum() > 0) {
      note(line, part, entries);
    } else {
      lines.remove(line);
      used.add(line.key());
    }
    Money rest = amount.minus(part);
    // It was given back once, by an operator.
    rest = rest.minus(rest.min(forgiven(entries, zero)));
    return rest.signum() == 0 ? List.of() : List.of(uninvoiced(line, rest));
  }

  private void note(Line line, Money amount, List<Invoiced> entries) {
    lines.remove(line);
    used.add(line.key());
    reductions.add(line, amount, entries);
  }

  static Uninvoiced uninvoiced(Line line, Money net) {
    return new Uninvoiced(line.key(), line.name(), net.plus(line.tax().on(net)));
  }

  /** For the invoice, or for its lines of the same tax, which nobody is to be given back by it. */
  private boolean isTooMuch(Line credit) {
    Money sameTax =
        lines.stream()
            .filter(each -> each.tax().equals(credit.tax()))
            .map(Line::net)
            .reduce(zero, Money::plus);
    return sameTax.signum() < 0 || isBelowZero();
  }

  /** Without tax or with it: of lines with several taxes only one of the two may be. */
  private boolean isBelowZero() {
    if (lines.isEmpty()) {
      return false;
    }
    Money net = lines.stream().map(Line::net).reduce(zero, Money::plus);
    return net.signum() < 0
        || Deductions.apply(BillMaker.amounts(lines), books.credits()).totals().total().signum()
            < 0;
  }
}
