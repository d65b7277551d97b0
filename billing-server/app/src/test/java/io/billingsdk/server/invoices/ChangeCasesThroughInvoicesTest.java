package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.invoices.CreditNotes.PartOfLine;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases of first parts, changes, pauses, calendars, zones and commitments: to the document. */
@Tag("postgres")
class ChangeCasesThroughInvoicesTest {
  private static final Duration NIGHT = Duration.ofHours(3);

  @TempDir Path directory;

  private PriceCaseWorld world;
  private final CaseValues found = new CaseValues();
  private final List<Act> acts = new ArrayList<>();
  private final List<Runnable> checks = new ArrayList<>();

  /** What is done once all is billed. */
  private interface Act {
    void run() throws Exception;
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
  void cases_throughSubscriptionsAndInvoices_giveTheAmountsOfTheirSources() throws Exception {
    Map<String, Integer> topics = new TreeMap<>();
    List<JsonNode> cases = CaseValues.read("/change-cases.jsonl");
    for (JsonNode one : cases) {
      prepare(one);
      topics.merge(one.path("topic").asText().split("[.]", -1)[0], 1, Integer::sum);
    }
    world.run();
    for (Act each : acts) {
      each.run();
    }
    world.run();
    checks.forEach(Runnable::run);
    Proof proof =
        Proof.of("billing-cases-changes")
            .with("cases", cases.size())
            .with("wrong", found.wrong().size())
            .with("values", found.count());
    topics.forEach(proof::with);
    proof.print();
    assertThat(found.wrong()).as("cases that differ").isEmpty();
  }

  private void prepare(JsonNode one) {
    String topic = one.path("topic").asText();
    JsonNode when = one.path("when");
    if (topic.startsWith("calendar.") || topic.startsWith("timezone.")) {
      checks.addAll(new CalendarCases(world, found).prepare(one));
    } else if (when.has("period_seconds")) {
      seconds(one);
    } else if (topic.startsWith("commitment.")) {
      commitment(one);
    } else if (topic.equals("proration.fixed_30")
        || when.has("month")
        || when.has("days_of_period")) {
      arrears(one);
    } else if (when.has("start")) {
      leading(one);
    } else {
      change(ChangeCase.of(one), one);
    }
  }

  private static Instant at(String day) {
    return CalendarCases.at(day);
  }

  private static String plan(JsonNode one, String which) {
    return CalendarCases.plan(one, which);
  }

  private static String currency(JsonNode one) {
    return one.at("/given/currency").asText("USD");
  }

  /** Fees in advance from a start that is no boundary on. */
  private void leading(JsonNode one) {
    LeadingCase of = LeadingCase.of(one);
    boolean isYear = one.at("/given/cadence").asText().equals("annual");
    String plan = plan(one, "a");
    world.publish(CasePlan.fee(plan, currency(one), isYear ? "year" : "month", of.price()));
    String customer =
        world.customer(plan, currency(one), "UTC", at(one.at("/when/start").asText()), of.anchor());
    world.world.move(customer, at(of.billUpTo()).minusSeconds(1));
    checks.add(
        () -> {
          List<JsonNode> lines = world.lines(customer);
          for (int i = 0; i < of.lines().size(); i++) {
            String net = i < lines.size() ? lines.get(i).path("net").asText() : "nothing";
            found.text(one, "line " + i, of.lines().get(i), net);
          }
        });
  }

  /** The same part of a month by seconds, from a moment that is no midnight on. */
  private void seconds(JsonNode one) {
    Instant march = at("2026-03-01");
    Duration month = Duration.between(march, at("2026-04-01"));
    Duration service =
        month
            .multipliedBy(one.at("/when/service_seconds").asLong())
            .dividedBy(one.at("/when/period_seconds").asLong());
    String plan = plan(one, "a");
    world.publish(CasePlan.fee(plan, currency(one), "month", one.at("/given/price").asText()));
    String customer =
        world.customer(
            plan,
            currency(one),
            "UTC",
            march.plus(month).minus(service),
            null,
            ProrationRule.INSTANT);
    checks.add(() -> same(one, "line", one.at("/then/line"), world.lines(customer), 0));
  }

  /** A change of a plan whose fee is billed afterwards. */
  private void arrears(JsonNode one) {
    JsonNode when = one.path("when");
    JsonNode then = one.path("then");
    boolean isMonth = when.has("month");
    boolean is30 = when.has("parts");
    String begin = isMonth ? when.at("/month/0").asText() : "2026-03-01";
    long days = is30 ? 8 : when.path("old_days").asLong();
    String change =
        isMonth ? when.path("change").asText() : LocalDate.parse(begin).plusDays(days).toString();
    String older = is30 ? one.at("/given/price").asText() : when.path("old_price").asText();
    String newer = is30 ? older : when.path("new_price").asText();
    world.publish(CasePlan.inArrears(CasePlan.fee(plan(one, "a"), currency(one), "month", older)));
    world.publish(CasePlan.inArrears(CasePlan.fee(plan(one, "b"), currency(one), "month", newer)));
    String customer =
        world.customer(
            plan(one, "a"),
            currency(one),
            "UTC",
            at(begin),
            null,
            is30 ? ProrationRule.FIXED_30 : ProrationRule.DAYS);
    world.clock(customer, at(change));
    SubscriptionTime.switchNow(world.world.database, world.subscription(customer), plan(one, "b"));
    world.world.move(customer, at(begin).plus(Duration.ofDays(32)));
    checks.add(
        () -> {
          List<JsonNode> lines = world.lines(customer);
          JsonNode parts = then.path("lines");
          same(one, "old_part", is30 ? parts.get(0) : then.path("old_part"), lines, 0);
          same(one, "new_part", is30 ? parts.get(1) : then.path("new_part"), lines, 1);
        });
  }

