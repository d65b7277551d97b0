package io.billingsdk.server.anomalies;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.reconcile.BilledWorld;
import io.billingsdk.server.reconcile.BilledWorld.UsedEvent;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Usage is watched by app, service, customer, key and meter; people hear of an incident once. */
@Tag("postgres")
class AnomalyDimensionsTest {
  /** Watched by name, of a dimension: fewer than usual, since each of them takes its time. */
  private static final int MOST = 20;

  private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");

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

  private static Instant day(int number) {
    return BEGIN.plus(Duration.ofDays(number));
  }

  /** Looks twenty minutes after the end of a day. */
  private void look(int day) {
    new WatchRun(world.database(), day(day + 1).plus(Duration.ofMinutes(20)), MOST).run();
  }

  /** An event of a day, with noise. */
  private UsedEvent used(String app, int day, double usual, double noise) {
    double usage = usual * (1 + noise * (2 * random.nextDouble() - 1));
    return new UsedEvent(
        app,
        day(day).plus(Duration.ofHours(9)),
        "m",
        BigDecimal.valueOf(usage).setScale(3, RoundingMode.HALF_EVEN));
  }

  private List<JsonNode> listed() {
    Reply reply = world.http().get("/api/v1/anomalies?limit=200");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return StreamSupport.stream(reply.json().path("items").spliterator(), false).toList();
  }

  private List<JsonNode> by(String dimension) {
    return listed().stream().filter(each -> each.path("by").asText().equals(dimension)).toList();
  }

  private long alerts() throws SQLException {
    return count("outbox_event WHERE kind = 'anomaly.detected'");
  }

  private long count(String sql) throws SQLException {
    return world.http().world().count("SELECT count(*) FROM " + sql);
  }

  @Test
  void spike_ofAnApp_isPartOfItsKeyCustomerServiceAndMeter_andIsHeardOnce() throws SQLException {
    world.customer("c", "");
    List<UsedEvent> events = new ArrayList<>();
    for (int day = 0; day < 65; day++) {
      events.add(used("c", day, day == 60 ? 400 : 100, 0.1));
    }
    world.append(events);
    for (int day = 59; day < 63; day++) {
      look(day);
    }
    List<String> parts = new ArrayList<>();
    JsonNode app = by("app").get(0);
    assertThat(app.path("state").asText()).isEqualTo("resolved");
    for (String each : List.of("service", "customer", "key", "meter")) {
      assertThat(by(each)).as("seed %d, %s", seed, each).hasSize(1);
      JsonNode part = by(each).get(0);
      assertThat(part.path("partOf").asLong()).as(each).isEqualTo(app.path("id").asLong());
      assertThat(part.has("alertedAt")).isFalse();
      parts.add(part.path("name").asText());
    }
    assertThat(parts).containsExactly("llm", "c", "k_c", "tokens");
    assertThat(alerts()).isEqualTo(1);
    long resolves = count("outbox_event WHERE kind = 'anomaly.resolved'");
    Proof.of("anomaly-dimensions")
        .with("dimensions", 5)
        .with("incidents", listed().size())
        .with("parts", parts.size())
        .with("alerts", alerts())
        .with("resolves", resolves)
        .with("seed", seed)
        .print();
    assertThat(resolves).isEqualTo(1);
  }

  @Test
  void change_ofACustomer_thatNoAppShowsAlone_isFound() throws SQLException {
    world.customer("many", "");
    world.customer("big", "");
    List<UsedEvent> events = new ArrayList<>();
    for (int app = 0; app < 12; app++) {
      world.app("a" + app);
      new Customers(world.database(), new Actor("t")).assign("many", "a" + app, BilledWorld.START);
    }
    for (int day = 0; day < 63; day++) {
      events.add(used("big", day, 100_000, 0.05));
      for (int app = 0; app < 12; app++) {
        events.add(used("a" + app, day, day == 60 ? 170 : 100, 0.5));
      }
    }
    world.append(events);
    for (int day = 59; day < 63; day++) {
      look(day);
    }
    JsonNode found = by("customer").get(0);
    assertThat(found.path("name").asText()).as("seed %d", seed).isEqualTo("many");
    assertThat(found.has("partOf")).isFalse();
    assertThat(
            count(
                "outbox_event WHERE kind = 'anomaly.detected'"
                    + " AND payload->>'series' = 'usage of the customer many, by day'"))
        .isEqualTo(1);
  }

  @Test
  void drift_of5PercentAWeek_isOneIncident() throws SQLException {
    world.app("slow");
    List<UsedEvent> events = new ArrayList<>();
    for (int day = 0; day < 140; day++) {
      double growth = day < 105 ? 1 : Math.pow(1.05, (day - 104) / 7.0);
      events.add(used("slow", day, 1_000 * growth, 0.08));
    }
    world.append(events);
    int caught = -1;
    for (int day = 104; day < 139; day += 3) {
      look(day);
      if (caught < 0 && alerts() > 0) {
        caught = day - 104;
      }
    }
    JsonNode drift = by("app").get(0);
    Proof.of("anomaly-drift")
        .with("at", "server")
        .with("a_week", "5%")
        .with("caught_after_days", caught)
        .with("kind", drift.path("kind").asText())
        .with("alerts", alerts())
        .with("seed", seed)
        .print();
    assertThat(drift.path("kind").asText()).as("seed %d", seed).isEqualTo("drift");
    assertThat(drift.path("direction").asText()).isEqualTo("up");
    assertThat(caught).as("seed %d", seed).isBetween(6, 34);
    assertThat(alerts()).isEqualTo(1);
  }

  @Test
  void moreAppsThanAQuestionMayName_leaveTheLargestByName_andTheRestTogether() throws SQLException {
    world.app("spike");
    List<UsedEvent> events = new ArrayList<>();
    for (int day = 0; day < 62; day++) {
      events.add(used("spike", day, day == 60 ? 400_000 : 100_000, 0.1));
    }
    world.append(events);
    // 30 apps on each day, and 10,070 on one day each; those of the last day use five times as
    // much.
    world
        .http()
        .world()
        .execute(
            """
            INSERT INTO usage_rollup_shard (hour, app_id, key_id, module, model, shard, events, usage)
            SELECT timestamptz '%s' + day * interval '1 day' + interval '9 hours',
              'small-' || app, '', 'llm', 'm', 0, 1,
              (CASE WHEN app <= 30 THEN 10 + 4 * app WHEN day = 60 THEN 5 ELSE 1 END)
                * (1 + (day * 7 + app) %% 5 / 50.0)
            FROM generate_series(26, 60) AS day, generate_series(1, 10100) AS app
            WHERE app <= 30 OR app %% 35 = day - 26
            """
                .formatted(BEGIN));
    look(59);
    look(60);
    List<JsonNode> apps = by("app");
    assertThat(apps).extracting(each -> each.path("name").asText()).contains("spike", "other");
    long watched = count("anomaly_series WHERE dimension = 'app' AND size = 'day'");
    String heard = "outbox_event WHERE payload->>'series' = 'usage of %s, by day'";
    long ofLargest = count(heard.formatted("the app spike"));
    long ofRest = count(heard.formatted("all other apps"));
    Proof.of("anomaly-many")
        .with("apps", 10_101)
        .with("watched_by_name", watched - 1)
        .with("alerts_of_the_largest", ofLargest)
        .with("alerts_of_the_rest", ofRest)
        .with("seed", seed)
        .print();
    assertThat(watched).isEqualTo(MOST + 1);
    assertThat(ofLargest).as("seed %d", seed).isEqualTo(1);
    assertThat(ofRest).as("seed %d", seed).isEqualTo(1);
  }
}
