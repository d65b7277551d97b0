package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Operators;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Schema;
import io.billingsdk.server.http.HttpSettings;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.ledger.Bucket;
import io.billingsdk.server.ledger.Dimension;
import io.billingsdk.server.ledger.EventFilter;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.TotalsQuery;
import io.billingsdk.server.ledger.UsageTotals;
import io.billingsdk.testbed.Proof;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole server on a database that another version of it, or nobody, has made. */
@Tag("postgres")
class UpgradeTest {
  private static final Actor TESTER = new Actor("tester");

  @TempDir Path directory;

  private final Testbed testbed = Testbed.get();

  private static ServerSettings settings(
      Path directory, World world, @Nullable BrokerAddress broker) {
    return new ServerSettings(
        directory,
        broker,
        world.server(),
        world.owner(),
        world.prefix(),
        0,
        0,
        HttpSettings.ANY_PORT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "15"})
  void database_ofAnEarlierServer_losesNothing_andTheServerGoesOn(String version) throws Exception {
    World world = testbed.emptyWorld();
    Schema schema = new Schema(world.owner());
    schema.migrateTo(version);
    boolean hasOperators = Integer.parseInt(version) >= 10;
    try (LightProducer producer =
        new LightProducer(testbed.broker("sdk"), world.prefix(), "gateway-1")) {
      OldLedger.fill(world, producer);
      if (hasOperators) {
        world.execute("INSERT INTO operator (name) VALUES ('ann')");
      }
      Map<String, String> columns = schema.columns();
      Map<String, String> before = schema.contents(columns);
      BrokerAddress broker = testbed.broker("collector");
      try (BillingServer server = new BillingServer(settings(directory, world, broker));
          Database database = world.database()) {
        server.start();
        Map<String, String> after = schema.contents(columns);
        // Only the first start of a server with operators makes the first one.
        assertThat(server.firstToken().isPresent()).isEqualTo(!hasOperators);
        assertThat(after).isEqualTo(before);
        long changed =
            before.entrySet().stream().filter(each -> !after.entrySet().contains(each)).count();
        assertThat(totals(database)).containsExactly("acme 8 0.8", "null 1 7", "other 1 7");
        await().atMost(Duration.ofSeconds(30)).until(server::isUp);
        goesOn(world, database, producer);
        worksWithTokens(database);
        long events = world.count("SELECT count(*) FROM usage_event WHERE key_id IS NOT NULL");
        Proof.of("upgrade")
            .with("from", version)
            .with("to", schema.newest())
            .with("tables", columns.size())
            .with("tables_changed", changed)
            .with("events", events)
            .with("double", Balance.doubled(world))
            .print();
      }
    }
  }

  /** Rows of all kinds, as the last version without cuts has left them. */
  @Test
  void database_ofTheLastServerWithoutCuts_keepsEveryRow_withTheNumberOfNoCut() throws Exception {
    World world = testbed.emptyWorld();
    Schema schema = new Schema(world.owner());
    schema.migrateTo("54");
    try (LightProducer producer =
        new LightProducer(testbed.broker("sdk"), world.prefix(), "gateway-1")) {
      OldLedger.fill(world, producer);
    }
    OldLedger.fillTheRest(world);
    Map<String, String> columns = schema.columns();
    Map<String, String> before = schema.contents(columns);
    assertThat(before)
        .as("tables without a row")
        .noneSatisfy((t, c) -> assertThat(c).isEqualTo("0 -"));

    schema.migrateTo("latest");

    Map<String, String> after = schema.contents(columns);
    assertThat(after).isEqualTo(before);
    long rows = 0;
    for (String table : columns.keySet()) {
      rows += world.count("SELECT count(*) FROM ONLY " + table);
    }
    for (String table : List.of("usage_event", "correction", "attribution", "usage_rollup_shard")) {
      assertThat(world.count("SELECT count(*) FROM " + table + " WHERE cut_no <> 0"))
          .as(table)
          .isZero();
    }
    Proof.of("upgrade")
        .with("from", "54")
        .with("to", schema.newest())
        .with("tables", columns.size())
        .with("rows", rows)
        .with(
            "tables_changed",
            before.entrySet().stream().filter(each -> !after.entrySet().contains(each)).count())
        .print();
  }

