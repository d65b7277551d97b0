package io.billingsdk.server.anomalies;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.performance.RebuiltSums;
import io.billingsdk.server.reconcile.BilledWorld;
import io.billingsdk.server.reconcile.BilledWorld.UsedEvent;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Incidents of usage and cost, by a clock that the test moves. */
@Tag("postgres")
class AnomalyWatchTest {
  private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");
  private static final int DAYS = 70;

  /** On a Monday. */
  private static final int EVENT = 63;

  private static final String COSTS =
      """
      SELECT ensure_cost_partition(at) FROM generate_series(timestamptz '2026-03-01 00:00Z',
        timestamptz '2026-06-01 00:00Z', interval '1 month') AS at;
      INSERT INTO cost (at, stream_id, seq, revision, app_id, service, model, operation, prompt,
        state, amount, currency, quantity, unit, input_tokens, cached_tokens, output_tokens, usage,
        adapter, service_tier, catalogue, rated_at)
      SELECT day + interval '1 hour', 1, row_number() OVER (), 1, 'a', 'llm', 'm', 'o', false,
        'priced', %2$s, 'USD', 100, 'tokens', 0, 0, 0, '{}', 'a', 'standard', 'c', now()
      FROM generate_series(timestamptz '%1$s', timestamptz '%1$s' + interval '69 days',
        interval '1 day') AS day
      """;

  @TempDir Path directory;

