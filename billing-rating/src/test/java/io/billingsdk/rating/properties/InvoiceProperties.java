package io.billingsdk.rating.properties;

import static io.billingsdk.rating.properties.Property.require;

import io.billingsdk.rating.Commitment;
import io.billingsdk.rating.CreditBurn;
import io.billingsdk.rating.CreditGrant;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.InvoiceLine;
import io.billingsdk.rating.InvoiceTotals;
import io.billingsdk.rating.InvoiceTotals.TaxGroup;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.rating.Thresholds;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/** The sums of invoices, commitments, credit and thresholds. */
final class InvoiceProperties {
  private static final List<TaxRate> RATES =
      List.of(
          TaxRate.of("S", "19"),
          TaxRate.of("S", "7"),
          TaxRate.of("S", "8.875"),
          TaxRate.of("Z", "0"));

  private InvoiceProperties() {}

  /** The sums agree, and each tax is that of its summed base. */
  static void sumsAgree(Random random, Subject subject) {
    Gen gen = new Gen(random);
    String currency = gen.currency();
    List<InvoiceLine> lines = lines(gen, currency);
    Optional<Discount> discount =
        switch (gen.below(3)) {
          case 0 -> Optional.empty();
          case 1 -> Optional.of(Discount.percent(Integer.toString(gen.below(101))));
          default -> Optional.of(Discount.amount(gen.money(currency, 400)));
        };
    InvoiceTotals totals = subject.totals(lines, discount, Optional.of(gen.money(currency, 300)));
    Money zero = Money.zero(currency);
    Money net = lines.stream().map(InvoiceLine::net).reduce(zero, Money::plus);
    Money parts = totals.discountParts().stream().reduce(zero, Money::plus);
    Money bases = totals.groups().stream().map(TaxGroup::base).reduce(zero, Money::plus);
    Money tax = zero;
    for (TaxGroup group : totals.groups()) {
      Money expected = tax(group);
      require(group.tax().equals(expected), "%s instead of %s", group, expected);
      tax = tax.plus(expected);
    }
    require(totals.net().equals(net), "net %s", totals);
    require(totals.discount().equals(parts), "discount %s", totals);
    require(totals.taxable().equals(net.minus(parts)), "taxable %s", totals);
    require(bases.equals(totals.taxable()), "bases %s of %s", bases, totals);
    require(totals.tax().equals(tax), "tax %s", totals);
    require(totals.total().equals(totals.taxable().plus(tax)), "total %s", totals);
    require(totals.due().equals(totals.total().minus(totals.prepaid())), "due %s", totals);
    require(totals.prepaid().compareTo(totals.total().max(zero)) <= 0, "prepaid %s", totals);
    require(totals.due().equals(totals.due().max(totals.total().min(zero))), "due %s", totals);
  }

  private static List<InvoiceLine> lines(Gen gen, String currency) {
    List<InvoiceLine> lines = new ArrayList<>();
    for (int i = gen.below(12); i >= 0; i--) {
      Money net = gen.money(currency, 300);
      TaxRate rate = gen.of(RATES);
      lines.add(
          gen.oneIn(6)
              ? InvoiceLine.documentCharge(net, rate)
              : InvoiceLine.of(gen.oneIn(5) ? net.negated() : net, rate));
    }
    return lines;
  }

  private static Money tax(TaxGroup group) {
    BigDecimal base = group.base().amount();
    BigDecimal exact = base.multiply(group.rate().percent()).movePointLeft(2);
    return Money.of(group.base().currency(), exact.setScale(base.scale(), RoundingMode.HALF_UP));
  }

  /** With its true-up a period costs its commitment or its charges, whichever is more. */
  static void commitmentIsReached(Random random, Subject subject) {
    Gen gen = new Gen(random);
    Money amount = gen.money(gen.currency(), 2_000);
    Money charged = gen.money(amount.currency(), 2_000);
    Commitment.TrueUp trueUp = new Commitment(amount).trueUp(gen.share(), charged);
    Money all = charged.plus(trueUp.missing());
    require(all.equals(charged.max(trueUp.prorated())), "%s and %s", charged, trueUp);
  }

  /** What is taken of grants and the overage are the usage; nothing is taken out of order. */
  static void creditIsUsedInOrder(Random random, Subject subject) {
    Gen gen = new Gen(random);
    Instant now = Instant.parse("2026-06-01T00:00:00Z");
    List<CreditGrant> grants = new ArrayList<>();
    for (int i = gen.below(6); i > 0; i--) {
      Instant expires = gen.oneIn(3) ? null : now.plusSeconds(gen.below(9) - 3L);
      Instant granted = now.minusSeconds(gen.below(5) - 1L);
      grants.add(new CreditGrant("g" + i, gen.quantity(100), gen.below(3), granted, expires));
    }
    Quantity usage = gen.quantity(300);
    CreditBurn burn = subject.burn(grants, usage, now);
    BigDecimal taken = burn.overage().value();
    boolean dry = true;
    for (CreditGrant grant : grants.stream().sorted(CreditGrant.BURN_ORDER).toList()) {
      BigDecimal part =
          grant
              .amount()
              .value()
              .subtract(burn.left().getOrDefault(grant.id(), Quantity.MAX).value());
      require(part.signum() == 0 || grant.isUsable(now), "%s was used", grant);
      require(part.signum() == 0 || dry, "%s was used before an earlier one was empty", grant);
      dry &= !grant.isUsable(now) || part.compareTo(grant.amount().value()) == 0;
      taken = taken.add(part);
    }
    require(taken.compareTo(usage.value()) == 0, "%s taken of %s", taken, usage);
    require(dry || burn.overage().equals(Quantity.ZERO), "overage with credit left: %s", burn);
  }

  /** However often one looks, each threshold is named once, and as by one look. */
  static void thresholdsAreNamedOnce(Random random, Subject subject) {
    Gen gen = new Gen(random);
    TreeSet<BigDecimal> values = new TreeSet<>();
    for (int i = gen.below(5); i > 0; i--) {
      values.add(gen.positive(60).stripTrailingZeros());
    }
    Thresholds thresholds =
        new Thresholds(
            List.copyOf(values), gen.oneIn(2) ? null : gen.positive(20).max(BigDecimal.ONE));
    BigDecimal last = gen.decimal(200);
    List<BigDecimal> named = new ArrayList<>();
    BigDecimal before = BigDecimal.ZERO;
    while (before.compareTo(last) < 0) {
      BigDecimal now = before.add(gen.positive(60)).min(last);
      named.addAll(subject.reached(thresholds, before, now));
      before = now;
    }
    List<BigDecimal> atOnce = thresholds.reached(BigDecimal.ZERO, last);
    require(named.equals(atOnce), "%s instead of %s", named, atOnce);
  }
}