  /**
   * Events of before say nothing beside their usage: they stay as they are, and repeats of them.
   */
  @Test
  void database_ofTheLastServerWithoutQuantities_keepsEveryRow_andKnowsRepeats() throws Exception {
    World world = testbed.emptyWorld();
    Schema schema = new Schema(world.owner());
    schema.migrateTo("202611291932");
    try (LightProducer producer =
            new LightProducer(testbed.broker("sdk"), world.prefix(), "gateway-1");
        Database database = world.database()) {
      OldLedger.fill(world, producer);
      OldLedger.fillTheRest(world);
      world.execute(
          """
          INSERT INTO idempotency (app_id, idempotency_key, stream_id, seq, content)
          SELECT 'acme', 'call-9', 1, 2, usage_content('k_1', 'llm', 'gpt-4', 0.1,
            '{"completion_tokens": 50, "prompt_tokens": 100}')
          """);
      Map<String, String> columns = schema.columns();
      Map<String, String> before = schema.contents(columns);

      schema.migrateTo("latest");

      assertThat(schema.contents(columns)).isEqualTo(before);
      long events = world.count("SELECT count(*) FROM usage_event");
      assertThat(
              world.count(
                  "SELECT count(*) FROM usage_event"
                      + " WHERE num_nulls(quantities, subject, session, execution) = 4"))
          .isEqualTo(events);
      repeatsAreKnown(world, database, producer);
      assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(events);
      Proof.of("upgrade")
          .with("from", "202611291932")
          .with("to", schema.newest())
          .with("tables", columns.size())
          .with("events", events)
          .with("tables_changed", 0)
          .print();
    }
  }

