package io.billingsdk.rating.cases;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.RatedLine;
import io.billingsdk.rating.Step;
import io.billingsdk.rating.Usage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Price models and what is around them, on a whole period. */
final class PriceCases {
  private PriceCases() {}

  static void run(Case one) {
    JsonNode when = one.when;
    if (when.has("quantities")) {
      quantities(one, when.get("quantities"));
    } else if (when.has("amounts_of_usage")) {
      quantities(one, when.get("amounts_of_usage"));
    } else if (when.has("quantity")) {
      quantity(one);
    } else if (when.has("event_amounts")) {
      events(one);
    } else if (when.has("peaks")) {
      peaks(one);
    } else if (when.has("inputs")) {
      inputs(one);
    } else if (when.has("parts")) {
      parts(one);
    } else {
      PartCases.run(one);
    }
  }

  private static void quantities(Case one, JsonNode quantities) {
    Charge charge = Charges.of(one);
    for (JsonNode quantity : quantities) {
      RatedLine line = charge.rate(Usage.of(quantity.asText()));
      if (one.expects("amounts")) {
        one.same("amount", one.expected("amounts").get(quantity.asText()), line.unrounded());
      }
      if (one.expects("lines")) {
        one.same("line", one.expected("lines").get(quantity.asText()), line.amount());
      }
    }
  }

  private static void quantity(Case one) {
    RatedLine line = Charges.of(one).rate(Usage.of(one.when.get("quantity").asText()));
    Fraction topUp = line.amountOf(Step.Kind.MINIMUM_TOP_UP);
    one.same("amount", line.amount());
    one.same("line", line.amount());
    one.same("unrounded", line.unrounded());
    one.same("period_total", line.amount());
    one.same("minimum_top_up", topUp);
    one.same("usage_amount", line.unrounded().minus(topUp));
    one.same("capped_away", line.amountOf(Step.Kind.CAPPED).negated());
    one.same("billable_units", line.quantityOf(Step.Kind.UNITS));
    one.sameList(
        "blocks",
        line.steps().stream()
            .filter(step -> step.kind() == Step.Kind.BLOCKS)
            .map(Step::quantity)
            .toList());
  }

  private static void events(Case one) {
    List<Quantity> amounts =
        Texts.list(one.when.get("event_amounts")).stream()
            .map(amount -> Quantity.parse(amount.asText()))
            .toList();
    RatedLine line = Charges.of(one).rate(new Usage.Events(amounts));
    one.same("amount", line.unrounded());
    one.same("line", line.amount());
  }

  private static void peaks(Case one) {
    Charge charge = Charges.of(one);
    List<Money> amounts = new ArrayList<>();
    for (JsonNode row : one.when.get("peaks")) {
      Map<String, Quantity> peaks = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        String unit = one.when.get("columns").get(i).asText();
        peaks.put(unit, Quantity.parse(row.get(i).asText()));
      }
      amounts.add(charge.rate(new Usage.Peaks(peaks)).amount());
    }
    one.sameList("amounts", amounts);
  }

  private static void inputs(Case one) {
    List<Money> amounts = new ArrayList<>();
    for (JsonNode row : one.when.get("inputs")) {
      Charge charge =
          Charges.builder(one).includedUnits(Quantity.parse(row.get(1).asText())).build();
      amounts.add(charge.rate(Usage.of(row.get(0).asText())).amount());
    }
    one.sameList("amounts", amounts);
  }

  private static void parts(Case one) {
    Charge charge = Charges.of(one);
    List<Fraction> billable = new ArrayList<>();
    for (JsonNode part : one.when.get("parts")) {
      RatedLine further =
          PartCases.further(charge, part.get(0).asText(), part.get(1).asText(), PeriodPart.RUNNING);
      billable.add(further.quantityOf(Step.Kind.UNITS));
    }
    one.sameList("billable", billable);
  }
}
