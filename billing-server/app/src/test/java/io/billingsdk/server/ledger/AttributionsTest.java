package io.billingsdk.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.ingest.Collector;
import io.billingsdk.server.ingest.LightProducer;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.ledger.Attributions.Named;
import io.billingsdk.server.ledger.Attributions.Result;
import io.billingsdk.server.ledger.Attributions.Unknown;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With a real producer, broker, collector and PostgreSQL; its events name the key {@code k_1}. */
@Tag("postgres")
class AttributionsTest {
  private static final Named K_1 = new Named("k_1", null);
  private static final String BY_APP = "SELECT coalesce(sum(usage), 0) FROM usage_rollup WHERE ";
  private static final String LEDGER_BY_APP =
      "SELECT coalesce(sum(usage), 0) FROM usage_event_attributed WHERE ";

  private World world;
  private Database database;
  private Collector collector;
  private LightProducer producer;
  private KeyAdmin keys;
  private Attributions attributions;

  @BeforeEach
  void start() throws Exception {
    Testbed testbed = Testbed.get();
    world = testbed.world();
    database = world.database();
    collector =
        new Collector(
            database, testbed.broker("collector"), world.prefix() + "-collector", world.prefix());
    collector.start();
    await().atMost(Duration.ofSeconds(30)).until(collector::isUp);
    producer = new LightProducer(testbed.broker("sdk"), world.prefix(), "instance-1");
    keys = new KeyAdmin(database, null);
    keys.createApp("acme", "Acme");
    keys.createApp("other", "Other");
    attributions = new Attributions(database, Actor.commandLine(), LedgerAppender.withoutHooks());
  }

  @AfterEach
  void stop() {
    producer.close();
    collector.close();
    database.close();
  }

  private void assertUsage(String app, long expected) throws Exception {
    assertThat(world.count(BY_APP + app)).as("rollups of %s", app).isEqualTo(expected);
    assertThat(world.count(LEDGER_BY_APP + app.replace("app_id = ''", "app_id IS NULL")))
        .as("events of %s", app)
        .isEqualTo(expected);
  }

  @Test
  void toApp_unknownEvents_areCountedOnceAndTheRollupsFollow() throws Exception {
    producer.append(300);
    producer.drain();
    assertThat(attributions.unknown())
        .singleElement()
        .satisfies(
            unknown -> {
              assertThat(unknown.keyId()).isEqualTo("k_1");
              assertThat(unknown.events()).isEqualTo(300);
              assertThat(unknown.usage()).isEqualByComparingTo(new BigDecimal(300));
            });

    Result first = attributions.toApp(K_1, "acme", null, "claimed by Acme");
    Result again = attributions.toApp(K_1, "acme", null, "claimed by Acme");
    Result stolen = attributions.toApp(K_1, "other", null, "claimed by Other");

    assertThat(first).isEqualTo(new Result(300, 0, 0));
    assertThat(again).isEqualTo(new Result(0, 0, 0));
    assertThat(stolen).isEqualTo(new Result(0, 0, 0));
    assertUsage("app_id = 'acme'", 300);
    assertUsage("app_id = 'other'", 0);
    assertUsage("app_id = ''", 0);
    assertThat(attributions.unknown()).isEmpty();
    assertThat(world.count("SELECT count(*) FROM usage_rollup WHERE app_id = ''")).isZero();
    assertThat(world.count("SELECT count(*) FROM usage_event WHERE app_id IS NULL"))
        .as("the ledger itself is not changed")
        .isEqualTo(300);
  }

  @Test
  void toApp_manyAtOnceForTwoApps_countsEachEventForOneOfThem() throws Exception {
    producer.append(500);
    producer.append(7, System.currentTimeMillis(), "request-1");
    producer.drain();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    long attributed = 0;
    try {
      List<Future<Result>> running =
          IntStream.range(0, 12)
              .mapToObj(
                  i ->
                      threads.submit(
                          () ->
                              new Attributions(
                                      database, Actor.commandLine(), LedgerAppender.withoutHooks())
                                  .toApp(K_1, i % 2 == 0 ? "acme" : "other", null, "race")))
              .toList();
      for (Future<Result> each : running) {
        attributed += each.get().attributed();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(attributed).isEqualTo(501);
    assertThat(world.count(BY_APP + "app_id IN ('acme', 'other')")).isEqualTo(507);
    assertThat(world.count("SELECT count(DISTINCT app_id) FROM attribution")).isEqualTo(1);
    assertThat(
            world.count(
                "SELECT count(*) FROM idempotency i WHERE NOT EXISTS (SELECT FROM attribution a"
                    + " WHERE (a.stream_id, a.seq, a.app_id) = (i.stream_id, i.seq, i.app_id))"))
        .as("idempotency keys claimed for an app that did not get the event")
        .isZero();
    Proof.of("attribution-race").with("events", attributed).with("runs", 12).print();
  }

  @Test
  void toKey_keyMadeSince_getsWhatNamedItAndLaterEventsNeedNoAttribution() throws Exception {
    producer.append(10);
    producer.drain();
    keys.importKey("k_1", "sk-imported", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    producer.append(5);
    producer.drain();

    assertThat(attributions.toKey("k_1", "imported too late")).isEqualTo(new Result(10, 0, 0));

    assertUsage("app_id = 'acme' AND key_id = 'k_1'", 15);
    assertUsage("app_id = ''", 0);
  }

  @Test
  void toApp_idempotencyKeyThatTheAppHasCounted_isNotCountedAgain() throws Exception {
    producer.append(3, System.currentTimeMillis(), "request-42");
    producer.append(3, System.currentTimeMillis(), "request-42");
    producer.append(4, System.currentTimeMillis(), "request-43");
    producer.drain();
    keys.importKey("k_1", "sk-imported", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    producer.append(4, System.currentTimeMillis(), "request-43");
    producer.drain();

    assertThat(attributions.toKey("k_1", "imported too late")).isEqualTo(new Result(1, 2, 0));

    assertUsage("app_id = 'acme'", 3 + 4);
    assertUsage("app_id = ''", 3 + 4);
  }

  @Test
  void toApp_crashBeforeTheRollups_leavesNothingHalfDone() throws Exception {
    producer.append(20);
    producer.drain();
    world.execute(
        "CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN"
            + " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$");
    world.execute(
        "CREATE TRIGGER crash BEFORE INSERT ON usage_rollup_shard FOR EACH ROW EXECUTE FUNCTION"
            + " crash()");
    assertThatThrownBy(() -> attributions.toApp(K_1, "acme", null, "claimed"))
        .isInstanceOf(DatabaseException.class);
    world.execute("DROP TRIGGER crash ON usage_rollup_shard");
    assertThat(world.count("SELECT count(*) FROM attribution")).isZero();

    assertThat(attributions.toApp(K_1, "acme", null, "claimed")).isEqualTo(new Result(20, 0, 0));
    assertUsage("app_id = 'acme'", 20);
  }

  @Test
  void toApp_notPossible_isRefusedInWords() {
    assertThatThrownBy(() -> attributions.toApp(K_1, "nobody", null, "claimed"))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("nobody");
    assertThatThrownBy(() -> attributions.toKey("k_none", "claimed"))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("k_none");
    assertThatThrownBy(() -> attributions.toApp(K_1, "acme", null, " "))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("reason");
  }

  @Test
  void unknown_nothing_isEmpty() throws Exception {
    List<Unknown> unknown = attributions.unknown();
    assertThat(unknown).isEmpty();
  }
}
