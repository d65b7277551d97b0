package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases of prices, late usage and first parts: from a plan file and events to the document. */
@Tag("postgres")
class PriceCasesThroughInvoicesTest {
  private static final String FILE = "/price-cases.jsonl";
  private static final Instant LATER = Instant.parse("2026-05-01T02:00:00Z");

  @TempDir Path directory;

  private PriceCaseWorld world;
  private final List<Check> checks = new ArrayList<>();
  private final List<Check> afterLateUsage = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private final List<String> late = new ArrayList<>();
  private int values;

  /** What is looked at once all is billed. */
  private interface Check {
    void look();
  }

  @BeforeEach
  void start() {
    world = new PriceCaseWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void cases_throughPlansAndInvoices_giveTheAmountsOfTheirSources() throws Exception {
    Map<String, Integer> topics = new TreeMap<>();
    List<JsonNode> cases = all();
    for (JsonNode one : cases) {
      String topic = one.path("topic").asText();
      prepare(one, topic);
      topics.merge(topic.split("[.]", -1)[0], 1, Integer::sum);
    }
    world.run();
    checks.forEach(Check::look);
    for (String each : late) {
      world.world.move(each, LATER);
    }
    world.run();
    afterLateUsage.forEach(Check::look);
    Proof proof =
        Proof.of("billing-cases-prices")
            .with("cases", cases.size())
            .with("wrong", wrong.size())
            .with("values", values);
    topics.forEach(proof::with);
    proof.print();
    assertThat(wrong).as("cases that differ").isEmpty();
  }

  private static List<JsonNode> all() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> cases = new ArrayList<>();
    for (String line : text().lines().toList()) {
      cases.add(json.readTree(line));
    }
    return cases;
  }

