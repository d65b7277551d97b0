package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.http.HttpSettings;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.testbed.OneAuthority;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads of a whole server to which everything happens that has a number. */
@Tag("postgres")
class CollectorMetricsTest {
  private static final Pattern SAMPLE =
      Pattern.compile("^(billing_[a-z_]+(?:\\{[^}]*})?) ([0-9.E+-]+|NaN)$", Pattern.MULTILINE);
  private static final Pattern NAME = Pattern.compile("\\bbilling_[a-z_]+");

  @TempDir Path directory;

  private final Testbed testbed = Testbed.get();
  private World world;
  private BillingServer server;
  private HttpClient client;
  private String token;
  private LightProducer producer;

  @BeforeEach
  void start() throws Exception {
    world = testbed.world();
    server =
        new BillingServer(
            new ServerSettings(
                directory,
                testbed.broker("collector"),
                world.server(),
                world.owner(),
                world.prefix(),
                0,
                0,
                HttpSettings.ANY_PORT));
    server.start();
    token = server.firstToken().orElseThrow();
    Path authority = BillingServer.brokerDirectory(directory).resolve("ca.pem");
    client = HttpClient.newBuilder().sslContext(OneAuthority.tls(authority)).build();
    await().atMost(Duration.ofSeconds(30)).until(server::isUp);
    producer = new LightProducer(testbed.broker("sdk"), world.prefix(), "gateway-1");
  }

  @AfterEach
  void stop() {
    producer.close();
    server.close();
  }

  private String page() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + server.httpPort() + "/metrics"))
            .header("Authorization", "Bearer " + token)
            .build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private Map<String, Double> scrape() throws Exception {
    Map<String, Double> found = new TreeMap<>();
    Matcher sample = SAMPLE.matcher(page());
    while (sample.find()) {
      found.put(sample.group(1), Double.valueOf(sample.group(2)));
    }
    return found;
  }

  /** Once: what is sent again would be counted as a duplicate. */
  private void send() {
    producer.sendPending();
    await().atMost(Duration.ofSeconds(60)).until(() -> producer.pending() == 0);
  }

  @Test
  void counters_afterEachFate_haveItsNumber() throws Exception {
    Map<String, Double> before = scrape();
    assertThat(before)
        .containsEntry("billing_collector_events_total{fate=\"committed\"}", 0.0)
        .containsEntry("billing_collector_last_commit_seconds", 0.0)
        .containsEntry("billing_streams_missing_numbers", 0.0);

    long used = System.currentTimeMillis() - 60_000;
    for (long seq = 1; seq <= 20; seq++) {
      producer.put(seq, 1, used, null);
    }
    for (long missing : new long[] {4, 5, 17}) {
      producer.skip(missing);
    }
    send();
    for (long again = 1; again <= 3; again++) {
      producer.put(again, 1, used, null);
    }
    for (long other = 6; other <= 7; other++) {
      producer.put(other, 2, used, null);
    }
    producer.put(21, 1, used - Duration.ofDays(401).toMillis(), null);
    send();
    producer.publish(
        V2Topics.under(world.prefix()).usage("gateway-1"),
        "no batch".getBytes(StandardCharsets.UTF_8));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> Objects.equals(scrape().get("billing_collector_messages_malformed_total"), 1.0));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Objects.equals(scrape().get("billing_collector_messages_waiting"), 0.0));

    Map<String, Double> after = scrape();
    assertThat(after)
        .containsEntry("billing_up", 1.0)
        .containsEntry("billing_collector_events_total{fate=\"committed\"}", 17.0)
        .containsEntry("billing_collector_events_total{fate=\"duplicate\"}", 3.0)
        .containsEntry("billing_collector_events_total{fate=\"conflicting\"}", 2.0)
        .containsEntry("billing_collector_events_total{fate=\"rejected\"}", 1.0)
        .containsEntry("billing_collector_batches_total", 2.0)
        .containsEntry("billing_collector_commit_events_count", 2.0)
        .containsEntry("billing_collector_commit_events_sum", 23.0)
        .containsEntry("billing_collector_commit_seconds_count", 2.0)
        .containsEntry("billing_collector_held_bytes", 0.0)
        .containsEntry("billing_collector_stopped_connections", 0.0)
        .containsEntry("billing_collector_receipts_total", 2.0)
        .containsEntry("billing_streams_incomplete", 1.0)
        .containsEntry("billing_streams_missing_numbers", 3.0)
        .containsEntry("billing_streams_silent", 0.0);
    assertThat(after.get("billing_collector_last_commit_seconds"))
        .isBetween(used / 1000.0 + 60, System.currentTimeMillis() / 1000.0);
    assertThat(after.get("billing_collector_lag_seconds")).isBetween(60.0, 180.0);
    Proof.of("collector-metrics")
        .with("committed", 17)
        .with("duplicate", 3)
        .with("conflicting", 2)
        .with("rejected", 1)
        .with("malformed", 1)
        .with("missing_numbers", 3)
        .with("samples", after.size())
        .print();
  }

  @Test
  void streams_droppedOrSilent_areToldApartFromMissingOnes() throws Exception {
    world.execute(
        """
        INSERT INTO stream (uuid, instance, highest_seq, last_seen) VALUES
          (gen_random_uuid(), 'a', 10, now()), (gen_random_uuid(), 'b', 10, now() - interval '6 min');
        INSERT INTO stream_gap SELECT stream_id, 2, 5 FROM stream;
        INSERT INTO stream_dropped SELECT stream_id, '{[2,6)}', 'a' FROM stream WHERE instance = 'a';
        INSERT INTO stream_dropped SELECT stream_id, '{[3,4)}', 'b' FROM stream WHERE instance = 'b';
        INSERT INTO stream_hello (stream_id, said_at, sdk_version, last_seq, keys_version, accepted,
          delivered, pending, dead_lettered, dropped, rejected, journal_bytes, quarantined)
        SELECT stream_id, last_seen, '0.1', 10, 1, 10, 6, 4, 0, 0, 0, 1, 0 FROM stream;
        """);
    assertThat(scrape())
        .containsEntry("billing_streams_incomplete", 1.0)
        .containsEntry("billing_streams_missing_numbers", 3.0)
        .containsEntry("billing_streams_silent", 1.0);
  }

  /** Both ways: an alert on a metric that is not there never fires. */
  @Test
  void documentation_namesTheMetricsThatThereAre() throws Exception {
    var unused = page();
    Set<String> there = new TreeSet<>();
    Set<String> families = new TreeSet<>();
    for (String line : page().split("\n", -1)) {
      Matcher name = NAME.matcher(line);
      if (name.find() && name.start() == 0) {
        there.add(name.group());
      } else if (line.startsWith("# TYPE billing_")) {
        families.add(line.split(" ", -1)[2]);
      }
    }
    there.addAll(families);
    Set<String> named = documented();
    assertThat(there).containsAll(named);
    families.removeIf(family -> family.endsWith("_max"));
    assertThat(named).containsAll(families);
  }

  private static Set<String> documented() throws IOException {
    String document = Files.readString(Path.of("..", "..", "docs", "operations.md"));
    int begin = document.indexOf("\n## Watch\n");
    String chapter = document.substring(begin, document.indexOf("\n## ", begin + 4));
    Set<String> named = new TreeSet<>();
    // In quotes there are values of labels, which may be alike.
    Matcher name = NAME.matcher(chapter.replaceAll("\"[^\"]*\"", ""));
    while (name.find()) {
      named.add(name.group());
    }
    assertThat(named).hasSizeGreaterThan(10);
    return named;
  }
}
