package io.billingsdk.rating.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.rating.UnusedCredit;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is credited of a period that was charged, and what a change charges instead. */
final class CreditCases {
  private static final Pattern AMOUNT = Pattern.compile("[0-9]+\\.[0-9]+");

  private CreditCases() {}

  static void run(Case one) {
    JsonNode when = one.when;
    if (when.has("paused")) {
      long unused = Flat.period(when.get("paused")).days();
      unused(one, unused, when.get("period_days").asLong());
    } else if (when.has("unused_days")) {
      unused(one, when.get("unused_days").asLong(), when.get("period_days").asLong());
    } else if (when.has("factor")) {
      Fraction share = Texts.share(when.get("factor").asText());
      changed(one, new Change(when.get("old_price"), when.get("new_price"), share, share));
    } else if (when.has("cancel")) {
      BillingPeriod period = Flat.period(when.get("billed_period"));
      Fraction kept = Flat.before(period, Flat.date(when.get("cancel")));
      one.same("credit", credit(one, one.given.get("price"), kept).negated());
    } else {
      dated(one);
    }
  }

  /** A change of plans at a share of the period. */
  private record Change(JsonNode oldPrice, JsonNode newPrice, Fraction kept, Fraction rest) {}

  private static void dated(Case one) {
    JsonNode when = one.when;
    LocalDate change = Flat.date(when.get("change"));
    BillingPeriod period =
        when.has("billed")
            ? Flat.period(when.get("billed"))
            : when.has("period")
                ? Flat.period(when.get("period"))
                : BillingPeriod.of(
                    change.withDayOfMonth(1), change.withDayOfMonth(1).plusMonths(1), Flat.UTC);
    JsonNode oldPrice =
        when.has("billed")
            ? when.get("billed").get(2)
            : when.has("old_total")
                ? when.get("old_total")
                : TextNode.valueOf(amountIn(one.given.get("plans").asText()));
    JsonNode newPrice =
        when.has("new_price")
            ? when.get("new_price")
            : when.has("new_total") ? when.get("new_total") : TextNode.valueOf("0");
    changed(
        one,
        new Change(oldPrice, newPrice, Flat.before(period, change), Flat.from(period, change)));
  }

  private static void changed(Case one, Change change) {
    String currency = one.currency();
    Money charge = Flat.line(currency, change.newPrice(), change.rest());
    Money earlier =
        one.when.has("earlier_adjustment")
            ? Texts.money(currency, one.when.get("earlier_adjustment")).negated()
            : Money.zero(currency);
    UnusedCredit unused =
        UnusedCredit.of(Texts.money(currency, change.oldPrice()), change.kept(), earlier);
    Money credit = unused.credit();
    Money net = charge.minus(credit);
    one.same("uncapped_credit", unused.unlimited().negated());
    one.same("credit", credit.negated());
    one.same("charge", charge);
    one.same("net", net);
    one.same("total", net);
    one.sameList("lines", List.of(credit.negated(), charge));
    one.same("to_balance", net.negated());
    one.same("account_credit", net.negated());
    one.same("march_due", Texts.money(currency, change.newPrice()));
  }

  private static void unused(Case one, long unused, long days) {
    Fraction kept = Fraction.of(days - unused, days);
    Money net = credit(one, one.given.get("price"), kept);
    one.same("credit", net.negated());
    if (one.given.has("tax_percent")) {
      taxed(one, net, unused, days);
    }
  }

  private static void taxed(Case one, Money net, long unused, long days) {
    TaxRate rate = new TaxRate("S", Texts.decimal(one.given.get("tax_percent")));
    Money tax = rate.on(net);
    Money total = net.plus(tax);
    for (String prefix : List.of("", "credit_")) {
      one.same(prefix + "net", net);
      one.same(prefix + "tax", tax);
      one.same(prefix + "total", total);
    }
    if (one.expects("then_due")) {
      due(one, rate, total, unused, days);
    }
  }

  /** The text gives the amount due, and in brackets the invoice and the credit. */
  private static void due(Case one, TaxRate rate, Money credited, long unused, long days) {
    // The service of the case began five days before the end of its period.
    Money net = Flat.line(one.currency(), one.given.get("price"), Fraction.of(unused + 2, days));
    Money invoiced = net.plus(rate.on(net));
    one.same(
        "then_due",
        invoiced.minus(credited).amount()
            + " ("
            + invoiced.amount()
            + " - "
            + credited.amount()
            + ")");
  }

  private static Money credit(Case one, JsonNode charged, Fraction kept) {
    return UnusedCredit.of(Texts.money(one.currency(), charged), kept).credit();
  }

  /** The first amount in a plan's description. */
  static String amountIn(String text) {
    Matcher amount = AMOUNT.matcher(text);
    if (!amount.find()) {
      throw new AssertionError("no amount in " + text);
    }
    return amount.group();
  }
}