  private static String text() throws IOException {
    String other = System.getProperty("price-cases.file");
    if (other != null) {
      return Files.readString(Path.of(other));
    }
    try (InputStream in =
        Objects.requireNonNull(PriceCasesThroughInvoicesTest.class.getResourceAsStream(FILE))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void prepare(JsonNode one, String topic) {
    if (topic.startsWith("proration.")) {
      leading(one);
    } else if (topic.startsWith("late_usage.")) {
      lateUsage(one);
    } else if (topic.startsWith("commitment.")) {
      commitment(one);
    } else if (topic.startsWith("timezone.")) {
      localMonths(one);
    } else {
      prices(one);
    }
  }

  private void prices(JsonNode one) {
    JsonNode when = one.path("when");
    if (when.has("inputs")) {
      int place = 0;
      for (JsonNode input : when.path("inputs")) {
        String customer = customer(one, place, input.get(1).asText());
        world.use(customer, "used", input.get(0).asText());
        amount(one, customer, one.at("/then/amounts").get(place));
        world.world.move(customer, PriceCaseWorld.APRIL);
        place++;
      }
    } else if (when.has("peaks")) {
      peaks(one);
    } else if (when.has("event_amounts")) {
      String customer = customer(one, 0, null);
      when.path("event_amounts").forEach(each -> world.use(customer, "used", each.asText()));
      world.world.move(customer, PriceCaseWorld.APRIL);
      amount(one, customer, one.at("/then/amount"));
    } else if (when.has("parts")) {
      parts(one);
    } else if (when.has("further_quantity")) {
      further(one);
    } else {
      quantities(one);
    }
  }

  private void quantities(JsonNode one) {
    JsonNode when = one.path("when");
    JsonNode list = when.has("quantities") ? when.path("quantities") : when.path("amounts_of_usage");
    List<String> quantities = new ArrayList<>();
    list.forEach(each -> quantities.add(each.asText()));
    if (when.has("quantity")) {
      quantities.add(when.path("quantity").asText());
    }
    for (int i = 0; i < quantities.size(); i++) {
      String quantity = quantities.get(i);
      String customer = customer(one, i, null);
      world.use(customer, "used", quantity);
      world.world.move(customer, PriceCaseWorld.APRIL);
      JsonNode then = one.path("then");
      for (String field : List.of("amounts", "lines")) {
        if (then.path(field).has(quantity)) {
          amount(one, customer, then.path(field).get(quantity));
        }
      }
      for (String field : List.of("amount", "line", "period_total")) {
        if (then.has(field)) {
          amount(one, customer, then.path(field));
        }
      }
      steps(one, customer);
    }
  }

  /** Of a period whose draft was looked at before more was used. */
  private void further(JsonNode one) {
    JsonNode when = one.path("when");
    String customer = customer(one, 0, null);
    world.use(customer, "used", when.path("already_rated_quantity").asText("0"));
    BigDecimal before = drafted(customer);
    same(one, "already_billed", when.path("already_billed"), before);
    world.use(customer, "used", when.path("further_quantity").asText());
    BigDecimal after = drafted(customer);
    if (one.path("then").has("further_amount")) {
      same(one, "further_amount", one.at("/then/further_amount"), after.subtract(before));
    }
    world.world.move(customer, PriceCaseWorld.APRIL);
    amount(one, customer, one.at("/then/period_total"));
    steps(one, customer);
  }

  private void parts(JsonNode one) {
    int place = 0;
    for (JsonNode part : one.at("/when/parts")) {
      String customer = customer(one, place, null);
      world.use(customer, "used", part.get(0).asText());
      BigDecimal before = drafted(customer);
      world.use(customer, "used", part.get(1).asText());
      // At a price of 1 the amount is the number of billable units.
      same(one, "billable", one.at("/then/billable").get(place), drafted(customer).subtract(before));
      place++;
    }
  }

  private void peaks(JsonNode one) {
    int place = 0;
    for (JsonNode peak : one.at("/when/peaks")) {
      String customer = customer(one, place, null);
      for (int i = 0; i < peak.size(); i++) {
        String unit = one.at("/when/columns").get(i).asText();
        world.use(customer, unit, "1");
        world.use(customer, unit, peak.get(i).asText());
      }
      world.world.move(customer, PriceCaseWorld.APRIL);
      amount(one, customer, one.at("/then/amounts").get(place));
      place++;
    }
  }

  private void lateUsage(JsonNode one) {
    JsonNode when = one.path("when");
    boolean isDelta = when.has("quantity_now");
    String first = when.path(isDelta ? "billed_quantity" : "first_invoice_quantity").asText();
    String more =
        isDelta
            ? new BigDecimal(when.path("quantity_now").asText())
                .subtract(new BigDecimal(first))
                .toPlainString()
            : when.path("later_quantity").asText();
    String customer = customer(one, 0, null);
    world.use(customer, "used", first);
    world.world.move(customer, PriceCaseWorld.APRIL);
    late.add(customer);
    checks.add(
        () -> {
          same(one, "first", when.path(isDelta ? "billed_amount" : "first_invoice"), net(customer, ""));
          world.use(customer, "used", more);
        });
    afterLateUsage.add(
        () -> {
          same(
              one,
              "delta",
              one.path("then").path(isDelta ? "delta" : "second_invoice"),
              net(customer, "delta"));
          if (one.path("then").has("period_total")) {
            same(one, "period_total", one.at("/then/period_total"), net(customer, ""));
          }
        });
  }

  /** Fees in advance from a start that is no boundary on. */
  private void leading(JsonNode one) {
    JsonNode given = one.path("given");
    JsonNode when = one.path("when");
    boolean isYear = given.path("cadence").asText().equals("annual");
    LeadingCase of = LeadingCase.of(one);
    String plan = plan(one, 0);
    world.publish(
        CasePlan.fee(plan, given.path("currency").asText(), isYear ? "year" : "month", of.price()));
    String customer =
        world.customer(
            plan,
            given.path("currency").asText(),
            "UTC",
            Instant.parse(when.path("start").asText() + "T00:00:00Z"),
            of.anchor());
    world.world.move(customer, Instant.parse(of.billUpTo() + "T00:00:00Z").minusSeconds(1));
    checks.add(
        () -> {
          List<JsonNode> lines = world.lines(customer);
          List<String> expected = of.lines();
          for (int i = 0; i < expected.size(); i++) {
            String found = i < lines.size() ? lines.get(i).path("net").asText() : "nothing";
            text(one, "line " + i, expected.get(i), found);
          }
        });
  }

  private void commitment(JsonNode one) {
    JsonNode given = one.path("given");
    JsonNode when = one.path("when");
    String currency = given.path("currency").asText();
    String plan = plan(one, 0);
    // The usage of the case is a fee of its own here: only its amount counts.
    ObjectNode root = CasePlan.fee(plan, currency, "month", given.path("plan_fee").asText());
    root.put("commitment", given.path("minimum_commitment").asText());
    ((ObjectNode) root.path("charges").get(0))
        .put("kind", "flatInArrears");
    world.publish(root);
    String customer =
        world.customer(
            plan,
            currency,
            "UTC",
            Instant.parse(when.path("start").asText() + "T00:00:00Z"),
            null);
    world.world.move(customer, Instant.parse(when.at("/period/1").asText() + "T02:00:00Z"));
    checks.add(
        () -> {
          JsonNode then = one.path("then");
          BigDecimal fee = new BigDecimal(then.path("plan_fee").asText());
          BigDecimal usage = new BigDecimal(when.path("usage_fees").asText());
          same(one, "plan_fee", then.path("plan_fee"), net(customer, "arrears"));
          for (JsonNode line : world.lines(customer)) {
            if (line.path("kind").asText().equals("true_up")) {
              text(
                  one,
                  "prorated",
                  then.path("prorated_commitment").asText(),
                  line.at("/detail/prorated").asText());
              // Without the usage of 30, so much more is missing.
              same(
                  one,
                  "true_up",
                  then.path("true_up"),
                  new BigDecimal(line.path("net").asText()).subtract(usage));
            }
          }
          assertThat(fee).isPositive();
        });
  }

  /** One unit an event, in months of a zone with a change of its clocks. */
  private void localMonths(JsonNode one) {
    // The events of the case are older than the ledger takes over HTTP: only the borders count.
    String zone = one.at("/given/zone").asText();
    String plan = plan(one, 0);
    world.publish(CasePlan.fee(plan, "USD", "month", "1"));
    String customer =
        world.customer(
            plan,
            "USD",
            zone,
            LocalDate.parse(one.at("/when/subscription_start").asText())
                .atStartOfDay(ZoneId.of(zone))
                .toInstant(),
            null);
    world.world.move(customer, Instant.parse("2023-06-01T12:00:00Z"));
    checks.add(
        () -> {
          Map<String, Integer> units = new TreeMap<>();
          for (JsonNode at : one.at("/when/local_event_times")) {
            Instant moment =
                LocalDateTime.parse(at.asText())
                    .atZone(ZoneId.of(zone))
                    .toInstant();
            for (JsonNode line : world.lines(customer)) {
              Instant from = Instant.parse(line.path("from").asText());
              if (!moment.isBefore(from) && moment.isBefore(Instant.parse(line.path("to").asText()))) {
                units.merge(
                    from.atZone(ZoneId.of(zone)).toLocalDate().toString().substring(0, 7),
                    1,
                    Integer::sum);
              }
            }
          }
          one.at("/then/units")
              .properties()
              .forEach(
                  each ->
                      text(
                          one,
                          "units of " + each.getKey(),
                          each.getValue().asText(),
                          String.valueOf(units.getOrDefault(each.getKey(), 0))));
        });
  }

  private static String plan(JsonNode one, int place) {
    return "case-" + one.path("id").asText() + "-" + place;
  }

  private String customer(JsonNode one, int place, @Nullable String included) {
    String plan = plan(one, place);
    world.publish(CasePlan.metered(plan, one.path("given"), included));
    return world.customer(
        plan, one.at("/given/currency").asText(), "UTC", PriceCaseWorld.MARCH, null);
  }

  private BigDecimal drafted(String customer) {
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode line : world.draft(customer).path("lines")) {
      sum = sum.add(new BigDecimal(line.path("net").asText()));
    }
    return sum;
  }

  /** Of all lines of a kind; an empty text for all kinds. */
  private BigDecimal net(String customer, String kind) {
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode line : world.lines(customer)) {
      // April is empty in these cases, but for flat parts of the first tier.
      boolean isMarch = Instant.parse(line.path("from").asText()).isBefore(PriceCaseWorld.APRIL);
      if (isMarch && (kind.isEmpty() || line.path("kind").asText().equals(kind))) {
        sum = sum.add(new BigDecimal(line.path("net").asText()));
      }
    }
    return sum;
  }

