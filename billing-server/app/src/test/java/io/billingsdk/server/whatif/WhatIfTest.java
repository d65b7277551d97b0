package io.billingsdk.server.whatif;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.reconcile.BilledWorld;
import io.billingsdk.server.reconcile.BilledWorld.UsedEvent;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another price list over usage of some months. */
@Tag("postgres")
class WhatIfTest {
  private static final String FILE =
      """
      {"meters": [{"slug": "all", "unit": "call", "value": "one", "aggregation": "count"}],
       "plans": [{"plan": "%s", "name": "Other", "currency": "%s", "interval": "month",
        "entitlements": {"models": "all"}, "charges": [
         {"id": "base", "name": "Base", "kind": "flatInAdvance", "price": {"model": "flat", "amount": "10"}},
         {"id": "calls", "name": "Calls", "kind": "metered", "meter": "all", "dimension": "model",
          "price": {"model": "unit", "price": "1"}, "prices": {"m": {"model": "unit", "price": "2.5"}}}]}]}
      """;

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

  private JsonNode price(String file, String more) {
    Reply reply = world.http().send("POST", "/api/v1/what-if", "{\"file\":" + file + more + "}");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  @Test
  void price_ofTwoCustomers_isThatOfThePlanFile_besideThePlansTheyHave() {
    world.customer("c", "metered");
    world.customer("d", "modelled");
    world.customer("none", "");
    world.use("c", Instant.parse("2026-03-10T10:30:00Z"), "m", "200");
    JsonNode zero = world.use("c", Instant.parse("2026-03-11T10:30:00Z"), "m", "1");
    world.use("c", Instant.parse("2026-03-12T10:30:00Z"), "x", "50");
    world.correct(zero, Instant.parse("2026-03-11T10:30:00Z"), "0");
    // In Berlin already May.
    world.use("c", Instant.parse("2026-04-30T22:30:00Z"), "m", "1");
    world.use("d", Instant.parse("2026-04-03T00:00:00Z"), "m1", "100");
    for (String each : List.of("c", "d", "none")) {
      world.move(each, Instant.parse("2026-05-02T00:00:00Z"));
    }

    JsonNode found = price(FILE.formatted("other", "EUR"), "");
    JsonNode c = found.at("/customers/0");
    assertThat(c.path("months").asInt()).isEqualTo(2);
    // 2 x 29, and 5 + 150 x 0.013 of March.
    assertThat(c.path("now").asText()).isEqualTo("64.95");
    // 2 x 10, and 2.5 + 1.
    assertThat(c.path("then").asText()).isEqualTo("23.50");
    assertThat(c.path("difference").asText()).isEqualTo("-41.45");
    // The commitment of 20 each month; 10 each month and one call.
    assertThat(found.at("/customers/1/now").asText()).isEqualTo("40.00");
    assertThat(found.at("/customers/1/then").asText()).isEqualTo("21.00");
    assertThat(found.at("/customers/2/reason").asText()).contains("has no subscription");
    assertThat(found.at("/sums/0/then").asText()).isEqualTo("44.50");
    assertThat(found.path("priced").asInt()).isEqualTo(4);

    assertThat(
            price(FILE.formatted("other", "USD"), ",\"customerId\":\"c\",\"months\":1")
                .at("/customers/0/reason")
                .asText())
        .contains("the plan of the file is in USD, not EUR");
    assertThat(
            world
                .http()
                .send("POST", "/api/v1/what-if", "{\"file\":{\"plans\":[]},\"months\":12}")
                .status())
        .isEqualTo(400);
  }

  @Test
  void price_ofManyCustomersAndMonths_readsTheRollupsOnceForEachCharge() {
    int customers = "release".equals(System.getProperty("size")) ? 2_000 : 100;
    int perMonth = 10;
    List<UsedEvent> events = new ArrayList<>();
    Actor tester = new Actor("tester");
    Instant begin = Instant.parse("2025-11-30T23:00:00Z");
    for (int i = 0; i < customers; i++) {
      String id = "w" + i;
      new Customers(world.database(), tester)
          .create(
              NewCustomer.of(id, id, "EUR", "Europe/Berlin")
                  .withTestClock(Instant.parse("2026-12-02T00:00:00Z")));
      new KeyAdmin(world.database(), null, tester).createApp(id, id);
      new Customers(world.database(), tester).assign(id, id, begin);
      SubscriptionTime.start(world.database(), id, "metered");
      for (int month = 0; month < 12; month++) {
        for (int n = 0; n < perMonth; n++) {
          events.add(
              new UsedEvent(
                  id,
                  begin.plusSeconds(2_592_000L * month + 86_400L * n + 3_600L * (i % 20)),
                  "m" + n % 2,
                  BigDecimal.TEN));
        }
      }
    }
    world.append(events);
    long begun = System.nanoTime();
    JsonNode found = price(FILE.formatted("other", "EUR"), "");
    long millis = (System.nanoTime() - begun) / 1_000_000;
    assertThat(found.path("priced").asInt()).isEqualTo(customers * 12);
    // Each event is one call of a model without a price of its own.
    assertThat(found.at("/sums/0/then").asText())
        .isEqualTo(
            BigDecimal.valueOf(customers * 12L * (10 + perMonth)).setScale(2).toPlainString());
    Proof.of("what-if-speed")
        .with("customers", customers)
        .with("months", 12)
        .with("rows", events.size())
        .with("ms", millis)
        .with("seconds", BigDecimal.valueOf(millis, 3))
        .print();
  }
}
