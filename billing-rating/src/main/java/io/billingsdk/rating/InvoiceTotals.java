package io.billingsdk.rating;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sums of an invoice, in the one order that there is: lines after their own discounts, the
 * discount of the invoice, tax on what is left, and prepaid balance as a means of payment.
 *
 * <p>Guarantees: the parts of the discount add up to it; tax is rounded once for each category and
 * rate, or for each component of a rate, on the summed base; {@code taxable + tax = total} and
 * {@code total - prepaid = due}.
 *
 * @param net the sum of the lines
 * @param discount the discount of the invoice, at least 0
 * @param discountParts the part of it that falls on each line
 * @param taxable the sum of the lines less the discount
 * @param groups the taxes, in the order in which the lines first name them
 * @param tax the sum of the taxes
 * @param total with tax
 * @param prepaid the prepaid balance that is used, at most the total
 * @param due the rest to pay
 */
public record InvoiceTotals(
    Money net,
    Money discount,
    List<Money> discountParts,
    Money taxable,
    List<TaxGroup> groups,
    Money tax,
    Money total,
    Money prepaid,
    Money due) {

  /** Copies the lists. */
  public InvoiceTotals {
    discountParts = List.copyOf(discountParts);
    groups = List.copyOf(groups);
  }

  /** The sums of these lines, without discount and prepaid balance. */
  public static InvoiceTotals of(List<InvoiceLine> lines) {
    return of(lines, Optional.empty(), Optional.empty());
  }

  /**
   * The sums of an invoice.
   *
   * @param lines at least one, all in one currency
   * @param discount the discount of the invoice, split over the lines by their amounts; lines of 0
   *     or below have no part of it
   * @param balance the prepaid balance of the customer, at least 0
   */
  public static InvoiceTotals of(
      List<InvoiceLine> lines, Optional<Discount> discount, Optional<Money> balance) {
    return of(lines, Allowance.of(lines, discount.stream().toList()), balance);
  }

  /**
   * The sums of an invoice with several discounts.
   *
   * @param lines at least one, all in one currency
   * @param allowances of these lines, by {@link Allowance#of}
   * @param balance the prepaid balance of the customer, at least 0
   */
  public static InvoiceTotals of(
      List<InvoiceLine> lines, List<Allowance> allowances, Optional<Money> balance) {
    Money zero = Money.zero(InvoiceLine.currencyOf(lines));
    Money net = lines.stream().map(InvoiceLine::net).reduce(zero, Money::plus);
    List<Money> parts = parts(lines, allowances, zero);
    Money reduction = parts.stream().reduce(zero, Money::plus);
    List<TaxGroup> groups = groups(lines, parts);
    Money tax = groups.stream().map(TaxGroup::tax).reduce(zero, Money::plus);
    Money taxable = net.minus(reduction);
    Money total = taxable.plus(tax);
    Money prepaid = used(balance.orElse(zero), total, zero);
    return new InvoiceTotals(
        net, reduction, parts, taxable, groups, tax, total, prepaid, total.minus(prepaid));
  }

  private static List<Money> parts(
      List<InvoiceLine> lines, List<Allowance> allowances, Money zero) {
    List<Money> parts = new ArrayList<>(Collections.nCopies(lines.size(), zero));
    for (Allowance each : allowances) {
      for (int i = 0; i < parts.size(); i++) {
        parts.set(i, parts.get(i).plus(each.parts().get(i)));
      }
    }
    return parts;
  }

  private static List<TaxGroup> groups(List<InvoiceLine> lines, List<Money> parts) {
    Map<TaxRate, Money> bases = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      Money base = lines.get(i).net().minus(parts.get(i));
      for (TaxRate rate : lines.get(i).taxes()) {
        bases.merge(rate, base, Money::plus);
      }
    }
    List<TaxGroup> groups = new ArrayList<>();
    bases.forEach((rate, base) -> groups.add(TaxGroup.of(rate, base)));
    return groups;
  }

  private static Money used(Money balance, Money total, Money zero) {
    Check.notNegative("balance", Check.inCurrency("balance", zero.currency(), balance));
    return balance.min(total.max(zero));
  }

  /**
   * The lines of an invoice with one tax.
   *
   * @param rate the tax
   * @param base the net amounts of its lines, less their parts of the invoice's discount
   * @param tax the tax on the base, rounded once; of a rate with components the sum of the parts
   * @param parts the tax of each component of the rate; none without components
   */
  public record TaxGroup(TaxRate rate, Money base, Money tax, List<Money> parts) {
    /** Checks that there is a part for each component, and that they add up. */
    public TaxGroup {
      parts = List.copyOf(parts);
      if (parts.size() != rate.components().size()) {
        throw new RatingInputException(
            "parts", "one for each of " + rate.components().size() + " components", parts);
      }
      Money sum = parts.stream().reduce(Money.zero(tax.currency()), Money::plus);
      if (!parts.isEmpty() && !sum.equals(tax)) {
        throw new RatingInputException("parts", "in sum " + tax, sum);
      }
    }

    /** A group of a rate without components. */
    public TaxGroup(TaxRate rate, Money base, Money tax) {
      this(rate, base, tax, List.of());
    }

    static TaxGroup of(TaxRate rate, Money base) {
      return new TaxGroup(rate, base, rate.on(base), rate.parts(base));
    }

    /** The difference to the group of an earlier base, in which each tax was rounded alike. */
    TaxGroup since(Money earlier) {
      List<Money> before = rate.parts(earlier);
      List<Money> more = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        more.add(parts.get(i).minus(before.get(i)));
      }
      return new TaxGroup(rate, base.minus(earlier), tax.minus(rate.on(earlier)), more);
    }
  }
}