  private void amount(JsonNode one, String customer, JsonNode expected) {
    checks.add(() -> same(one, "amount", expected, net(customer, "")));
  }

  /** What a document says about how a price came about. */
  private void steps(JsonNode one, String customer) {
    JsonNode then = one.path("then");
    checks.add(
        () -> {
          for (JsonNode line : world.lines(customer)) {
            JsonNode steps = line.at("/detail/steps");
            step(one, "minimum_top_up", then, steps, "minimum_top_up", 1);
            step(one, "capped_away", then, steps, "capped", -1);
            if (then.has("unrounded")) {
              same(one, "unrounded", then.path("unrounded"), product(steps.get(0)));
            }
            if (then.has("billable_units")) {
              text(
                  one,
                  "billable_units",
                  then.path("billable_units").asText(),
                  steps.get(0).path("quantity").asText());
            }
            for (int i = 0; i < then.path("blocks").size(); i++) {
              text(
                  one,
                  "blocks",
                  then.path("blocks").get(i).asText(),
                  steps.get(i).path("quantity").asText());
            }
          }
        });
  }

  private void step(
      JsonNode one, String field, JsonNode then, JsonNode steps, String kind, int sign) {
    if (!then.has(field)) {
      return;
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode each : steps) {
      if (each.path("kind").asText().equals(kind)) {
        sum = sum.add(product(each));
      }
    }
    same(one, field, then.path(field), sum.multiply(BigDecimal.valueOf(sign)));
  }

  private static BigDecimal product(JsonNode step) {
    return new BigDecimal(step.path("quantity").asText())
        .multiply(new BigDecimal(step.path("unitPrice").asText()));
  }

  /** A document has cents: a case that says more is rounded as a line is. */
  private void same(JsonNode one, String field, JsonNode expected, BigDecimal found) {
    values++;
    BigDecimal wanted = new BigDecimal(expected.asText());
    if (wanted.compareTo(found) != 0
        && wanted.setScale(2, RoundingMode.HALF_UP).compareTo(found) != 0) {
      wrong.add(one.path("id").asText() + " " + field + ": " + expected + ", found " + found);
    }
  }

  private void text(JsonNode one, String field, String expected, String found) {
    values++;
    if (!expected.equals(found)
        && (!found.matches("-?[0-9.]+")
            || new BigDecimal(expected).compareTo(new BigDecimal(found)) != 0)) {
      wrong.add(one.path("id").asText() + " " + field + ": " + expected + ", found " + found);
    }
  }
}
