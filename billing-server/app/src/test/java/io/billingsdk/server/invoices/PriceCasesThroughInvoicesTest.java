package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases of prices and of late usage: from a plan file and events to the document. */
@Tag("postgres")
class PriceCasesThroughInvoicesTest {
  private static final Instant LATER = Instant.parse("2026-05-01T02:00:00Z");

  @TempDir Path directory;

  private PriceCaseWorld world;
  private final List<Check> checks = new ArrayList<>();
  private final List<Check> afterLateUsage = new ArrayList<>();
  private final CaseValues found = new CaseValues();
  private final List<String> late = new ArrayList<>();

  /** What is looked at once all is billed. */
  private interface Check {
    void look() throws Exception;
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
    List<JsonNode> cases = CaseValues.read("/price-cases.jsonl");
    for (JsonNode one : cases) {
      String topic = one.path("topic").asText();
      prepare(one, topic);
      topics.merge(topic.split("[.]", -1)[0], 1, Integer::sum);
    }
    world.run();
    for (Check each : checks) {
      each.look();
    }
    for (String each : late) {
      world.world.move(each, LATER);
    }
    world.run();
    for (Check each : afterLateUsage) {
      each.look();
    }
    Proof proof =
        Proof.of("billing-cases-prices")
            .with("cases", cases.size())
            .with("wrong", found.wrong().size())
            .with("values", found.count());
    topics.forEach(proof::with);
    proof.print();
    assertThat(found.wrong()).as("cases that differ").isEmpty();
  }

  private void prepare(JsonNode one, String topic) {
    if (topic.equals("late_usage.progressive_billing")) {
      progressive(one);
    } else if (topic.startsWith("late_usage.")) {
      lateUsage(one);
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
    JsonNode list =
        when.has("quantities") ? when.path("quantities") : when.path("amounts_of_usage");
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
    found.same(one, "already_billed", when.path("already_billed"), before);
    world.use(customer, "used", when.path("further_quantity").asText());
    BigDecimal after = drafted(customer);
    if (one.path("then").has("further_amount")) {
      found.same(one, "further_amount", one.at("/then/further_amount"), after.subtract(before));
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
      found.same(
          one, "billable", one.at("/then/billable").get(place), drafted(customer).subtract(before));
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
          found.same(
              one,
              "first",
              when.path(isDelta ? "billed_amount" : "first_invoice"),
              net(customer, ""));
          world.use(customer, "used", more);
        });
    afterLateUsage.add(
        () -> {
          found.same(
              one,
              "delta",
              one.path("then").path(isDelta ? "delta" : "second_invoice"),
              net(customer, "delta"));
          if (one.path("then").has("period_total")) {
            found.same(one, "period_total", one.at("/then/period_total"), net(customer, ""));
          }
        });
  }

  /** Usage that reaches a threshold of the plan, then the rest of it, then the end of the month. */
  private void progressive(JsonNode one) {
    JsonNode given = one.path("given");
    JsonNode when = one.path("when");
    BigDecimal threshold = new BigDecimal(given.path("threshold").asText());
    BigDecimal before = new BigDecimal(when.path("already_invoiced_progressively").asText());
    boolean isAgain = before.compareTo(threshold) > 0;
    String plan = plan(one, 0);
    String currency = given.path("currency").asText();
    world.publish(
        CasePlan.progressive(
            plan,
            currency,
            when.path("subscription_fee").asText("0"),
            threshold.toPlainString(),
            isAgain));
    String customer = world.customer(plan, currency, "UTC", PriceCaseWorld.MARCH, null);
    late.add(customer);
    checks.add(
        () -> {
          BigDecimal open = before;
          while (open.signum() > 0) {
            BigDecimal part = open.min(threshold);
            world.use(customer, "used", part.toPlainString());
            world.run();
            open = open.subtract(part);
          }
          found.same(
              one,
              "already_invoiced_progressively",
              when.path("already_invoiced_progressively"),
              net(customer, "progress"));
          BigDecimal rest = new BigDecimal(when.path("period_usage").asText()).subtract(before);
          world.use(customer, "used", rest.toPlainString());
        });
    afterLateUsage.add(
        () -> {
          found.same(
              one,
              "progressive_credit",
              one.at("/then/progressive_credit"),
              net(customer, "progress_credit"));
          for (Issued each : world.world.of(customer)) {
            if (InvoiceWorld.document(each).path("lines").toString().contains("progress_credit")) {
              found.same(one, "total", one.at("/then/total"), each.total());
            }
            assertThat(world.verify(each)).as(each.number()).isEmpty();
          }
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
    checks.add(() -> found.same(one, "amount", expected, net(customer, "")));
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
              found.same(one, "unrounded", then.path("unrounded"), product(steps.get(0)));
            }
            if (then.has("billable_units")) {
              found.text(
                  one,
                  "billable_units",
                  then.path("billable_units").asText(),
                  steps.get(0).path("quantity").asText());
            }
            for (int i = 0; i < then.path("blocks").size(); i++) {
              found.text(
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
    found.same(one, field, then.path(field), sum.multiply(BigDecimal.valueOf(sign)));
  }

  private static BigDecimal product(JsonNode step) {
    return new BigDecimal(step.path("quantity").asText())
        .multiply(new BigDecimal(step.path("unitPrice").asText()));
  }
}
