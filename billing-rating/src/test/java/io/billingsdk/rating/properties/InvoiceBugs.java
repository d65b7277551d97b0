package io.billingsdk.rating.properties;

import io.billingsdk.rating.CreditBurn;
import io.billingsdk.rating.CreditGrant;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.InvoiceLine;
import io.billingsdk.rating.InvoiceTotals;
import io.billingsdk.rating.InvoiceTotals.TaxGroup;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Thresholds;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Bugs of invoices and credit that others have had. */
final class InvoiceBugs {
  private InvoiceBugs() {}

  static void addTo(Map<String, Subject> bugs) {
    bugs.put("tax is rounded on each line", new TaxOnEachLine());
    bugs.put("prepaid balance is used before tax", new PrepaidBeforeTax());
    bugs.put("expired credit is used", new ExpiredCreditUsed());
    bugs.put("a threshold counts when it is passed", new ThresholdPassed());
  }

  private static final class TaxOnEachLine extends Subject {
    @Override
    InvoiceTotals totals(
        List<InvoiceLine> lines, Optional<Discount> discount, Optional<Money> balance) {
      InvoiceTotals right = super.totals(lines, discount, balance);
      List<TaxGroup> groups =
          right.groups().stream().map(group -> byLine(group, lines, right)).toList();
      Money zero = Money.zero(right.net().currency());
      Money tax = groups.stream().map(TaxGroup::tax).reduce(zero, Money::plus);
      return new InvoiceTotals(
          right.net(),
          right.discount(),
          right.discountParts(),
          right.taxable(),
          groups,
          tax,
          right.taxable().plus(tax),
          right.prepaid(),
          right.taxable().plus(tax).minus(right.prepaid()));
    }

    private static TaxGroup byLine(TaxGroup group, List<InvoiceLine> lines, InvoiceTotals totals) {
      Money tax = Money.zero(group.tax().currency());
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).taxes().contains(group.rate())) {
          Money base = lines.get(i).net().minus(totals.discountParts().get(i));
          tax = tax.plus(group.rate().on(base));
        }
      }
      return new TaxGroup(group.rate(), group.base(), tax);
    }
  }

  private static final class PrepaidBeforeTax extends Subject {
    @Override
    InvoiceTotals totals(
        List<InvoiceLine> lines, Optional<Discount> discount, Optional<Money> balance) {
      InvoiceTotals right = super.totals(lines, discount, balance);
      Money zero = Money.zero(right.net().currency());
      Money used = balance.orElse(zero).min(right.taxable().max(zero));
      return new InvoiceTotals(
          right.net(),
          right.discount(),
          right.discountParts(),
          right.taxable().minus(used),
          right.groups(),
          right.tax(),
          right.total().minus(used),
          used,
          right.total().minus(used));
    }
  }

  private static final class ExpiredCreditUsed extends Subject {
    @Override
    CreditBurn burn(List<CreditGrant> grants, Quantity usage, Instant moment) {
      List<CreditGrant> lasting =
          grants.stream()
              .map(
                  grant ->
                      new CreditGrant(
                          grant.id(), grant.amount(), grant.priority(), grant.grantedAt(), null))
              .toList();
      return super.burn(lasting, usage, moment);
    }
  }

  private static final class ThresholdPassed extends Subject {
    @Override
    List<BigDecimal> reached(Thresholds thresholds, BigDecimal before, BigDecimal now) {
      BigDecimal hair = new BigDecimal("0.0000000001");
      return super.reached(
          thresholds,
          before.subtract(hair).max(BigDecimal.ZERO),
          now.subtract(hair).max(BigDecimal.ZERO));
    }
  }
}
