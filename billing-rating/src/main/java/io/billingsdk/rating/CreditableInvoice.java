package io.billingsdk.rating;

import io.billingsdk.rating.InvoiceTotals.TaxGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An invoice, as far as it can be credited.
 *
 * <p>Guarantees, over any sequence of credit notes: a line, the discount on it, a tax, a component
 * of a tax and the total are never credited above what the invoice has, and when all lines are
 * credited whole, the notes add up to the invoice exactly. For that, each note is the difference of
 * two sums that are rounded alike. Immutable.
 */
public final class CreditableInvoice {
  private final List<InvoiceLine> lines;
  private final InvoiceTotals totals;
  private final List<Money> credited;

  private CreditableInvoice(List<InvoiceLine> lines, InvoiceTotals totals, List<Money> credited) {
    this.lines = List.copyOf(lines);
    this.totals = totals;
    this.credited = List.copyOf(credited);
  }

  /** One that nothing was credited of. */
  public static CreditableInvoice of(List<InvoiceLine> lines, InvoiceTotals totals) {
    if (lines.size() != totals.discountParts().size()) {
      throw new RatingInputException(
          "lines", "the " + totals.discountParts().size() + " of the totals", lines.size());
    }
    Money zero = Money.zero(totals.net().currency());
    return new CreditableInvoice(lines, totals, lines.stream().map(line -> zero).toList());
  }

  /**
   * The sums of a credit note; all amounts are positive where they reduce what the customer owes.
   *
   * @param nets the credited part of each line, before the discount of the invoice
   * @param discountParts the discount of the invoice that was on it, and is not credited
   * @param taxable the nets less the discount parts
   * @param groups the taxes that are credited
   * @param tax the sum of the taxes
   * @param total with tax
   */
  public record Note(
      List<Money> nets,
      List<Money> discountParts,
      Money taxable,
      List<TaxGroup> groups,
      Money tax,
      Money total) {
    /** Copies the lists. */
    public Note {
      nets = List.copyOf(nets);
      discountParts = List.copyOf(discountParts);
      groups = List.copyOf(groups);
    }
  }

  /** A credit note, and the invoice after it. */
  public record Credited(Note note, CreditableInvoice after) {
    /** Checks that nothing is missing. */
    public Credited {
      Objects.requireNonNull(note, "note");
      Objects.requireNonNull(after, "after");
    }
  }

  /** What of each line can still be credited, before the discount of the invoice. */
  public List<Money> left() {
    List<Money> left = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      left.add(lines.get(i).net().minus(credited.get(i)));
    }
    return left;
  }

  /**
   * Credits parts of the lines.
   *
   * @param nets one for each line, 0 for none of it; with the sign of the line, and no more than
   *     what is left of it
   * @throws RatingInputException when a line or a tax would be credited above the invoice
   */
  public Credited credit(List<Money> nets) {
    if (nets.size() != lines.size()) {
      throw new RatingInputException("nets", "one for each of " + lines.size() + " lines", nets);
    }
    List<Money> sums = new ArrayList<>();
    for (int i = 0; i < nets.size(); i++) {
      Money sum = credited.get(i).plus(nets.get(i));
      requireWithin("nets[" + i + "]", nets.get(i), credited.get(i), lines.get(i).net());
      sums.add(sum);
    }
    CreditableInvoice after = new CreditableInvoice(lines, totals, sums);
    return new Credited(after.since(this, nets), after);
  }

  private Note since(CreditableInvoice before, List<Money> nets) {
    Money zero = Money.zero(totals.net().currency());
    List<Money> parts = new ArrayList<>();
    Money taxable = zero;
    for (int i = 0; i < nets.size(); i++) {
      Money part = discountOn(i).minus(before.discountOn(i));
      parts.add(part);
      taxable = taxable.plus(nets.get(i).minus(part));
    }
    List<TaxGroup> groups = new ArrayList<>();
    Map<TaxRate, Money> earlier = before.bases();
    bases().forEach((rate, base) -> addGroup(groups, rate, earlier.getOrDefault(rate, zero), base));
    Money tax = groups.stream().map(TaxGroup::tax).reduce(zero, Money::plus);
    return new Note(nets, parts, taxable, groups, tax, taxable.plus(tax));
  }

  private void addGroup(List<TaxGroup> groups, TaxRate rate, Money before, Money base) {
    TaxGroup whole =
        totals.groups().stream()
            .filter(group -> group.rate().equals(rate))
            .findFirst()
            .orElseThrow();
    requireWithin("credit of " + rate, base.minus(before), before, whole.base());
    if (!base.equals(before)) {
      groups.add(TaxGroup.of(rate, base).since(before));
    }
  }

  /** The credited bases of the taxes; their taxes are rounded on these sums. */
  private Map<TaxRate, Money> bases() {
    Map<TaxRate, Money> bases = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      Money base = credited.get(i).minus(discountOn(i));
      for (TaxRate rate : lines.get(i).taxes()) {
        bases.merge(rate, base, Money::plus);
      }
    }
    return bases;
  }

  /** The invoice's discount on what is credited of a line. */
  private Money discountOn(int line) {
    Money whole = totals.discountParts().get(line);
    Money net = lines.get(line).net();
    if (whole.signum() == 0 || net.signum() == 0) {
      return whole.minus(whole);
    }
    Fraction share = credited.get(line).exactly().dividedBy(net.exactly());
    return Money.rounded(net.currency(), whole.exactly().times(share));
  }

  private static void requireWithin(String field, Money more, Money before, Money whole) {
    Money sum = before.plus(Check.inCurrency(field, whole.currency(), more));
    boolean sameSign = more.signum() == 0 || more.signum() == whole.signum();
    boolean within =
        sum.exactly().times(Fraction.of(whole.signum())).compareTo(magnitude(whole)) <= 0;
    if (!sameSign || !within) {
      throw new RatingInputException(
          field, "at most what the invoice has left, " + whole.minus(before), more);
    }
  }

  private static Fraction magnitude(Money amount) {
    return amount.signum() < 0 ? amount.negated().exactly() : amount.exactly();
  }
}
