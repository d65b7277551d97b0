package io.billingsdk.server.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.reconcile.BilledWorld.UsedEvent;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reported, stored, rated and invoiced, with a planted difference of each kind. */
@Tag("postgres")
class ReconcileTest {
  private static final Instant IN_MARCH = Instant.parse("2026-03-20T10:00:00Z");
  private static final Instant APRIL = Instant.parse("2026-04-02T00:00:00Z");

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

  private JsonNode reconcile(String query) {
    Reply reply = world.http.get("/api/v1/reconciliation" + query);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private static Map<String, String> fates(JsonNode found) {
    Map<String, String> fates = new TreeMap<>();
    for (JsonNode month : found.path("usage")) {
      for (JsonNode part : month.path("parts")) {
        fates.put(
            month.path("appId").asText()
                + " "
                + month.path("month").asText().substring(0, 7)
                + " "
                + part.path("fate").asText(),
            part.path("events").asText() + "/" + part.path("usage").asText());
      }
    }
    return fates;
  }

  private List<String> differences() {
    List<String> found = new ArrayList<>();
    reconcile("").path("differences").forEach(each -> found.add(each.asText()));
    return found;
  }

  /** An event in each place that usage can be in. */
  private void everywhere() {
    world.customer("c", "metered");
    world.customer("t", "trial");
    world.customer("none", "");
    world.app("alien");
    world.use("c", IN_MARCH, "m", "150.5");
    world.use("c", IN_MARCH.plusSeconds(1), "m", "49.5");
    world.use("t", Instant.parse("2026-03-05T10:00:00Z"), "m", "1");
    world.use("none", IN_MARCH, "m", "2");
    world.use("alien", IN_MARCH, "m", "3");
    world.use("stranger", IN_MARCH, "m", "4");
    world.use("c", Instant.parse("2026-02-20T10:00:00Z"), "m", "5");
    Reply other =
        world.http.send(
            "POST",
            "/api/v1/events",
            "{\"keyId\":\"k_c\",\"module\":\"other\",\"model\":\"m\",\"usage\":\"7\",\"occurredAt\":\"2026-03-20T10:00:00Z\"}");
    assertThat(other.status()).isBetween(200, 299);
    world.move("c", APRIL);
    world.bill("c");
    world.use("c", APRIL, "m", "8");
    world.use("c", IN_MARCH.plusSeconds(2), "m", "9");
  }

  @Test
  void reconcile_withUsageEverywhere_namesEachRest() {
    everywhere();

    JsonNode all = reconcile("");
    assertThat(all.path("differences")).isEmpty();
    assertThat(all.path("explained").asBoolean()).isTrue();
    assertThat(fates(all))
        .containsEntry("c 2026-03 rated", "2/200")
        .containsEntry("c 2026-03 late", "1/9")
        .containsEntry("c 2026-03 not_priced", "1/7")
        .containsEntry("c 2026-04 running", "1/8")
        .containsEntry("c 2026-02 no_customer", "1/5")
        .containsEntry("t 2026-03 trial", "1/1")
        .containsEntry("none 2026-03 no_subscription", "1/2")
        .containsEntry("alien 2026-03 no_customer", "1/3")
        .containsEntry(" 2026-03 no_app", "1/4")
        .hasSize(9);
    assertThat(all.at("/streams/reported").asLong()).isEqualTo(10);
    assertThat(all.at("/streams/stored").asLong()).isEqualTo(10);
    // 100 x 0.05 + 100 x 0.013; 9 more of March cost 0.117.
    JsonNode amount = all.at("/amounts/0");
    assertThat(amount.path("rated").asText()).isEqualTo("6.30");
    assertThat(amount.path("invoiced").asText()).isEqualTo("6.30");
    assertThat(amount.path("late").asText()).isEqualTo("0.12");
  }

  @Test
  void reconcile_ofAMonthAndAnApp_hasNoOther() {
    everywhere();

    JsonNode found = reconcile("?month=2026-03&appId=c");
    assertThat(fates(found))
        .containsOnlyKeys("c 2026-03 rated", "c 2026-03 late", "c 2026-03 not_priced");
    assertThat(found.has("streams")).isFalse();
    assertThat(world.http.get("/api/v1/reconciliation?month=2026-13").status()).isEqualTo(400);
  }

  @Test
  void reconcile_withAPlantedDifferenceOfEachKind_namesIt() throws Exception {
    everywhere();
    assertThat(differences()).isEmpty();
    record Planted(String what, String change, String undo, String table) {}
    String event = "WHERE model = 'm' AND app_id = 'c' AND usage = 49.5";
    String line = "WHERE kind = 'usage' AND net = 6.30";
    List<Planted> all =
        List.of(
            new Planted(
                "the ledger comes to 6.30 EUR, the invoices have 6.29 EUR",
                "UPDATE invoice_line SET net = 6.29 " + line,
                "UPDATE invoice_line SET net = 6.30 WHERE kind = 'usage' AND net = 6.29",
                "invoice_line"),
            new Planted(
                "its row has net",
                "UPDATE invoice SET net = net + 1, taxable = taxable + 1, total = total + 1,"
                    + " due = due + 1",
                "UPDATE invoice SET net = net - 1, taxable = taxable - 1, total = total - 1,"
                    + " due = due - 1",
                "invoice"),
            new Planted(
                "model m: the events are 3 with usage 210, the rollups have 3 with usage 209",
                "UPDATE usage_event SET usage = 50.5 " + event,
                "UPDATE usage_event SET usage = 49.5 WHERE usage = 50.5",
                "usage_event"),
            new Planted(
                "the rollups have 4 with usage 209",
                "UPDATE usage_rollup_shard SET events = events + 1 WHERE app_id = 'c' AND usage ="
                    + " 200",
                "UPDATE usage_rollup_shard SET events = events - 1 WHERE app_id = 'c' AND usage ="
                    + " 200",
                "usage_rollup_shard"),
            new Planted(
                "have no identity",
                "INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, module, model,"
                    + " usage) SELECT occurred_at, stream_id, 1000, app_id, module, 'planted', 1"
                    + " FROM usage_event "
                    + event,
                "DELETE FROM usage_event WHERE model = 'planted'",
                "usage_event"),
            new Planted(
                "numbers came, and the ledger knows",
                "UPDATE stream SET highest_seq = highest_seq + 3 WHERE stream_id <> 0",
                "UPDATE stream SET highest_seq = highest_seq - 3 WHERE stream_id <> 0",
                "stream"),
            new Planted(
                "4 events with usage 216 are in a subscription, and in no time that is billed",
                "UPDATE invoice_span SET valid_from = valid_from + interval '25 days' WHERE number"
                    + " = 2",
                "UPDATE invoice_span SET valid_from = valid_from - interval '25 days' WHERE number"
                    + " = 2",
                "invoice_span"));
    int named = 0;
    for (Planted each : all) {
      world.owner(each.change(), each.table());
      assertThat(differences())
          .as(each.change())
          .anySatisfy(difference -> assertThat(difference).contains(each.what()));
      named++;
      world.owner(each.undo(), each.table());
      assertThat(differences()).as(each.undo()).isEmpty();
    }
    Proof.of("reconcile-planted").with("planted", all.size()).with("named", named).print();
  }

  @Test
  void reconcile_overManyEvents_explainsAllOfThem() {
    int events = "release".equals(System.getProperty("size")) ? 1_000_000 : 50_000;
    long seed = 17;
    Random random = new Random(seed);
    List<String> plans = List.of("metered", "modelled", "trial", "");
    for (int i = 0; i < 12; i++) {
      world.customer("c" + i, plans.get(i % 4));
    }
    world.app("c12");
    for (int part = 0; part < 3; part++) {
      use(random, events / 3);
      // The first part arrives before the first invoice, the others are partly late.
      Instant now = Instant.parse("2026-0" + (4 + part) + "-02T00:00:00Z");
      for (int i = 0; i < 12; i++) {
        world.move("c" + i, now);
      }
      world.bill("c0");
    }
    use(random, events - 3 * (events / 3));
    long begun = System.nanoTime();
    JsonNode found = reconcile("");
    long millis = (System.nanoTime() - begun) / 1_000_000;
    assertThat(found.path("differences")).isEmpty();
    long inParts = 0;
    for (JsonNode month : found.path("usage")) {
      for (JsonNode part : month.path("parts")) {
        inParts += part.path("events").asLong();
      }
    }
    assertThat(inParts).isEqualTo(events);
    assertThat(found.at("/streams/reported").asLong()).isEqualTo(events);
    JsonNode euro = found.at("/amounts/0");
    assertThat(new BigDecimal(euro.path("rated").asText()))
        .isPositive()
        .isEqualByComparingTo(euro.path("invoiced").asText());
    Proof.sized("reconcile", events, 1_000_000)
        .with("events", events)
        .with("invoices", world.http.get("/api/v1/invoices?limit=1000").json().path("items").size())
        .with("rated", euro.path("rated").asText())
        .with("invoiced", euro.path("invoiced").asText())
        .with("late", euro.path("late").asText())
        .with("unexplained", 0)
        .with("seed", seed)
        .with("ms", millis)
        .print();
  }

  /** Over three months, of all customers, and of an app of no customer. */
  private void use(Random random, int events) {
    List<String> models = List.of("m0", "m1", "m2");
    List<UsedEvent> all = new ArrayList<>(events);
    for (int i = 0; i < events; i++) {
      all.add(
          new UsedEvent(
              "c" + random.nextInt(13),
              BilledWorld.START
                  .minus(Duration.ofDays(2))
                  .plusSeconds(random.nextInt((int) Duration.ofDays(90).toSeconds())),
              models.get(random.nextInt(3)),
              BigDecimal.valueOf(random.nextInt(10, 4_000), 1)));
    }
    world.append(all);
  }
}
