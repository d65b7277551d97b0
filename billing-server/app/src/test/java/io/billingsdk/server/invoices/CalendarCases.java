package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Cases of the borders of periods: anchors, and zones with their changes of the clock. */
final class CalendarCases {
  private static final Duration NIGHT = Duration.ofHours(3);

  private final PriceCaseWorld world;
  private final CaseValues found;
  private final List<Runnable> checks = new ArrayList<>();

  CalendarCases(PriceCaseWorld world, CaseValues found) {
    this.world = world;
    this.found = found;
  }

  /** Makes the customers of a case; what is to be looked at once all is billed. */
  List<Runnable> prepare(JsonNode one) {
    String topic = one.path("topic").asText();
    if (one.path("when").has("new_bill_day")) {
      billDay(one);
    } else if (topic.startsWith("calendar.")) {
      calendar(one);
    } else if (topic.equals("timezone.dst_usage")) {
      localMonths(one);
    } else {
      zones(one);
    }
    return List.copyOf(checks);
  }

  /** The first moment of a day of UTC. */
  static Instant at(String day) {
    return Instant.parse(day + "T00:00:00Z");
  }

  /** The name of a plan of a case. */
  static String plan(JsonNode one, String which) {
    return "case-" + one.path("id").asText() + "-" + which;
  }

  private void calendar(JsonNode one) {
    JsonNode then = one.path("then");
    String anchor = one.at("/given/anchor").asText();
    // Its moments are midnights where it is nine hours later.
    String zone = anchor.contains("T") ? "Asia/Tokyo" : "UTC";
    String day = anchor.contains("T") ? "2025-02-01" : anchor;
    world.publish(CasePlan.fee(plan(one, "a"), "USD", "month", "1"));
    Instant begin = LocalDate.parse(day).atStartOfDay(ZoneId.of(zone)).toInstant();
    String customer = world.customer(plan(one, "a"), "USD", zone, begin, day);
    Instant end =
        then.has("dates")
            ? at(then.path("dates").get(then.path("dates").size() - 1).asText())
            : begin.plus(Duration.ofDays(250));
    world.world.move(customer, end.plus(NIGHT));
    checks.add(
        () -> {
          List<JsonNode> lines = world.lines(customer);
          for (int i = 0; i < then.path("dates").size(); i++) {
            String from = i < lines.size() ? lines.get(i).path("from").asText() : "nothing";
            found.text(one, "dates", then.path("dates").get(i).asText() + "T00:00:00Z", from);
          }
          String at = one.at("/when/at").asText();
          if (!at.isEmpty()) {
            period(one, lines, at.contains("T") ? Instant.parse(at) : at(at));
          }
        });
  }

  /** Fees in arrears show all periods, also those that the contract cuts. */
  private void billDay(JsonNode one) {
    JsonNode contract = one.at("/given/contract");
    world.publish(CasePlan.inArrears(CasePlan.fee(plan(one, "a"), "USD", "month", "31")));
    String anchor = LocalDate.of(2025, 1, one.at("/given/bill_day").asInt()).toString();
    String customer =
        world.customer(plan(one, "a"), "USD", "UTC", at(contract.path(0).asText()), anchor);
    world.clock(customer, at(one.at("/when/changed_during/0").asText()).plusSeconds(3600));
    SubscriptionTime.billDay(
        world.world.database,
        world.subscription(customer),
        one.at("/when/new_bill_day").asInt(),
        one.at("/given/policy").asText().contains("running period stays")
            ? Timing.AT_PERIOD_END
            : Timing.NOW);
    Instant end = at(contract.path(1).asText());
    world.world.move(customer, end);
    SubscriptionTime.cancelNow(world.world.database, world.subscription(customer));
    world.world.move(customer, end.plus(NIGHT));
    checks.add(() -> periods(one, world.lines(customer)));
  }

  private void periods(JsonNode one, List<JsonNode> lines) {
    JsonNode periods = one.at("/then/periods");
    found.text(
        one, "number of periods", String.valueOf(periods.size()), String.valueOf(lines.size()));
    for (int i = 0; i < Math.min(periods.size(), lines.size()); i++) {
      String from = full(periods.path(i).path(0).asText());
      String to = full(periods.path(i).path(1).asText());
      found.text(one, "from of period " + i, from, lines.get(i).path("from").asText());
      found.text(one, "to of period " + i, to, lines.get(i).path("to").asText());
    }
  }

