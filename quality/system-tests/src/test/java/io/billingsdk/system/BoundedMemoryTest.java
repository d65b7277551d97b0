package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.testbed.FreePort;
import io.billingsdk.testbed.OneAuthority;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.RawMqtt;
import io.billingsdk.testbed.RawMqtt.Login;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server with a heap of 512 MB that ends when its memory does, while its PostgreSQL is away and
 * four attackers send all that it takes: batches that expand, large messages, messages that are
 * none, many connections. Afterwards all that an honest producer reported is in the ledger.
 */
final class BoundedMemoryTest {
  private static final String PROOF = "bounded-memory";
  private static final int AWAY_SECONDS = Integer.getInteger("bounded.away.seconds", 5);
  private static final int RELEASE_SECONDS = 60;
  private static final int CONNECTIONS = Integer.getInteger("bounded.connections", 40);

  /** What the server lets its producers have without a commit, and what one read brings of each. */
  private static final long BOUND = (32L << 20) + (CONNECTIONS + 4) * (600L << 10);

  private static final String HONEST = "honest";
  private static final Pattern HELD =
      Pattern.compile("^billing_collector_held_bytes ([0-9.E]+)$", Pattern.MULTILINE);
  private static final Pattern SENT = Pattern.compile("COUNT events=\\d+ sent=(\\d+)");

  @TempDir Path directory;

  private Path data;
  private int port;
  private Postgres postgres;
  private Child server;
  private HttpClient http;
  private final List<Child> attackers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    Postgres.whyNotInstalled().ifPresent(why -> Proof.skipped(PROOF, why));
    assumeTrue(Postgres.whyNotInstalled().isEmpty());
    data = directory.resolve("data");
    port = FreePort.find();
    // Before it starts, so that it lets them in from the beginning.
    for (String instance : List.of(HONEST, "gzip", "large", "malformed")) {
      var unused = passwordOf(instance);
    }
    postgres = Postgres.start();
    server = startServer();
    http = HttpClient.newBuilder().sslContext(OneAuthority.tls(authority())).build();
  }

  @AfterEach
  void stop() {
    attackers.forEach(Child::close);
    if (server != null) {
      server.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void server_underFloodsWhileItsDatabaseIsAway_livesOn_andLosesNothingOfAnHonestProducer()
      throws Exception {
    Operator operator = new Operator(database());
    operator.createApp("acme");
    String key = operator.createKey("acme").text();
    String many = operator.createV1Instance("many");
    PlainReporter honest =
        new PlainReporter(HONEST, () -> connect(HONEST), key, UUID.randomUUID(), 1);
    honest.start();
    awaitMore(honest);
    attack("gzip", passwordOf("gzip"), AttackerChild.AttackKind.GZIP, 1);
    attack("malformed", passwordOf("malformed"), AttackerChild.AttackKind.MALFORMED, 1);
    postgres.kill9();
    attack("large", passwordOf("large"), AttackerChild.AttackKind.LARGE, 1);
    attack("many", many, AttackerChild.AttackKind.MANY, CONNECTIONS);
    for (Child each : attackers) {
      each.await("AT IT");
    }
    long held = heldAtMost(Duration.ofSeconds(AWAY_SECONDS));
    long sent = attackers.stream().mapToLong(BoundedMemoryTest::sent).sum();
    postgres.restart();
    held = Math.max(held, heldAtMost(Duration.ofSeconds(1)));
    // While they go on.
    awaitMore(honest);
    attackers.forEach(Child::close);
    honest.stop();

    long lost = lost(honest);
    Proof.sized(PROOF, AWAY_SECONDS, RELEASE_SECONDS)
        .with("heap_mb", 512)
        .with("kinds", attackers.size())
        .with("connections", CONNECTIONS + 3)
        .with("database_away_s", AWAY_SECONDS)
        .with("messages_sent", sent)
        .with("alive", server.isAlive())
        .with("honest", honest.acknowledged().size())
        .with("honest_lost", lost)
        .with("held_bytes_max", held)
        .with("bound", BOUND)
        .with("resident_mb", residentMegabytes())
        .print();
    assertThat(server.isAlive()).as("the server").isTrue();
    assertThat(lost).isZero();
    assertThat(honest.acknowledged()).isNotEmpty();
    assertThat(held).isPositive().isLessThanOrEqualTo(BOUND);
  }

  private void attack(
      String user, String password, AttackerChild.AttackKind kind, int connections) {
    attackers.add(
        Child.java(
            Path.of("target", "system-logs"),
            "bounded-" + kind.name().toLowerCase(Locale.ROOT),
            AttackerChild.class,
            line -> {},
            "user=" + user,
            "password=" + password,
            "port=" + port,
            "ca=" + authority(),
            "kind=" + kind,
            "connections=" + connections,
            "ready=40"));
  }

  private static void awaitMore(PlainReporter honest) {
    int before = honest.acknowledged().size();
    Awaitility.await()
        .atMost(Child.PATIENCE)
        .until(() -> honest.acknowledged().size() > before + 100);
  }

  private static long sent(Child attacker) {
    Matcher said = SENT.matcher(attacker.ask("COUNT", "COUNT"));
    assertThat(said.matches()).isTrue();
    return Long.parseLong(said.group(1));
  }

  /** Of what the server says of itself, for so long. */
  private long heldAtMost(Duration howLong) throws Exception {
    long end = System.nanoTime() + howLong.toNanos();
    long most = 0;
    do {
      most = Math.max(most, held());
      Pace.pause(Duration.ofMillis(200));
    } while (System.nanoTime() < end && server.isAlive());
    return most;
  }

  private long held() throws Exception {
    String at = Files.readString(data.resolve("http-port")).trim();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + at + "/metrics")).build();
    try {
      Matcher said = HELD.matcher(http.send(request, BodyHandlers.ofString()).body());
      return said.find() ? (long) Double.parseDouble(said.group(1)) : 0;
    } catch (IOException gone) {
      // Seen by who asks whether it is alive.
      return 0;
    }
  }

  private long lost(PlainReporter honest) throws Exception {
    Set<Long> ledger = new HashSet<>();
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT (metadata->>'id')::bigint FROM usage_event WHERE metadata ? 'id'")) {
      while (row.next()) {
        ledger.add(row.getLong(1));
      }
    }
    return honest.acknowledged().stream().filter(id -> !ledger.contains(id)).count();
  }

  private long residentMegabytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(server.pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
        .findFirst()
        .orElse(0);
  }

  private Child startServer() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData"));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ServerChild.class.getName());
    command.addAll(database());
    command.addAll(List.of("--mqtt-port=" + port, "--http-port=0", "--metrics-public"));
    Child started =
        Child.start(Path.of("target", "system-logs"), "bounded-server", line -> {}, command);
    started.await("billing: serving");
    return started;
  }

  private String passwordOf(String instance) {
    return OwnBroker.passwordOf(data.resolve("broker"), instance);
  }

  private Path authority() {
    return data.resolve("broker/ca.pem");
  }

  private RawMqtt connect(String instance) throws IOException {
    return RawMqtt.tls(port, authority(), Login.of(instance, passwordOf(instance)).keepAlive(30));
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
