package io.billingsdk.rating;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A reduction of an invoice, and the part of it that falls on each line.
 *
 * <p>Guarantee: the parts add up to the amount. Immutable.
 *
 * @param amount at least 0
 * @param parts one for each line, in the order of the lines; 0 for a line that is not reduced
 */
public record Allowance(Money amount, List<Money> parts) {
  /** Copies the parts, and adds them up. */
  public Allowance {
    Objects.requireNonNull(amount, "amount");
    parts = List.copyOf(parts);
    Money sum = parts.stream().reduce(Money.zero(amount.currency()), Money::plus);
    if (!sum.equals(amount)) {
      throw new IllegalStateException("the parts add up to " + sum + ", not to " + amount);
    }
  }

  /**
   * The allowances that discounts come to, each on what the ones before it left: first coupons,
   * then promotional credit as an amount.
   *
   * @param lines at least one, all in one currency
   * @return as many as discounts, in their order
   */
  public static List<Allowance> of(List<InvoiceLine> lines, List<Discount> discounts) {
    String currency = InvoiceLine.currencyOf(lines);
    List<Money> left = new ArrayList<>();
    for (InvoiceLine line : lines) {
      left.add(line.discountable() ? line.net() : Money.zero(currency));
    }
    List<Allowance> allowances = new ArrayList<>();
    for (int i = 0; i < discounts.size(); i++) {
      if (discounts.get(i) instanceof Discount.Amount flat) {
        Check.inCurrency("discounts[" + i + "]", currency, flat.amount());
      }
      Allowance next = on(left, discounts.get(i), Money.zero(currency));
      for (int line = 0; line < left.size(); line++) {
        left.set(line, left.get(line).minus(next.parts().get(line)));
      }
      allowances.add(next);
    }
    return allowances;
  }

  /** Split by the positive amounts; a credit among the lines lowers what is discounted. */
  private static Allowance on(List<Money> amounts, Discount discount, Money zero) {
    Money base = amounts.stream().reduce(zero, Money::plus);
    Money reduction = Money.rounded(zero.currency(), discount.of(base.exactly()));
    List<Fraction> weights =
        amounts.stream().map(each -> each.exactly().max(Fraction.ZERO)).toList();
    return new Allowance(reduction, Split.of(reduction, weights));
  }
}
