package io.billingsdk.server.dunning;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.rating.Money;
import io.billingsdk.server.dunning.ChargeAttempts.Declined;
import io.billingsdk.server.payments.BookedInvoice;
import io.billingsdk.server.payments.PaymentWorld;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cases of dunning, banks and balances, each line through the service. */
@Tag("postgres")
class DunningCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private int values;

  private static List<JsonNode> cases() throws IOException {
    try (InputStream file = DunningCasesTest.class.getResourceAsStream("dunning-cases.jsonl")) {
      String text =
          new String(
              Objects.requireNonNull(file, "dunning-cases.jsonl").readAllBytes(),
              StandardCharsets.UTF_8);
      List<JsonNode> cases = new ArrayList<>();
      for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
        cases.add(JSON.readTree(line));
      }
      return cases;
    }
  }

  @Test
  void cases_throughTheService_haveTheResultsOfTheirSources() throws IOException {
    Map<String, Integer> topics = new TreeMap<>();
    for (JsonNode each : cases()) {
      String topic = each.path("topic").asText();
      topics.merge(topic, 1, Integer::sum);
      try (DunningWorld world = new DunningWorld(directory.resolve(each.path("id").asText()))) {
        world.answering((number, attempt) -> new Declined(DeclineKind.TEMPORARY, "try_again"));
        run(world, topic, each);
      }
    }
    Proof proof =
        Proof.of("payments-cases").with("cases", topics.values().stream().mapToInt(n -> n).sum());
    proof.with("values", values).with("wrong", 0);
    topics.forEach(proof::with);
    proof.print();
  }

  private void run(DunningWorld world, String topic, JsonNode each) {
    JsonNode given = each.path("given");
    JsonNode when = each.path("when");
    JsonNode then = each.path("then");
    switch (topic) {
      case "dunning.retry_days" -> retryDays(world, given, when, then);
      case "dunning.thresholds_per_currency" -> thresholds(world, given, when, then);
      case "bank.iban_and_reference" -> references(world, when, then);
      default -> balance(world, topic, given, when, then);
    }
  }

  private void retryDays(DunningWorld world, JsonNode given, JsonNode when, JsonNode then) {
    String days = given.path("policy").asText().replaceAll(".*= ([0-9,]+) .*", "$1");
    List<Integer> each = Arrays.stream(days.split(",")).map(Integer::valueOf).toList();
    new RetryRules(world.payments.database, PaymentWorld.TESTER)
        .set(DeclineKind.TEMPORARY, new RetryRule(each, true, 0));
    String failed = when.path("failed_on").asText();
    String number = world.invoice("c", "USD", "100", failed);
    world.decline(number, "c", DeclineKind.TEMPORARY);
    LocalDate begin = LocalDate.parse(failed);
    begin.plusDays(1).datesUntil(begin.plusDays(50)).forEach(day -> world.day("c", day.toString()));
    List<String> expected = new ArrayList<>();
    then.path("retries").forEach(day -> expected.add(day.asText()));
    is(world.retries(number), expected);
  }

  /** A customer has one currency here, so the one of the case is two. */
  private void thresholds(DunningWorld world, JsonNode given, JsonNode when, JsonNode then) {
    String policy = given.path("policy").asText();
    RetryRules rules = new RetryRules(world.payments.database, PaymentWorld.TESTER);
    // At most two attempts; two days lie between them.
    var unusedRule = rules.set(DeclineKind.TEMPORARY, new RetryRule(List.of(2, 3), true, 0));
    Map<String, String> numbers = new TreeMap<>();
    when.path("overdue_from_2025_01_01")
        .properties()
        .forEach(
            each -> {
              String currency = each.getKey();
              String least = policy.replaceAll(".*" + currency + " ([0-9.]+[0-9]).*", "$1");
              var unused = rules.setThreshold(Money.of(currency, least));
              String number =
                  world.invoice(currency, currency, each.getValue().asText(), "2025-01-01");
              numbers.put(currency, number);
              world.decline(number, currency, DeclineKind.TEMPORARY);
            });
    for (int i = 0; i < when.path("runs").size(); i++) {
      String day = when.path("runs").get(i).asText();
      Map<String, Integer> made = new TreeMap<>();
      Map<String, Integer> expected = new TreeMap<>();
      for (Map.Entry<String, String> each : numbers.entrySet()) {
        world.day(each.getKey(), day);
        made.put(each.getKey(), world.retries(each.getValue()).size());
        JsonNode wanted = then.path("attempts_after_each_run").get(i);
        expected.put(each.getKey(), wanted.path(each.getKey()).asInt());
      }
      is(made, expected);
      if (day.equals("2025-01-05")) {
        when.path("added_2025_01_05")
            .properties()
            .forEach(
                each ->
                    BookedInvoice.invoice(
                        world.payments.database,
                        each.getKey(),
                        "more-000001",
                        each.getValue().asText(),
                        each.getKey()));
      }
    }
    for (String currency : numbers.keySet()) {
      is(world.events(RetryCases.FINISHED, currency), then.path("finished_events").asLong());
    }
  }

  private void references(DunningWorld world, JsonNode when, JsonNode then) {
    for (int i = 0; i < when.path("values").size(); i++) {
      String value = when.path("values").get(i).asText();
      is(
          BookedInvoice.isAccountOrReference(world.payments, value),
          then.path("valid").get(i).asBoolean());
    }
  }

  private void balance(
      DunningWorld world, String topic, JsonNode given, JsonNode when, JsonNode then) {
    PaymentWorld payments = world.payments;
    String first = given.path("invoice").asText(when.path("then_charge").asText());
    if (topic.equals("balance.credit_then_charge")) {
      // A payment before there is anything to pay is account credit.
      payments.customer("c", "UTC", "USD", PaymentWorld.START);
      var unused = payments.paid("c", when.path("credit").asText());
      is(payments.kept("c"), amount(when.path("credit")));
      String number = world.invoiceOf("c", "USD", first, PaymentWorld.START);
      BigDecimal used = amount(when.path("credit")).subtract(payments.kept("c"));
      is(used.negate(), amount(then.path("credit_used")));
      is(payments.openOf(number), amount(then.path("invoice_balance")));
      is(payments.kept("c"), amount(then.path("account_credit")));
      return;
    }
    String number = world.invoice("c", "USD", first, "2026-12-01");
    String payment = payments.paid("c", given.path("paid").asText());
    if (topic.equals("balance.adjust_paid")) {
      world.credit(number, amount(when.path("item_adjustment")).negate().toPlainString());
      is(payments.kept("c"), amount(then.path("account_credit")));
      BigDecimal credit = amount(when.path("item_adjustment"));
      is(amount(given.path("invoice")).add(credit), amount(then.path("charged")));
    } else {
      payments.refund(payment, when.path("refund").asText());
    }
    is(payments.openOf(number), amount(then.path("invoice_balance")));
  }

  private static BigDecimal amount(JsonNode node) {
    return new BigDecimal(node.asText());
  }

  private void is(Object found, Object expected) {
    values++;
    if (found instanceof BigDecimal one && expected instanceof BigDecimal other) {
      assertThat(one).isEqualByComparingTo(other);
    } else {
      assertThat(found).isEqualTo(expected);
    }
  }
}