  private final long seed = Long.getLong("anomaly.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private BilledWorld world;

  @BeforeEach
  void start() {
    world = new BilledWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void run(Instant now) {
    new WatchRun(world.database(), now).run();
  }

  private static Instant day(int number) {
    return BEGIN.plus(Duration.ofDays(number));
  }

  /** Two models a day, with some noise; on one day the second model is another one by a factor. */
  private List<UsedEvent> days(String app, String factor) {
    world.app(app);
    List<UsedEvent> events = new ArrayList<>();
    for (int day = 0; day < DAYS; day++) {
      BigDecimal one = BigDecimal.valueOf(950L + random.nextInt(100), 1);
      BigDecimal other = BigDecimal.valueOf(950L + random.nextInt(100), 1);
      BigDecimal times = day == EVENT ? new BigDecimal(factor) : BigDecimal.ONE;
      Instant at = day(day).plus(Duration.ofHours(9));
      events.add(new UsedEvent(app, at, "m1", one));
      events.add(new UsedEvent(app, at.plusSeconds(1), "m2", other.multiply(times)));
    }
    return events;
  }

  private long count(String sql) throws SQLException {
    return world.http().world().count("SELECT count(*) FROM " + sql);
  }

  /** Of an app, or of the cost of the service. */
  private long notices(String kind, String name) throws SQLException {
    String series =
        name.equals("llm") ? "cost in USD of the service llm" : "usage of the app " + name;
    return count(
        "outbox_event WHERE kind = '%s' AND payload->>'series' = '%s, by day'"
            .formatted(kind, series));
  }

  private JsonNode listed(String name) {
    Reply reply = world.http().get("/api/v1/anomalies?limit=200");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    for (JsonNode each : reply.json().path("items")) {
      boolean isMeant =
          name.equals("llm")
              ? each.path("measure").asText().equals("cost")
              : each.path("by").asText().equals("app");
      if (isMeant
          && each.path("name").asText().equals(name)
          && each.path("size").asText().equals("day")) {
        return each;
      }
    }
    throw new AssertionError("no incident of " + name + ": " + reply.body());
  }

  private Reply expect(JsonNode incident) {
    return world
        .http()
        .send(
            "POST",
            "/api/v1/anomalies/" + incident.path("id").asText() + "/expected",
            "{\"reason\":\"a campaign\"}");
  }

  @Test
  void incidents_ofSpikesDropsAndPrices_haveOneAlertAndOneResolve() throws SQLException {
    List<UsedEvent> events = new ArrayList<>();
    events.addAll(days("spike", "4"));
    events.addAll(days("drop", "-0.9"));
    events.addAll(days("campaign", "4"));
    events.addAll(days("usual", "1"));
    world.append(events.stream().filter(each -> each.usage().signum() > 0).toList());
    String amount =
        "CASE WHEN day = timestamptz '%s' THEN 31.0 ELSE 10.0 + extract(day FROM day) / 60 END"
            .formatted(day(EVENT));
    world.http().world().execute(COSTS.formatted(BEGIN, amount));
    assertThat(RebuiltSums.in(world.http().world())).isPositive();

    // The first run judges the last closed day alone.
    run(day(EVENT - 1).plus(Duration.ofHours(1)));
    assertThat(count("outbox_event WHERE kind LIKE 'anomaly.%'")).isZero();
    run(day(EVENT).plus(Duration.ofHours(20)));
    // Too much is found at once; nobody gets an alert while the day is open.
    assertThat(listed("spike").path("state").asText()).isEqualTo("provisional");
    assertThat(notices("anomaly.detected", "spike")).isZero();
    Instant closed = day(EVENT + 1).plus(Duration.ofMinutes(20));
    run(closed);
    run(closed.plus(Duration.ofMinutes(10)));

    JsonNode spike = listed("spike");
    assertThat(spike.path("state").asText()).isEqualTo("confirmed");
    assertThat(spike.path("direction").asText()).isEqualTo("up");
    assertThat(spike.at("/causes/0/where/model").asText()).isEqualTo("m2");
    assertThat(listed("drop").path("direction").asText()).isEqualTo("down");
    JsonNode cost = listed("llm");
    // The same quantity at three times the price.
    assertThat(new BigDecimal(cost.at("/causes/0/quantityEffect").asText())).isZero();
    assertThat(cost.at("/causes/0/priceEffect").asText())
        .isEqualTo(cost.at("/causes/0/change").asText());

    JsonNode campaign = listed("campaign");
    assertThat(expect(campaign).json().path("state").asText()).isEqualTo("expected");
    assertThat(expect(campaign).status()).isEqualTo(200);
    assertThat(notices("anomaly.resolved", "campaign")).isEqualTo(1);

    for (int day = EVENT + 2; day < DAYS; day++) {
      run(day(day).plus(Duration.ofMinutes(20)));
    }
    long alerts = 0;
    long resolves = 0;
    for (String each : List.of("spike", "drop", "campaign", "llm")) {
      assertThat(notices("anomaly.detected", each)).as("seed %d %s", seed, each).isEqualTo(1);
      assertThat(notices("anomaly.resolved", each)).as("seed %d %s", seed, each).isEqualTo(1);
      assertThat(listed(each).path("state").asText()).isEqualTo("resolved");
      alerts++;
      resolves++;
    }
    assertThat(expect(campaign).status()).isEqualTo(409);
    long usual = notices("anomaly.detected", "usual");
    // Keys and the service have the same spikes: they are part of those of the apps.
    assertThat(count("outbox_event WHERE kind = 'anomaly.detected'")).isEqualTo(alerts);
    assertThat(count("anomaly_incident WHERE part_of IS NOT NULL")).isGreaterThanOrEqualTo(3);
    Proof.of("anomaly-incidents")
        .with("incidents", 4)
        .with("alerts", alerts)
        .with("resolves", resolves)
        .with("runs", DAYS - EVENT + 2)
        .with("cause_first", 2)
        .with("alerts_of_usual", usual)
        .with("audited", count("audit_log WHERE action = 'anomaly.expect'"))
        .with("seed", seed)
        .print();
    assertThat(usual).isZero();
  }

  @Test
  void hours_withASpike_areFoundWhenTheHourIsClosed() throws SQLException {
    world.app("hourly");
    List<UsedEvent> events = new ArrayList<>();
    for (int hour = 0; hour < 40 * 24; hour++) {
      long usage = (hour % 24 < 8 ? 500L : 1_000L) + random.nextInt(50);
      boolean isSpike = hour == 30 * 24 + 10;
      events.add(
          new UsedEvent(
              "hourly",
              BEGIN.plus(Duration.ofHours(hour)).plusSeconds(60),
              "m",
              BigDecimal.valueOf(isSpike ? usage * 5 : usage)));
    }
    world.append(events);
    Instant spike = day(30).plus(Duration.ofHours(10));
    String alerts = "outbox_event WHERE kind = '%s' AND payload->>'series' LIKE '%%by hour'";
    run(spike.plus(Duration.ofMinutes(20)));
    run(spike.plus(Duration.ofMinutes(70)));
    // The grace is not over.
    assertThat(count(alerts.formatted("anomaly.detected"))).isZero();
    run(spike.plus(Duration.ofMinutes(80)));
    assertThat(count(alerts.formatted("anomaly.detected"))).as("seed %d", seed).isEqualTo(1);
    run(spike.plus(Duration.ofHours(5)));
    assertThat(count(alerts.formatted("anomaly.detected"))).isEqualTo(1);
    assertThat(count(alerts.formatted("anomaly.resolved"))).isEqualTo(1);
  }
}
