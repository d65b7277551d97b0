package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.rating.TaxRate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up the lines of a document again. */
final class SumCheck {
  private final String currency;
  private final List<String> differences;

  private SumCheck(String currency, List<String> differences) {
    this.currency = currency;
    this.differences = differences;
  }

  static void check(JsonNode document, List<String> differences) {
    new SumCheck(document.path("currency").asText(), differences).check(document);
  }

  private void check(JsonNode document) {
    Money zero = Money.zero(currency);
    Money net = zero;
    Money discount = zero;
    Map<TaxRate, Money> bases = new LinkedHashMap<>();
    for (JsonNode line : document.path("lines")) {
      net = net.plus(money(line, "net"));
      discount = discount.plus(money(line, "discount"));
      bases.merge(
          rate(line.path("tax")), money(line, "net").minus(money(line, "discount")), Money::plus);
    }
    JsonNode totals = document.path("totals");
    same("net", money(totals, "net"), net);
    same("discount", money(totals, "discount"), discount);
    same("taxable", money(totals, "taxable"), net.minus(discount));
    Money tax = zero;
    for (JsonNode group : document.path("taxes")) {
      TaxRate rate = rate(group);
      String name = rate.category() + " " + rate.percent().toPlainString() + " %";
      Money base = bases.getOrDefault(rate, zero);
      bases.remove(rate);
      same("base of the tax " + name, money(group, "base"), base);
      // Credit notes and void documents give back a part of a rounded tax, which may be a minor
      // unit off its own.
      if (document.path("kind").asText().equals("invoice")) {
        same("tax " + name, money(group, "tax"), rate.on(base));
        parts(group, rate.parts(base));
      }
      components(group, name);
      tax = tax.plus(money(group, "tax"));
    }
    bases.forEach(
        (rate, base) -> {
          if (base.signum() != 0) {
            differences.add("taxes: there is none for " + base + " of " + rate.category());
          }
        });
    Money total = net.minus(discount).plus(tax);
    same("tax", money(totals, "tax"), tax);
    same("total", money(totals, "total"), total);
    same("due", money(totals, "due"), total.minus(money(totals, "prepaid")));
  }

  private Money money(JsonNode node, String field) {
    return Money.of(currency, node.path(field).asText("0"));
  }

  private TaxRate rate(JsonNode tax) {
    try {
      return TaxRateJson.read(tax);
    } catch (RatingInputException fault) {
      differences.add("taxes: " + fault.getMessage());
      return TaxRate.of("O", "0");
    }
  }

  /** Each component is rounded by itself. */
  private void parts(JsonNode group, List<Money> parts) {
    for (int i = 0; i < parts.size(); i++) {
      JsonNode component = group.path("components").path(i);
      same("tax " + component.path("name").asText(), money(component, "tax"), parts.get(i));
    }
  }

  /** The components of a tax add up to it, also where a part of it is given back. */
  private void components(JsonNode group, String name) {
    if (group.has("components")) {
      Money sum = Money.zero(currency);
      for (JsonNode component : group.path("components")) {
        sum = sum.plus(money(component, "tax"));
      }
      same("tax " + name + " of all components", money(group, "tax"), sum);
    }
  }

  private void same(String what, Money stored, Money made) {
    if (!stored.equals(made)) {
      differences.add("totals: " + what + " is " + stored + ", but the lines come to " + made);
    }
  }
}
