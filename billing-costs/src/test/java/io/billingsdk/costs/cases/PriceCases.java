package io.billingsdk.costs.cases;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.costs.CanonicalUsage;
import io.billingsdk.costs.CostInputException;
import io.billingsdk.costs.CostLine;
import io.billingsdk.costs.CostRating;
import io.billingsdk.costs.CostState;
import io.billingsdk.costs.PriceKey;
import io.billingsdk.costs.PriceQuery;
import io.billingsdk.costs.RatedCost;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Cases of prices and usage. */
final class PriceCases {
  private static final String ANY_TIME = "2026-04-10T00:00:00Z";

  private PriceCases() {}

  static void run(CostCase one) {
    if (one.then().has("error")) {
      refused(one);
    } else if (one.when().has("calls")) {
      calls(one);
    } else if (one.when().has("events")) {
      events(one);
    } else {
      one(one);
    }
  }

  private static void refused(CostCase one) {
    try {
      CaseUsage.of(one.given(), one.when());
      one.same("error", "nothing");
    } catch (CostInputException e) {
      one.same("error", String.valueOf(e.getMessage()));
    }
  }

  private static void calls(CostCase one) {
    List<BigDecimal> each = new ArrayList<>();
    for (JsonNode call : one.when().path("calls")) {
      each.add(amount(rate(one, call, call.path("at").asText(), PriceKey.STANDARD)));
    }
    one.sameList("each", each);
    one.same("total", each.stream().reduce(BigDecimal.ZERO, BigDecimal::add));
  }

  private static void events(CostCase one) {
    BigDecimal each = amount(rate(one, one.when(), ANY_TIME, PriceKey.STANDARD));
    BigDecimal total = BigDecimal.ZERO;
    for (int i = 0; i < one.when().path("events").asInt(); i++) {
      total = total.add(each);
    }
    one.same("each", each);
    one.same("total", total);
  }

  private static void one(CostCase one) {
    JsonNode when = one.when();
    String at = when.path("occurred_at").asText(when.path("at").asText(ANY_TIME));
    String tier = when.path("batch").asBoolean() ? PriceKey.BATCH : tierOf(when);
    RatedCost cost = rate(one, when, at, tier);
    one.same("total", amount(cost));
    one.same("priced", cost.state() != CostState.UNKNOWN);
    one.same("currency", cost.currency().orElse(""));
    for (String other : List.of("standard", "priority")) {
      if (one.then().has(other)) {
        one.same(other, amount(rate(one, when, at, other)));
      }
    }
    for (String time : List.of("00:29:59Z", "16:30:00Z")) {
      if (one.then().has("at_" + time)) {
        String moment = at.substring(0, 11) + time;
        one.same("at_" + time, amount(rate(one, when, moment, PriceKey.STANDARD)));
      }
    }
    if (cost.lines().size() == 1) {
      CostLine line = cost.lines().get(0);
      one.same("billed_seconds", line.billed());
      one.same("billed_packages", line.billed().divideToIntegralValue(line.size()));
    }
  }

  private static String tierOf(JsonNode when) {
    return when.path("service_tier").asText(PriceKey.STANDARD);
  }

  private static RatedCost rate(CostCase one, JsonNode when, String at, String tier) {
    String named = one.given().path("model").asText(when.path("model").asText("model"));
    CanonicalUsage usage = CaseUsage.of(one.given(), when);
    CostRating rating = CostRating.of(CasePrices.of(one.given(), named));
    PriceQuery query = PriceQuery.of(CasePrices.PROVIDER, named, Instant.parse(at)).inTier(tier);
    RatedCost cost = rating.rate(query, usage);
    if (cost.explain().size() != cost.lines().size() + cost.unknown().size() + 2) {
      throw new AssertionError("not explained: " + cost.explain());
    }
    return cost;
  }

  private static BigDecimal amount(RatedCost cost) {
    return cost.amount().orElseThrow(() -> new AssertionError(cost.explain()));
  }
}
