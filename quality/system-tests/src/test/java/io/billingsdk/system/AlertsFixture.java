package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.db.Secrets;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.MosquittoTestBroker;
import io.billingsdk.testbed.OneAuthority;
import io.billingsdk.testbed.RawMqtt;
import io.billingsdk.testbed.RawMqtt.Login;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.TestBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A billing server with a broker and a database of its own that a test can harm, and the alert
 * rules over its metrics.
 */
@Timeout(300)
abstract class AlertsFixture {
  static final Pattern TOKEN = Pattern.compile("shown this once: (\\S+)");
  static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Longer than the longest wait and the longest look back of a rule. */
  static final int MINUTES = 20;

  @TempDir Path directory = Path.of("");

  AlertTimeline timeline;
  TestBroker broker;
  @Nullable SmallDisk disk;
  Path data;
  ServeRun server;
  HttpClient http;
  String base;
  String token;

  @BeforeEach
  void start() throws Exception {
    timeline = AlertTimeline.of(Packaging.path("prometheus/billing-alerts.yml"));
    timeline.add("", MINUTES);
    broker =
        MosquittoTestBroker.whyNotInstalled().isEmpty()
            ? MosquittoTestBroker.in(directory.resolve("mosquitto"))
            : EmbeddedTestBroker.in(directory.resolve("embedded"));
    broker.start();
    disk = SmallDisk.isPossible() ? SmallDisk.at(directory.resolve("disk"), 1L << 30) : null;
    data = directory.resolve(disk == null ? "data" : "disk/data");
    Path password = directory.resolve("broker-password");
    Files.writeString(password, broker.password(Role.SYSTEM));
    List<String> options =
        List.of(
            "--metrics-public",
            "--broker=ssl://" + broker.host() + ":" + broker.port(),
            "--broker-ca=" + broker.caPem(),
            "--broker-user=" + broker.user(Role.SYSTEM),
            "--broker-password-file=" + password);
    server =
        ServeRun.start(
            data,
            directory.resolve("logs"),
            new ServeRun.How(
                "022", List.of("PATH=/usr/bin:/bin", "HOME=/root"), List.of(), options));
    assertThat(server.serves()).as(server.errors()).isTrue();
    // The server writes the token a moment after the line that it serves.
    Matcher said =
        TOKEN.matcher(
            server
                .process()
                .await(line -> line.contains("shown this once"), "a token", Child.PATIENCE));
    assertThat(said.find()).isTrue();
    token = said.group(1);
    base = "https://localhost:" + Files.readString(data.resolve("http-port")).trim();
    http =
        HttpClient.newBuilder().sslContext(OneAuthority.tls(data.resolve("broker/ca.pem"))).build();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    broker.close();
    if (disk != null) {
      disk.close();
    }
  }

  static AutoCloseable full(SmallDisk small) throws IOException {
    small.fill();
    return () -> small.enlargeTo(1L << 30);
  }

  /** Without a disk of its own, the nearest thing: nothing can be written. */
  AutoCloseable locked() throws Exception {
    Connection owner = owner();
    owner.setAutoCommit(false);
    try (Statement statement = owner.createStatement()) {
      statement.execute("LOCK TABLE usage_event, write_probe IN ACCESS EXCLUSIVE MODE");
    }
    return owner;
  }

  /** Something that a test does. */
  @FunctionalInterface
  interface Act {
    void run() throws Exception;
  }

  void fires(
      List<String> alerts,
      String what,
      Act begin,
      Predicate<Map<String, String>> isTrue,
      Act end,
      Predicate<Map<String, String>> isOver)
      throws Exception {
    int from = timeline.minutes();
    begin.run();
    shows(isTrue, MINUTES);
    int until = timeline.minutes();
    end.run();
    shows(isOver, MINUTES);
    alerts.forEach(alert -> timeline.fires(alert, what, from, until));
  }

  /** Reads pages until one is as it is to be, and adds that. */
  void shows(Predicate<Map<String, String>> wanted, int minutes) {
    String[] last = {""};
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              last[0] = page();
              return wanted.test(AlertTimeline.samples(last[0]));
            });
    timeline.add(last[0], minutes);
  }

  static boolean is(Map<String, String> samples, String name, double wanted) {
    return Double.compare(value(samples, name), wanted) == 0;
  }

  static double value(Map<String, String> samples, String name) {
    return Double.parseDouble(samples.getOrDefault(name, "NaN"));
  }

  String page() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/metrics")).build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  int get(String path, @Nullable String bearer) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    if (bearer != null) {
      request.header("Authorization", "Bearer " + bearer);
    }
    return http.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  HandMadeProducer producer() throws IOException {
    Login login = new Login("gateway-1", broker.user(Role.SDK), broker.password(Role.SDK), 5, 0);
    return new HandMadeProducer(RawMqtt.tls(broker.port(), broker.caPem(), login), "gateway-1");
  }

  Connection owner() throws Exception {
    Path database = data.resolve("postgresql");
    String port = Files.readString(database.resolve("port")).trim();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
        "postgres",
        new Secrets(database.resolve("secrets")).of("owner"));
  }

  void execute(String sql) throws Exception {
    try (Connection owner = owner();
        Statement statement = owner.createStatement()) {
      statement.execute(sql);
    }
  }

  void awaitRows(String query) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .pollInterval(Duration.ofMillis(100))
        .until(() -> ask(query) > 0);
  }

  long stored() throws Exception {
    return ask("SELECT count(*) FROM usage_event");
  }

  long ask(String query) throws Exception {
    try (Connection owner = owner();
        Statement statement = owner.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
