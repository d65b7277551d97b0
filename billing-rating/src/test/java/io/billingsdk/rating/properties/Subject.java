package io.billingsdk.rating.properties;

import io.billingsdk.rating.Billed;
import io.billingsdk.rating.BillingCalendar;
import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.CreditBurn;
import io.billingsdk.rating.CreditGrant;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.InvoiceLine;
import io.billingsdk.rating.InvoiceTotals;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Split;
import io.billingsdk.rating.Step;
import io.billingsdk.rating.Thresholds;
import io.billingsdk.rating.UnusedCredit;
import io.billingsdk.rating.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** What the properties are about: the public API. A double overrides one method to plant a bug. */
class Subject {
  /** An amount with its explanation, as an invoice would show them. */
  record Line(Money amount, List<Step> steps) {}

  Line rate(Charge charge, Usage usage, PeriodPart part) {
    var line = charge.rate(usage, part);
    return new Line(line.amount(), line.steps());
  }

  Line further(Charge charge, Billed billed, Usage usage, PeriodPart part) {
    var line = charge.further(billed, usage, part);
    return new Line(line.amount(), line.steps());
  }

  Fraction price(PriceModel model, Quantity quantity) {
    return Charge.of("USD", model).rate(Usage.of(quantity)).unrounded();
  }

  List<Money> split(Money total, List<Fraction> weights) {
    return Split.of(total, weights);
  }

  UnusedCredit unused(Money charged, Fraction kept, Money credited) {
    return UnusedCredit.of(charged, kept, credited);
  }

  BillingPeriod periodAt(BillingCalendar calendar, Instant moment) {
    return calendar.periodAt(moment);
  }

  Fraction share(ProrationRule rule, BillingPeriod period, LocalDate from, LocalDate to) {
    return rule.shareOf(period, from, to);
  }

  InvoiceTotals totals(
      List<InvoiceLine> lines, Optional<Discount> discount, Optional<Money> balance) {
    return InvoiceTotals.of(lines, discount, balance);
  }

  CreditBurn burn(List<CreditGrant> grants, Quantity usage, Instant moment) {
    return CreditBurn.of(grants, usage, moment);
  }

  List<BigDecimal> reached(Thresholds thresholds, BigDecimal before, BigDecimal now) {
    return thresholds.reached(before, now);
  }
}
