package io.billingsdk.server.margin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.reconcile.BilledWorld;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prices less costs of a month of three customers. */
@Tag("postgres")
class MarginTest {
  private static final Instant APRIL = Instant.parse("2026-04-02T00:00:00Z");
  private static final Instant MAY = Instant.parse("2026-05-02T00:00:00Z");

  @TempDir Path directory;

  private BilledWorld world;

  @BeforeEach
  void start() {
    world = new BilledWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private JsonNode margin(String more) {
    Reply reply =
        world
            .http()
            .send(
                "POST",
                "/api/v1/margin",
                "{\"month\":\"2026-03\",\"testClocks\":true" + more + "}");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private static String costs(String currency) {
    return ",\"currency\":\"%s\",\"costs\":[{\"module\":\"llm\",\"model\":\"m\",\"perUnit\":\"0.01\"},"
            .formatted(currency)
        + "{\"module\":\"llm\",\"model\":\"m1\",\"perUnit\":\"0.0000005\"}]";
  }

  private static String amounts(JsonNode amounts) {
    return "%s - %s = %s, %s"
        .formatted(
            amounts.path("price").asText(),
            amounts.path("cost").asText(),
            amounts.path("margin").asText(),
            amounts.path("complete").asBoolean() ? "complete" : "incomplete");
  }

  private void march() {
    world.customer("c", "metered");
    world.customer("d", "modelled");
    world.customer("none", "");
    world.use("c", Instant.parse("2026-03-10T10:30:00Z"), "m", "200");
    world.use("c", Instant.parse("2026-03-11T10:30:00Z"), "z", "10");
    // In Berlin already April.
    world.use("c", Instant.parse("2026-03-31T22:30:00Z"), "m", "1000");
    world.use("d", Instant.parse("2026-03-03T00:00:00Z"), "m1", "100");
    world.use("none", Instant.parse("2026-03-03T00:00:00Z"), "m", "7");
    for (String each : List.of("c", "d")) {
      world.move(each, APRIL);
      world.bill(each);
    }
  }

  @Test
  void margin_ofAMonth_isByCustomerLineAndModel_andTheirSumsAgree() {
    march();
    JsonNode found = margin(costs("EUR"));
    // 29, and of 210 tokens 5 and 1.43; 200 x 0.01. Nobody knows what z costs.
    assertThat(amounts(found.at("/customers/0/amounts")))
        .isEqualTo("35.43 - 2.00 = 33.43, incomplete");
    assertThat(found.at("/customers/0/amounts/percent").asText()).isEqualTo("94.36");
    // A call for 0.30, a peak of 100 for 0.10, and 19.60 to the commitment of 20.
    assertThat(amounts(found.at("/customers/1/amounts")))
        .isEqualTo("20.00 - 0.00005 = 19.99995, complete");
    // No invoice, and still a cost.
    assertThat(found.at("/customers/2/customerId").asText()).isEqualTo("none");
    assertThat(amounts(found.at("/customers/2/amounts")))
        .isEqualTo("0.00 - 0.07 = -0.07, complete");
    assertThat(amounts(found.at("/sums/0"))).isEqualTo("55.43 - 2.07005 = 53.35995, incomplete");
    assertThat(found.at("/unknown").toString())
        .contains("\"model\":\"z\"", "\"usage\":\"10\"", "it has no cost");
    assertThat(found.path("unknown")).hasSize(1);
    for (String part : List.of("customers", "lines", "models")) {
      BigDecimal margin = BigDecimal.ZERO;
      for (JsonNode each : found.path(part)) {
        margin = margin.add(new BigDecimal(each.at("/amounts/margin").asText()));
      }
      assertThat(margin).as(part).isEqualByComparingTo("53.35995");
    }
    // 6.43 by 200 and 10.
    assertThat(model(found, "m")).isEqualTo("6.12 - 2.07 = 4.05, complete");
    assertThat(model(found, "z")).isEqualTo("0.31 - 0.00 = 0.31, incomplete");
    assertThat(line(found, "metered", "tokens")).isEqualTo("6.43 - 2.00 = 4.43, incomplete");
    assertThat(line(found, "metered", "base")).isEqualTo("29.00 - 0.00 = 29.00, complete");
    // Two charges of d read the call: the first one bears the cost.
    assertThat(line(found, "modelled", "calls")).isEqualTo("0.30 - 0.00005 = 0.29995, complete");
    assertThat(line(found, "modelled", "peak")).isEqualTo("0.10 - 0.00 = 0.10, complete");
    assertThat(line(found, "", "")).isEqualTo("0.00 - 0.07 = -0.07, complete");
  }

  @Test
  void margin_withLateUsage_hasItsPriceAndItsCostInTheMonthOfUse() {
    march();
    world.use("c", Instant.parse("2026-03-20T00:00:00Z"), "m", "100");
    world.move("c", MAY);
    world.bill("c");
    JsonNode found = margin(costs("EUR") + ",\"customerId\":\"c\"");
    assertThat(amounts(found.at("/customers/0/amounts")))
        .isEqualTo("36.73 - 3.00 = 33.73, incomplete");
  }

  @Test
  void margin_inAnotherCurrency_isNotReckoned_andSaysSo() {
    march();
    JsonNode found = margin(costs("USD") + ",\"customerId\":\"d\"");
    assertThat(amounts(found.at("/sums/0"))).isEqualTo("20.00 - 0.00 = 20.00, incomplete");
    assertThat(found.at("/unknown/0/reason").asText())
        .isEqualTo("the price is in EUR, the cost is not");
  }

  @Test
  void margin_withoutCosts_isRefused_andWithAWrongOneToo() {
    assertThat(field("{\"month\":\"2026-03\"}")).isEqualTo("costs");
    assertThat(field("{\"month\":\"2026-3\",\"currency\":\"EUR\",\"costs\":[]}"))
        .isEqualTo("month");
    assertThat(field("{\"month\":\"2026-03\",\"currency\":\"XXX\",\"costs\":[]}"))
        .isEqualTo("currency");
    assertThat(
            field(
                "{\"month\":\"2026-03\",\"currency\":\"EUR\","
                    + "\"costs\":[{\"module\":\"m\",\"perUnit\":\"-1\"}]}"))
        .isEqualTo("costs[0].perUnit");
  }

  private String field(String body) {
    Reply reply = world.http().send("POST", "/api/v1/margin", body);
    assertThat(reply.status()).isEqualTo(400);
    return reply.json().path("field").asText();
  }

  private static String model(JsonNode found, String model) {
    for (JsonNode each : found.path("models")) {
      if (each.path("model").asText().equals(model)) {
        return amounts(each.path("amounts"));
      }
    }
    throw new AssertionError("no model " + model);
  }

  private static String line(JsonNode found, String plan, String charge) {
    for (JsonNode each : found.path("lines")) {
      if (each.path("plan").asText().equals(plan) && each.path("charge").asText().equals(charge)) {
        return amounts(each.path("amounts"));
      }
    }
    throw new AssertionError("no line " + plan + "/" + charge);
  }
}