  private void period(JsonNode one, List<JsonNode> lines, Instant at) {
    JsonNode then = one.path("then");
    for (int i = 0; i + 1 < lines.size(); i++) {
      Instant from = Instant.parse(lines.get(i).path("from").asText());
      Instant to = Instant.parse(lines.get(i).path("to").asText());
      if (!at.isBefore(from) && at.isBefore(to)) {
        found.text(one, "from", full(then.at("/period/0").asText()), from.toString());
        found.text(one, "to", full(then.at("/period/1").asText()), to.toString());
        if (then.has("next_boundary")) {
          found.text(
              one,
              "next_boundary",
              full(then.path("next_boundary").asText()),
              lines.get(i + 1).path("to").asText());
        }
        return;
      }
    }
    found.text(one, "period", "one of " + at, "nothing");
  }

  private static String full(String moment) {
    return moment.contains("T") ? moment : moment + "T00:00:00Z";
  }

  private void zones(JsonNode one) {
    JsonNode starts = one.at("/then/starts_at");
    if (starts.isObject()) {
      starts
          .properties()
          .forEach(
              each ->
                  border(
                      one,
                      each.getKey(),
                      one.at("/when/month").asText(),
                      List.of(each.getValue().asText())));
    } else {
      JsonNode march = one.at("/then/march");
      border(
          one,
          one.at("/given/zone").asText(),
          one.at("/when/months/0").asText(),
          List.of(march.get(0).asText(), march.get(1).asText()));
    }
  }

  private void border(JsonNode one, String zone, String month, List<String> expected) {
    String plan = plan(one, zone.toLowerCase(Locale.ROOT).replace('/', '-'));
    world.publish(CasePlan.fee(plan, "USD", "month", "1"));
    ZoneId id = ZoneId.of(zone);
    Instant begin = YearMonth.parse(month).minusMonths(1).atDay(1).atStartOfDay(id).toInstant();
    String customer = world.customer(plan, "USD", zone, begin, null);
    world.world.move(customer, YearMonth.parse(month).atDay(2).atStartOfDay(id).toInstant());
    checks.add(
        () -> {
          JsonNode line = world.lines(customer).get(1);
          found.text(one, "from " + zone, expected.get(0), line.path("from").asText());
          if (expected.size() > 1) {
            found.text(one, "to " + zone, expected.get(1), line.path("to").asText());
          }
        });
  }

  /** One unit an event, by the borders of the months of a zone with a change of its clocks. */
  private void localMonths(JsonNode one) {
    ZoneId zone = ZoneId.of(one.at("/given/zone").asText());
    world.publish(CasePlan.fee(plan(one, "a"), "USD", "month", "1"));
    Instant begin =
        LocalDate.parse(one.at("/when/subscription_start").asText()).atStartOfDay(zone).toInstant();
    String customer = world.customer(plan(one, "a"), "USD", zone.getId(), begin, null);
    world.world.move(customer, begin.plus(Duration.ofDays(70)));
    checks.add(
        () -> {
          Map<String, Integer> units = new TreeMap<>();
          for (JsonNode at : one.at("/when/local_event_times")) {
            Instant moment = LocalDateTime.parse(at.asText()).atZone(zone).toInstant();
            for (JsonNode line : world.lines(customer)) {
              Instant from = Instant.parse(line.path("from").asText());
              Instant to = Instant.parse(line.path("to").asText());
              if (!moment.isBefore(from) && moment.isBefore(to)) {
                units.merge(YearMonth.from(from.atZone(zone)).toString(), 1, Integer::sum);
              }
            }
          }
          one.at("/then/units")
              .properties()
              .forEach(
                  each ->
                      found.text(
                          one,
                          each.getKey(),
                          each.getValue().asText(),
                          String.valueOf(units.getOrDefault(each.getKey(), 0))));
        });
  }
}
