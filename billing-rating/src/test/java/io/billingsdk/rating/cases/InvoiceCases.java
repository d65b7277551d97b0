package io.billingsdk.rating.cases;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Commitment;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.InvoiceLine;
import io.billingsdk.rating.InvoiceTotals;
import io.billingsdk.rating.InvoiceTotals.TaxGroup;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.rating.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commitments, discounts, taxes and prepaid balance. */
final class InvoiceCases {
  private static final Pattern EQUAL_LINES = Pattern.compile("([0-9]+) lines of ([0-9.]+)");

  private InvoiceCases() {}

  static void commitment(Case one) {
    if (one.when.has("unused_days")) {
      CreditCases.run(one);
      return;
    }
    BillingPeriod period = Flat.period(one.when.get("period"));
    Fraction share = Flat.from(period, Flat.date(one.when.get("start")));
    Money fee = Flat.line(one.currency(), one.given.get("plan_fee"), share);
    Commitment.TrueUp trueUp =
        new Commitment(Texts.money(one.currency(), one.given.get("minimum_commitment")))
            .trueUp(share, fee.plus(Texts.money(one.currency(), one.when.get("usage_fees"))));
    one.same("plan_fee", fee);
    one.same("prorated_commitment", trueUp.prorated());
    one.same("true_up", trueUp.missing());
  }

  static void discount(Case one) {
    if (one.when.has("coupon")) {
      coupon(one);
    } else {
      order(one);
    }
  }

  private static void coupon(Case one) {
    List<InvoiceLine> lines = new ArrayList<>();
    for (JsonNode row : one.when.get("lines")) {
      lines.add(line(one, row.get(0), row.get(1)));
    }
    Money coupon = Texts.money(one.currency(), one.when.get("coupon"));
    InvoiceTotals totals =
        InvoiceTotals.of(lines, Optional.of(Discount.amount(coupon)), Optional.empty());
    one.sameList("coupon_parts", totals.discountParts());
    one.same("tax", totals.tax());
    one.same("total", totals.total());
    List<Money> taxes = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Money net = lines.get(i).net().minus(totals.discountParts().get(i));
      taxes.add(lines.get(i).taxes().get(0).on(net));
    }
    one.sameList("taxes", taxes);
  }

  private static void order(Case one) {
    JsonNode rule = one.when.get("line_discount");
    List<InvoiceLine> lines = new ArrayList<>();
    Money zero = Money.zero(one.currency());
    for (JsonNode row : one.when.get("lines")) {
      boolean discounted = row.get(0).asText().equals(rule.get(0).asText());
      String percent = discounted ? rule.get(1).asText().replace("%", "") : "0";
      Charge charge =
          Charge.builder(one.currency())
              .model(PriceModel.flat(Texts.decimal(row.get(1))))
              .discount(Discount.percent(percent))
              .build();
      Money net = charge.rate(Usage.none()).amount();
      lines.add(InvoiceLine.of(net, rate(one.when.get("tax_percent"))));
    }
    InvoiceTotals totals =
        InvoiceTotals.of(
            lines,
            Optional.of(
                Discount.amount(Texts.money(one.currency(), one.when.get("invoice_discount")))),
            Optional.of(Texts.money(one.currency(), one.when.get("prepaid"))));
    one.same("after_line_discount", lines.stream().map(InvoiceLine::net).reduce(zero, Money::plus));
    sums(one, totals);
  }

  private static void sums(Case one, InvoiceTotals totals) {
    one.same("net", totals.net());
    one.same("taxable", totals.taxable());
    one.same("tax", totals.tax());
    one.same("total", totals.total());
    one.same("prepaid_used", totals.prepaid());
    one.same("due", totals.due());
    one.same("tax_total", totals.tax());
    one.same("total_tax", totals.tax());
    one.same("total_without_tax", totals.taxable());
    one.same("total_with_tax", totals.total());
    one.same("payable", totals.due());
    one.sameList("taxes", totals.groups().stream().map(TaxGroup::tax).toList());
  }

  static void prepaid(Case one) {
    Matcher equal = EQUAL_LINES.matcher(one.when.get("lines").asText());
    if (!equal.matches()) {
      throw new AssertionError("no lines in " + one.when.get("lines"));
    }
    List<InvoiceLine> lines = new ArrayList<>();
    Charge charge = Charge.of(one.currency(), PriceModel.flat(new BigDecimal(equal.group(2))));
    for (int i = 0; i < Integer.parseInt(equal.group(1)); i++) {
      lines.add(
          InvoiceLine.of(charge.rate(Usage.none()).amount(), rate(one.given.get("tax_percent"))));
    }
    Money balance = Texts.money(one.currency(), one.when.get("prepaid"));
    sums(one, InvoiceTotals.of(lines, Optional.empty(), Optional.of(balance)));
  }

  static void tax(Case one) {
    if (one.when.has("groups")) {
      List<InvoiceLine> lines = new ArrayList<>();
      one.when.get("groups").forEach(row -> lines.add(line(one, row.get(0), row.get(1))));
      sums(one, InvoiceTotals.of(lines));
    } else if (one.when.has("inputs")) {
      rates(one);
    } else if (one.when.has("unrounded_line")) {
      Charge charge =
          Charge.of(one.currency(), PriceModel.flat(Texts.decimal(one.when.get("unrounded_line"))));
      Money net = charge.rate(Usage.none()).amount();
      one.same("line", net);
      sums(one, InvoiceTotals.of(List.of(InvoiceLine.of(net, rate(one.given.get("tax_percent"))))));
    } else {
      Money net = Texts.money(one.currency(), one.when.get("net"));
      InvoiceLine line = InvoiceLine.of(net, TaxRate.of("GST", "5"), TaxRate.of("PST", "7"));
      sums(one, InvoiceTotals.of(List.of(line)));
    }
  }

  private static void rates(Case one) {
    List<Money> taxes = new ArrayList<>();
    for (JsonNode row : one.when.get("inputs")) {
      boolean own = row.size() == 3;
      String currency = own ? row.get(0).asText() : one.currency();
      Money net = Texts.money(currency, row.get(own ? 1 : 0));
      taxes.add(rate(row.get(own ? 2 : 1)).on(net));
    }
    one.sameList("taxes", taxes);
  }

  private static InvoiceLine line(Case one, JsonNode net, JsonNode percent) {
    return InvoiceLine.of(Texts.money(one.currency(), net), rate(percent));
  }

  private static TaxRate rate(JsonNode percent) {
    return new TaxRate("S", Texts.decimal(percent));
  }
}