  private void repeatsAreKnown(World world, Database database, LightProducer producer)
      throws Exception {
    long now = System.currentTimeMillis();
    try (Collector collector =
        new Collector(
            database, testbed.broker("collector"), world.prefix() + "-collector", world.prefix())) {
      collector.start();
      await().atMost(Duration.ofSeconds(30)).until(collector::isUp);
      producer.put(11, 0.1, now, "call-9");
      producer.drain();
      assertThat(producer.rejected()).isEmpty();
      assertThat(producer.duplicates()).hasSize(OldLedger.STORED + 1).contains(1L, 10L, 11L);
      String other =
          "{\"stream\":\"%s\",\"sent_at\":%d,\"events\":[{\"seq\":12,\"ts\":%d,\"key_id\":\"k_1\",\"module\":\"llm\",\"model\":\"gpt-4\",\"usage\":0.1,\"metadata\":{\"prompt_tokens\":100,\"completion_tokens\":50},\"idempotency_key\":\"call-9\",\"quantities\":{\"input_tokens\":1}}]}"
              .formatted(producer.stream(), now, now);
      producer.send(other.getBytes(StandardCharsets.UTF_8));
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(producer.rejected()).containsEntry(12L, "CONFLICT"));
    }
  }

  @Test
  void database_withRotatedKeysAndStreams_knowsTheSuccessorsAndTheOriginsAfterwards()
      throws Exception {
    World world = testbed.emptyWorld();
    Schema schema = new Schema(world.owner());
    schema.migrateTo("28");
    world.execute(
        """
        INSERT INTO app (app_id, name) VALUES ('acme', 'Acme');
        INSERT INTO api_key (key_id, sha256, app_id, version)
          SELECT id, sha256(id::bytea), 'acme', v FROM (VALUES ('old', 2), ('new', 3), ('newest', 6), ('other', 4)) AS k (id, v);
        INSERT INTO key_change (version, key_id, what) VALUES (1, 'old', 'create'),
          (2, 'old', 'rotate'), (3, 'new', 'create'), (4, 'other', 'create'),
          (5, 'old', 'rotate'), (6, 'newest', 'create');
        INSERT INTO stream (uuid, instance) VALUES (gen_random_uuid(), 'gateway-1'),
          (gen_random_uuid(), NULL);
        """);
    schema.migrateTo("37");
    assertThat(world.count("SELECT count(*) FROM api_key WHERE successor IS NOT NULL")).isOne();
    assertThat(
            world.count(
                "SELECT count(*) FROM api_key WHERE key_id = 'old' AND successor = 'newest'"))
        .isOne();
    assertThat(
            world.count(
                "SELECT count(*) FROM stream WHERE (origin = 'v2') = (instance IS NOT NULL)"))
        .isOne();
    assertThat(world.count("SELECT count(*) FROM stream WHERE origin IS NULL")).isOne();
  }

  /** A cast from a double keeps 15 digits; a double has up to 17. */
  @Test
  void database_withRatesInDoubles_keepsEachDigitOfThem() throws Exception {
    World world = testbed.emptyWorld();
    Schema schema = new Schema(world.owner());
    schema.migrateTo("202611300600");
    world.execute(
        """
        INSERT INTO app (app_id, name) VALUES ('acme', 'Acme');
        INSERT INTO api_key (key_id, sha256, app_id, version, rate_per_second, rate_burst)
          SELECT 'k' || v, sha256(v::text::bytea), 'acme', v, rate, 1
          FROM (VALUES (1, 2.5), (2, 0.3333333333333333), (3, 999999.1234567891), (4, 1e6),
            (5, 0.001), (6, NULL)) AS k (v, rate);
        """);
    schema.migrateTo("latest");
    try (Database database = world.database()) {
      assertThat(new KeyAdmin(database, null).keys())
          .extracting(key -> key.rate() == null ? null : key.rate().perSecond().toPlainString())
          .containsExactlyInAnyOrder(
              "2.5", "0.3333333333333333", "999999.1234567891", "1000000", "0.001", null);
    }
  }

  /** What had no receipt before the upgrade comes again, with what was missing and what is new. */
  private static void goesOn(World world, Database database, LightProducer producer)
      throws Exception {
    Streams streams = new Streams(database);
    assertThat(streams.one(producer.stream()))
        .hasValueSatisfying(
            stream -> {
              assertThat(stream.highest()).isEqualTo(OldLedger.NUMBERS);
              assertThat(stream.stored()).isEqualTo(OldLedger.STORED);
              assertThat(stream.gaps()).containsExactly(range(OldLedger.MISSING));
              assertThat(stream.dropped()).containsExactly(range(OldLedger.DROPPED));
            });
    long now = System.currentTimeMillis();
    producer.put(OldLedger.MISSING, 0.1, now, null);
    producer.put(11, 0.1, now, null);
    producer.put(12, 0.1, now, OldLedger.IDEMPOTENCY_KEY);
    producer.drain();
    assertThat(producer.rejected()).isEmpty();
    // The eight that were there, and the one whose call was counted already.
    assertThat(producer.duplicates()).hasSize(OldLedger.STORED + 1).contains(1L, 10L, 12L);
    assertThat(totals(database)).containsExactly("acme 10 1.0", "null 1 7", "other 1 7");
    assertThat(streams.one(producer.stream()))
        .hasValueSatisfying(stream -> assertThat(stream.gaps()).isEmpty());
    assertThat(Balance.doubled(world)).isZero();
  }

  /** Of the youngest scope: an earlier version of the table refuses it. */
  private static void worksWithTokens(Database database) throws SQLException {
    String operator = new Operators(database, TESTER).all().get(0).name();
    var token =
        new Tokens(database).create(TESTER, operator, Scope.INTAKE, null, Duration.ofDays(1));
    assertThat(new Tokens(database).all()).anyMatch(t -> t.tokenId().equals(token.tokenId()));
  }

  private static SeqRange range(long only) {
    return new SeqRange(only, only);
  }

  private static List<String> totals(Database database) throws SQLException {
    Instant now = Instant.now();
    return new UsageTotals(database)
            .of(
                new TotalsQuery(
                    now.minus(Duration.ofHours(2)),
                    now.plus(Duration.ofHours(1)),
                    Bucket.ALL,
                    ZoneOffset.UTC,
                    List.of(Dimension.Column.APP),
                    EventFilter.ALL))
            .rows()
            .stream()
            .map(row -> row.group().get(0) + " " + row.events() + " " + row.usage().toPlainString())
            .sorted()
            .toList();
  }

  @Test
  void database_ofANewerServer_isRefusedWithBothVersions_andLeftAsItIs() throws Exception {
    World world = testbed.world();
    Schema schema = new Schema(world.owner());
    String newest = schema.newest();
    world.execute(
        """
        INSERT INTO flyway_schema_history
        SELECT max(installed_rank) + 1, '999912312359', 'of the future', 'SQL', 'V999912312359__future.sql', 1, 'x',
          now(), 1, true FROM flyway_schema_history
        """);
    Map<String, String> before = schema.contents(schema.columns());
    assertThatThrownBy(() -> new BillingServer(settings(directory, world, null)).start())
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("version 999912312359, of a newer server")
        .hasMessageContaining("up to version " + newest)
        .hasMessageContaining("restore the backup");
    assertThat(schema.contents(schema.columns())).isEqualTo(before);
    assertThat(directory.resolve("broker")).as("nothing was started").doesNotExist();
    Proof.of("upgrade")
        .with("from", "999912312359")
        .with("to", newest)
        .with("refused", true)
        .print();
  }

  @Test
  void servers_startedAtOnce_onAnOldDatabase_migrateItOnce() throws Exception {
    World world = testbed.emptyWorld();
    Schema schema = new Schema(world.owner());
    int old = schema.migrateTo("4");
    ExecutorService starters = Executors.newFixedThreadPool(2);
    List<BillingServer> servers = new ArrayList<>();
    try {
      CyclicBarrier together = new CyclicBarrier(2);
      List<Future<?>> starts = new ArrayList<>();
      for (String name : List.of("a", "b")) {
        BillingServer server =
            new BillingServer(
                settings(directory.resolve(name), world, testbed.broker("collector")));
        servers.add(server);
        starts.add(
            starters.submit(
                () -> {
                  together.await();
                  server.start();
                  return true;
                }));
      }
      for (Future<?> each : starts) {
        each.get();
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> servers.stream().allMatch(BillingServer::isUp));
      assertThat(servers.stream().filter(each -> each.firstToken().isPresent())).hasSize(1);
    } finally {
      starters.shutdownNow();
      servers.forEach(BillingServer::close);
    }
    long steps = world.count("SELECT count(*) FROM flyway_schema_history WHERE success");
    long versions = world.count("SELECT count(DISTINCT version) FROM flyway_schema_history");
    assertThat(steps).isEqualTo(versions);
    assertThat(schema.migrateTo("latest")).isZero();
    Proof.of("upgrade")
        .with("servers_at_once", 2)
        .with("steps", steps - old)
        .with("steps_twice", steps - versions)
        .print();
  }
}
