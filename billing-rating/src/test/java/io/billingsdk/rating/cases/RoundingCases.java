package io.billingsdk.rating.cases;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rounding to minor units, and parts that add up. */
final class RoundingCases {
  private static final Pattern OWN_SCALE = Pattern.compile("custom with ([0-9]+) decimals");

  private RoundingCases() {}

  static void run(Case one) {
    if (one.when.has("weights")) {
      split(one);
    } else if (one.when.has("amount")) {
      Money money = rounded(one.currency(), one.when.get("amount"));
      one.same("minor_units", money.minorUnits());
    } else {
      List<Money> amounts = new ArrayList<>();
      for (JsonNode input : one.when.get("inputs")) {
        amounts.add(
            input.isArray()
                ? rounded(input.get(0).asText(), input.get(1))
                : rounded(one.currency(), input));
      }
      one.sameList("amounts", amounts);
    }
  }

  private static Money rounded(String currency, JsonNode amount) {
    return Money.rounded(currency, Fraction.parse(amount.asText()));
  }

  private static void split(Case one) {
    List<Fraction> weights =
        Texts.list(one.when.get("weights")).stream()
            .map(weight -> Fraction.parse(weight.asText()))
            .toList();
    Matcher own = OWN_SCALE.matcher(one.currency());
    one.sameList(
        "parts",
        own.matches()
            ? Split.of(
                Texts.decimal(one.when.get("total")), Integer.parseInt(own.group(1)), weights)
            : Split.of(Texts.money(one.currency(), one.when.get("total")), weights));
  }
}
