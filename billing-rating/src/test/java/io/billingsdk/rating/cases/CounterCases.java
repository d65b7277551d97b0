package io.billingsdk.rating.cases;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.CreditBurn;
import io.billingsdk.rating.CreditGrant;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Rollover;
import io.billingsdk.rating.Thresholds;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Credit that is used up, and thresholds that are reached. */
final class CounterCases {
  private static final Instant GRANTED = Instant.parse("2026-01-01T00:00:00Z");

  private CounterCases() {}

  static void credits(Case one) {
    List<CreditGrant> grants = new ArrayList<>();
    if (one.given.has("grants")) {
      one.given.get("grants").forEach(row -> grants.add(grant(row)));
    } else {
      Quantity amount = Quantity.parse(one.given.get("grant").asText());
      grants.add(new CreditGrant("A", amount, 0, GRANTED, null));
    }
    Quantity usage = Quantity.parse(one.when.get("usage").asText());
    CreditBurn burn = CreditBurn.of(grants, usage, GRANTED);
    one.same("balance", burn.balance());
    one.same("overage", burn.overage());
    if (one.expects("left")) {
      JsonNode left = one.expected("left");
      Texts.keys(left)
          .forEach(id -> one.same(id, left.get(id), burn.left().getOrDefault(id, Quantity.MAX)));
    }
    if (one.when.path("reset").asBoolean()) {
      Rollover rollover =
          new Rollover(
              Quantity.parse(one.given.path("rollover_min").asText("0")),
              Quantity.parse(one.given.path("rollover_max").asText("0")),
              one.given.path("preserve_overage").asBoolean());
      one.same("balance_after", rollover.reset(burn.balance(), burn.overage()).balance());
    }
  }

  /** A row holds an id, and in any order a priority, an amount and an expiry. */
  private static CreditGrant grant(JsonNode row) {
    int priority = 0;
    Quantity amount = Quantity.ZERO;
    Instant expires = null;
    for (JsonNode cell : Texts.list(row).subList(1, row.size())) {
      String text = cell.asText();
      if (text.startsWith("priority ")) {
        priority = Integer.parseInt(text.substring("priority ".length()));
      } else if (text.startsWith("expires ")) {
        LocalDate day = LocalDate.parse(text.substring("expires ".length()));
        expires = day.atStartOfDay(Flat.UTC).toInstant();
      } else {
        amount = Quantity.parse(text);
      }
    }
    return new CreditGrant(row.get(0).asText(), amount, priority, GRANTED, expires);
  }

  static void thresholds(Case one) {
    List<BigDecimal> values =
        Texts.list(one.given.path("thresholds")).stream().map(Texts::decimal).toList();
    BigDecimal every =
        one.given.has("recurring_every") ? Texts.decimal(one.given.get("recurring_every")) : null;
    Thresholds thresholds = new Thresholds(values, every);
    JsonNode alerts = one.expected("alerts");
    BigDecimal before = BigDecimal.ZERO;
    for (int i = 0; i < alerts.size(); i++) {
      BigDecimal now = Texts.decimal(one.when.get("values_at_checks").get(i));
      one.sameList("alerts " + i, alerts.get(i), thresholds.reached(before, now));
      before = before.max(now);
    }
  }
}