  private void same(
      JsonNode one, String field, JsonNode expected, List<JsonNode> lines, int place) {
    found.text(
        one,
        field,
        expected.asText(),
        place < lines.size() ? lines.get(place).path("net").asText() : "nothing");
  }

  /** Another plan, a pause or an end within a period that is paid. */
  private void change(ChangeCase of, JsonNode one) {
    world.publish(CasePlan.fee(plan(one, "a"), currency(one), of.interval(), of.oldPrice()));
    if (of.newPrice() != null) {
      world.publish(CasePlan.fee(plan(one, "b"), currency(one), of.interval(), of.newPrice()));
    }
    String customer =
        world.customer(
            plan(one, "a"),
            currency(one),
            "UTC",
            at(of.begin()),
            of.begin(),
            of.isInstant() ? ProrationRule.INSTANT : ProrationRule.DAYS);
    acts.add(
        () -> {
          if (of.adjusted() != null) {
            var unused =
                new CreditNotes(world.world.database, InvoiceWorld.TESTER)
                    .credit(
                        world.world.of(customer).get(0).number(),
                        List.of(new PartOfLine(1, new BigDecimal(of.adjusted()))),
                        "case");
          }
          if (!of.change().equals(of.begin())) {
            world.clock(customer, at(of.change()));
          }
          act(of, one, customer);
          // A change of plans is billed at the end of the period.
          String billed = of.newPrice() == null ? of.lastDay() : of.end();
          world.world.move(customer, at(billed).plus(NIGHT));
        });
    checks.add(() -> changed(of, one, customer));
  }

  private void act(ChangeCase of, JsonNode one, String customer) {
    var id = world.subscription(customer);
    if (of.newPrice() != null) {
      SubscriptionTime.switchNow(world.world.database, id, plan(one, "b"));
    } else if (of.resume() == null) {
      SubscriptionTime.cancelNow(world.world.database, id);
    } else {
      SubscriptionTime.pause(world.world.database, id);
      world.world.move(customer, at(of.resume()));
      SubscriptionTime.resume(world.world.database, id);
    }
  }

  private void changed(ChangeCase of, JsonNode one, String customer) {
    JsonNode then = one.path("then");
    BigDecimal charge = BigDecimal.ZERO;
    BigDecimal credit = BigDecimal.ZERO;
    List<Issued> documents = world.world.of(customer);
    for (Issued each : documents.subList(1, documents.size())) {
      boolean isNote = InvoiceWorld.document(each).path("kind").asText().equals("credit_note");
      for (JsonNode line : InvoiceWorld.document(each).path("lines")) {
        BigDecimal net = new BigDecimal(line.path("net").asText());
        if (!Instant.parse(line.path("from").asText()).isBefore(at(of.end()))) {
          continue;
        }
        if (isNote || net.signum() < 0) {
          credit = credit.subtract(net.abs());
        } else {
          charge = charge.add(net);
        }
      }
    }
    if (of.adjusted() != null) {
      credit = credit.add(new BigDecimal(of.adjusted()));
    }
    if (of.resume() != null) {
      // All of the rest is credited, and charged again from the end of the pause on.
      credit = credit.add(charge);
    }
    if (then.has("credit")) {
      found.same(one, "credit", then.path("credit"), credit);
    }
    if (then.has("charge")) {
      found.same(one, "charge", then.path("charge"), charge);
    }
    if (then.has("lines")) {
      found.same(one, "credit", then.path("lines").get(0), credit);
      found.same(one, "charge", then.path("lines").get(1), charge);
    }
    for (String net : List.of("net", "total")) {
      if (then.has(net)) {
        found.same(one, net, then.path(net), charge.add(credit));
      }
    }
  }

  private void commitment(JsonNode one) {
    JsonNode given = one.path("given");
    JsonNode when = one.path("when");
    ObjectNode plan =
        CasePlan.inArrears(
            CasePlan.fee(plan(one, "a"), currency(one), "month", given.path("plan_fee").asText()));
    plan.put("commitment", given.path("minimum_commitment").asText());
    world.publish(plan);
    Instant start = at(when.path("start").asText());
    String customer = world.customer(plan(one, "a"), currency(one), "UTC", start, null);
    world.world.move(customer, at(when.at("/period/1").asText()).plus(NIGHT));
    checks.add(
        () -> {
          JsonNode then = one.path("then");
          List<JsonNode> lines = world.lines(customer);
          same(one, "plan_fee", then.path("plan_fee"), of(lines, "arrears"), 0);
          JsonNode trueUp = of(lines, "true_up").get(0);
          // The server takes no events of that year: without usage so much more is missing.
          BigDecimal used = new BigDecimal(when.path("usage_fees").asText());
          found.same(
              one,
              "true_up",
              then.path("true_up"),
              new BigDecimal(trueUp.path("net").asText()).subtract(used));
          found.text(
              one,
              "prorated_commitment",
              then.path("prorated_commitment").asText(),
              trueUp.at("/detail/prorated").asText());
        });
  }

  private static List<JsonNode> of(List<JsonNode> lines, String kind) {
    return lines.stream().filter(each -> each.path("kind").asText().equals(kind)).toList();
  }
}
