package io.billingsdk.server.tax;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a return says is what the documents say. */
@Tag("postgres")
class TaxReturnTest {
  private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");
  private static final Instant JULY = Instant.parse("2026-07-02T00:00:00Z");
  private static final Instant AUGUST = Instant.parse("2026-08-02T00:00:00Z");
  private static final String[] PLACES = {"FR", "EE", "FI", "IT", "US", "GB", "DE", "RO"};

  @TempDir Path directory;

  @Test
  void taxReturn_ofAQuarterAndAMonth_isTheSumOfTheDocuments() throws Exception {
    long seed = Long.getLong("tax.seed", System.nanoTime());
    System.out.println("tax-returns seed=" + seed);
    Random random = new Random(seed);
    try (TaxWorld world = new TaxWorld(directory)) {
      world.seller("fr", "FR");
      world.register("fr", "vat", "FR", "FR40303265045", "2026-01-01");
      world.register("fr", "oss", "FR", "FR40303265045", "2026-01-01");
      world.plan("eur", "EUR", "29", "0.0137", JUNE.minusSeconds(1));
      world.plan("usd", "USD", "31", "0.0137", JUNE.minusSeconds(1));
      world.rates("2026-12-03");
      rates(world);
      List<JsonNode> documents = new ArrayList<>();
      for (int i = 0; i < PLACES.length; i++) {
        documents.addAll(used(world, "c" + i, PLACES[i], i % 2 == 0 ? "eur" : "usd", random));
      }
      int rows =
          compare(world, "quarter=2026-Q3", "2026-07-01", "2026-10-01", documents)
              + compare(world, "month=2026-06", "2026-06-01", "2026-07-01", documents);
      assertThat(world.get("/tax/returns?sellerId=fr&quarter=2026-Q3").path("items")).isEmpty();
      Proof.of("tax-returns")
          .with("documents", documents.size())
          .with("credit_notes", documents.stream().filter(TaxReturnTest::isCredit).count())
          .with("rows", rows)
          .with("differences", 0)
          .with("seed", seed)
          .print();
    }
  }

  private static void rates(TaxWorld world) throws Exception {
    Reply imported =
        world.file(
            "/tax/exchange-rates",
            """
            day,base,quote,rate,source
            2026-05-30,EUR,USD,1.1339,ECB
            2026-07-01,EUR,USD,1.181,ECB
            2026-08-01,EUR,USD,1.1404,ECB
            """);
    assertThat(imported.status()).as(imported.body()).isEqualTo(200);
  }

  /** Two months of use; the first one is corrected in the second one. */
  private static List<JsonNode> used(
      TaxWorld world, String customer, String place, String plan, Random random) {
    String currency = plan.equals("eur") ? "EUR" : "USD";
    world.customer(customer, "fr", currency, place, null, JUNE);
    world.subscribe(customer, plan);
    Instant used = JUNE.plusSeconds(86_400L * (1 + random.nextInt(20)));
    world.use(customer, used, Integer.toString(1 + random.nextInt(100_000)));
    world.move(customer, JULY);
    world.correct(customer, used, "0");
    world.move(customer, AUGUST);
    world.verify(customer);
    return world.documents(customer);
  }

  private static boolean isCredit(JsonNode document) {
    return document.path("kind").asText().equals("credit_note");
  }

  private static int compare(
      TaxWorld world, String period, String from, String to, List<JsonNode> documents) {
    Map<String, BigDecimal> expected = new TreeMap<>();
    for (JsonNode each : documents) {
      String day = each.path("issueDate").asText();
      if (day.compareTo(from) >= 0 && day.compareTo(to) < 0) {
        BigDecimal sign = isCredit(each) ? BigDecimal.ONE.negate() : BigDecimal.ONE;
        String currency = each.path("currency").asText();
        add(expected, "base " + currency, sign, each.at("/totals/taxable"));
        add(expected, "tax " + currency, sign, each.at("/totals/tax"));
        add(expected, "accounting tax of " + currency, sign, each.at("/accounting/tax"));
        each.path("taxes")
            .forEach(
                group ->
                    add(
                        expected,
                        "rate " + group.path("percent").asText() + " " + currency,
                        sign,
                        group.path("tax")));
      }
    }
    JsonNode items = world.get("/tax/returns?sellerId=fr&testClocks=true&" + period).path("items");
    Map<String, BigDecimal> returned = new TreeMap<>();
    for (JsonNode row : items) {
      String currency = row.path("currency").asText();
      add(returned, "base " + currency, BigDecimal.ONE, row.path("base"));
      add(returned, "tax " + currency, BigDecimal.ONE, row.path("tax"));
      add(returned, "accounting tax of " + currency, BigDecimal.ONE, row.path("accountingTax"));
      add(
          returned,
          "rate " + row.path("percent").asText() + " " + currency,
          BigDecimal.ONE,
          row.path("tax"));
    }
    assertThat(returned).isEqualTo(expected);
    String csv =
        world
            .http
            .get("/api/v1/tax/returns?sellerId=fr&testClocks=true&format=csv&" + period)
            .body();
    assertThat(csv.lines().count()).isEqualTo(items.size() + 1L);
    return items.size();
  }

  private static void add(
      Map<String, BigDecimal> sums, String name, BigDecimal sign, JsonNode amount) {
    BigDecimal value =
        amount.isTextual() ? new BigDecimal(amount.asText()).multiply(sign) : BigDecimal.ZERO;
    sums.merge(name, value.setScale(2), BigDecimal::add);
  }
}
