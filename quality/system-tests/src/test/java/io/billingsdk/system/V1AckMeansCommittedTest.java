package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.testbed.FreePort;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.RawMqtt;
import io.billingsdk.testbed.RawMqtt.Login;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of a server with its own broker, and of its PostgreSQL, under reports of protocol v1 at
 * QoS 1 by producers without a journal: what has a PUBACK is in the ledger.
 */
final class V1AckMeansCommittedTest {
  private static final String PROOF = "v1-ack-means-committed";
  private static final int KILLS = Integer.getInteger("v1.ack.kills", 2);
  private static final int RELEASE_KILLS = 20;
  private static final long SEED = Size.seed();
  private static final String NUMBERED = "numbered";
  private static final String UNNUMBERED = "unnumbered";
  private static final long FIRST_UNNUMBERED = 1_000_000_000;

  @TempDir Path directory;

  private Path data;
  private int port;
  private Postgres postgres;
  private Child server;
  private int lives;

  @BeforeEach
  void start() throws Exception {
    Postgres.whyNotInstalled().ifPresent(why -> Proof.skipped(PROOF, why));
    assumeTrue(Postgres.whyNotInstalled().isEmpty());
    data = directory.resolve("data");
    port = FreePort.find();
    // Before it starts, so that it lets them in from the beginning.
    for (String instance : List.of(NUMBERED, UNNUMBERED)) {
      var unused = passwordOf(instance);
    }
    postgres = Postgres.start();
    server = startServer();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.kill9();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void puback_underKillsOfServerAndPostgres_isGivenForWhatIsInTheLedgerOnly() throws Exception {
    Operator operator = new Operator(database());
    operator.createApp("acme");
    String key = operator.createKey("acme").text();
    PlainReporter numbered =
        new PlainReporter(NUMBERED, () -> connect(NUMBERED), key, UUID.randomUUID(), 1);
    PlainReporter unnumbered =
        new PlainReporter(UNNUMBERED, () -> connect(UNNUMBERED), key, null, FIRST_UNNUMBERED);
    numbered.start();
    unnumbered.start();
    rage(List.of(numbered, unnumbered));
    numbered.stop();
    unnumbered.stop();
    check(numbered, unnumbered);
  }

  private void rage(List<PlainReporter> reporters) throws Exception {
    Random random = new Random(SEED);
    List<Boolean> plan = new ArrayList<>(Collections.nCopies(KILLS, true));
    plan.addAll(Collections.nCopies(KILLS, false));
    Collections.shuffle(plan, random);
    for (boolean ofServer : plan) {
      // Else a kill would hit nothing that is under way.
      awaitMore(reporters);
      Pace.pause(Duration.ofMillis(random.nextInt(300)));
      if (ofServer) {
        server.kill9();
        server = startServer();
      } else {
        postgres.kill9();
        postgres.restart();
      }
    }
    awaitMore(reporters);
  }

  private static void awaitMore(List<PlainReporter> reporters) {
    for (PlainReporter each : reporters) {
      int before = each.acknowledged().size();
      Awaitility.await()
          .atMost(Child.PATIENCE)
          .until(() -> each.acknowledged().size() > before + 100);
    }
  }

  private void check(PlainReporter numbered, PlainReporter unnumbered) throws Exception {
    Map<Long, Integer> ledger = ledger();
    long lost = lost(numbered.acknowledged(), ledger) + lost(unnumbered.acknowledged(), ledger);
    long doubled =
        ledger.entrySet().stream()
            .filter(each -> each.getKey() < FIRST_UNNUMBERED && each.getValue() > 1)
            .count();
    Proof.sized(PROOF, KILLS, RELEASE_KILLS)
        .with("kills_server", KILLS)
        .with("kills_postgres", KILLS)
        .with("acknowledged", numbered.acknowledged().size() + unnumbered.acknowledged().size())
        .with("acknowledged_not_in_ledger", lost)
        .with("numbered", numbered.acknowledged().size())
        .with("sent_again", numbered.sentAgain() + unnumbered.sentAgain())
        .with("double", doubled)
        .with("double_without_number", doubledWithoutNumber(ledger))
        .with("ledger", ledger.values().stream().mapToLong(Integer::longValue).sum())
        .with("seed", SEED)
        .print();
    assertThat(lost).isZero();
    assertThat(doubled).isZero();
  }

  /** At QoS 1 an event without a number may be counted again when its PUBACK was lost. */
  private static long doubledWithoutNumber(Map<Long, Integer> ledger) {
    return ledger.entrySet().stream()
        .filter(each -> each.getKey() >= FIRST_UNNUMBERED)
        .mapToLong(each -> each.getValue() - 1)
        .sum();
  }

  private static long lost(Collection<Long> acknowledged, Map<Long, Integer> ledger) {
    return acknowledged.stream().filter(id -> !ledger.containsKey(id)).count();
  }

  /** How often each event is in it, by the id in its metadata. */
  private Map<Long, Integer> ledger() throws Exception {
    Map<Long, Integer> times = new HashMap<>();
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT (metadata->>'id')::bigint, count(*) FROM usage_event GROUP BY 1")) {
      while (row.next()) {
        times.put(row.getLong(1), row.getInt(2));
      }
    }
    return times;
  }

  private String passwordOf(String instance) {
    return OwnBroker.passwordOf(data.resolve("broker"), instance);
  }

  private RawMqtt connect(String instance) throws IOException {
    Login login = Login.of(instance, passwordOf(instance)).keepAlive(10);
    return RawMqtt.tls(port, data.resolve("broker/ca.pem"), login);
  }

  private Child startServer() {
    List<String> arguments = new ArrayList<>(database());
    arguments.add("--mqtt-port=" + port);
    arguments.add("--http-port=0");
    lives++;
    Child started =
        Child.java(
            Path.of("target", "system-logs"),
            "v1-ack-server-" + lives,
            ServerChild.class,
            line -> {},
            arguments.toArray(new String[0]));
    started.await("billing: serving");
    return started;
  }

  private List<String> database() {
    return List.of(
        "--data-dir",
        data.toString(),
        "--database",
        "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres",
        "--database-user",
        "postgres");
  }
}
