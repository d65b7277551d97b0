package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.cli.BillingCommandLine;
import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.testbed.Proof;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An attacker who has a login of an instance and knows the stream of another, in a process of his
 * own beside an honest instance: numbers that nobody gives, and streams that are full of gaps.
 */
@Timeout(300)
final class StrangersTest {
  private static final int PLANTED = 40;

  /** Events of the honest instance for each row. */
  private static final int EVENTS = Integer.getInteger("strangers.events", 200);

  private static final int RELEASE_EVENTS = 5_000;
  private static final int GAPS = 1_800;
  private static final List<String> INSTANCES = List.of("honest", "stranger");

  @TempDir static Path directory = Path.of("");

  private static WholeServer server;
  private static Child honest;
  private static Child stranger;
  private static String stream;

  @BeforeAll
  static void start() throws Exception {
    Path data = directory.resolve("data");
    // Before it starts, so that it lets them in from the beginning.
    INSTANCES.forEach(each -> OwnBroker.passwordOf(data.resolve("broker"), each));
    server = WholeServer.start(data);
    server.operator().createApp("acme");
    String keyId = server.operator().createKey("acme").id();
    honest = child("honest", HonestChild.class, keyId);
    stranger = child("stranger", StrangerChild.class, keyId);
    stream = honest.await("UP").substring(3);
    stranger.await("UP");
  }

  @AfterAll
  static void stop() {
    for (AutoCloseable each : new AutoCloseable[] {honest, stranger, server}) {
      try {
        if (each != null) {
          each.close();
        }
      } catch (Exception failed) {
        throw new AssertionError(failed);
      }
    }
  }

  @Test
  void numbersThatNobodyGives_areRefusedOrHarmless_andAllIsShownAfterwards() throws Exception {
    honest.ask("measure " + EVENTS, "MEASURED");
    long said = Long.parseLong(honest.ask("hello", "SAID").substring(5));
    String sent = stranger.ask("hostile " + stream, "SENT").substring(5);
    honest.ask("measure 50", "MEASURED");
    honest.ask("hello", "SAID");
    long last = said + 50;
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(ofHonest().path("reported").asLong()).isEqualTo(last));

    JsonNode own = ofHonest();
    assertThat(own.path("state").asText()).isEqualTo("complete");
    assertThat(own.path("stored").asLong()).isEqualTo(last);
    assertThat(own.path("instance").asText()).isEqualTo("honest");
    assertThat(own.path("dropped")).isEmpty();
    int shown = 0;
    for (JsonNode each : json("/api/v1/streams").path("items")) {
      assertThat(server.get("/api/v1/streams/" + each.path("stream").asText()).statusCode())
          .isEqualTo(200);
      shown++;
    }
    Map<String, Double> gauges = gauges();
    assertThat(gauges).hasSizeGreaterThanOrEqualTo(4);
    assertThat(gauges.values()).allSatisfy(each -> assertThat(each).isFinite());
    assertThat(gauges.get("billing_streams_unreadable")).isZero();
    long missing = value(gauges, "billing_streams_missing_numbers").longValue();
    String[] where = {"--data-dir", directory.resolve("data").toString()};
    String listed = command(1, "streams", "--json", where[0], where[1]);
    assertThat(new ObjectMapper().readTree(listed).path("items").size()).isEqualTo(shown);
    command(
        0,
        "streams",
        "write-off",
        "--instance",
        "stranger",
        "--reason",
        "an attack",
        where[0],
        where[1]);
    for (JsonNode each : json("/api/v1/streams").path("items")) {
      if (!each.path("gaps").isEmpty()) {
        // Of v1, which names no instance.
        String id = each.path("stream").asText();
        command(0, "streams", "write-off", id, "--reason", "an attack", where[0], where[1]);
      }
    }
    double left = value(gauges(), "billing_streams_missing_numbers");
    Size.proof("hostile-numbers")
        .with("planted", sent)
        .with("rejected_kept", server.count("SELECT count(*) FROM rejected_event"))
        .with("strangers_refused", value(gauges, "billing_collector_strangers_total").longValue())
        .with("streams_shown", shown)
        .with("gauges_without_number", 0)
        .with("honest_stored", own.path("stored").asLong())
        .with("honest_missing", own.path("gaps").size())
        .with("missing_of_stranger", missing)
        .with("missing_after_write_off", (long) left)
        .print();
    assertThat(sent).isEqualTo(Integer.toString(PLANTED));
    assertThat(left).isZero();
  }

  @Test
  void streamFullOfGaps_costsTheHonestInstanceNothing() throws Exception {
    // Both are warm then.
    honest.ask("measure " + EVENTS, "MEASURED");
    String[] alone = measure();
    String[] bombed = stranger.ask("bomb " + GAPS, "BOMBED").split(" ", -1);
    stranger.tell("go");
    String[] attacked = measure();
    String sent = stranger.ask("stop", "STOPPED").substring(8);
    long gaps = server.count("SELECT count(*) FROM stream_gap");
    Proof.sized("gap-bomb", EVENTS, RELEASE_EVENTS)
        .with("events", EVENTS)
        .with("gaps", gaps)
        .with("gaps_refused", bombed[3])
        .with("numbers_sent", sent)
        .with("event_p50_ms", millis(bombed[1]))
        .with("event_p50_ms_bombed", millis(bombed[2]))
        .with("alone_p50_ms", millis(alone[1]))
        .with("alone_p99_ms", millis(alone[2]))
        .with("attacked_p50_ms", millis(attacked[1]))
        .with("attacked_p99_ms", millis(attacked[2]))
        .with("ratio_p50", ratio(attacked[1], alone[1]))
        .with("ratio_p99", ratio(attacked[2], alone[2]))
        .print();
    assertThat(gaps).isBetween(GAPS * 5L, 10_100L);
    assertThat(Long.parseLong(bombed[3])).isPositive();
  }

  private static String[] measure() {
    return honest.ask("measure " + EVENTS, "MEASURED").split(" ", -1);
  }

  private static Child child(String name, Class<?> main, String keyId) {
    return WholeServer.java(
        name,
        main,
        "port=" + server.brokerPort(),
        "ca=" + server.authority(),
        "user=" + name,
        "password=" + server.passwordOf(name),
        "keyId=" + keyId);
  }

  private static JsonNode ofHonest() throws Exception {
    return json("/api/v1/streams/" + stream);
  }

  private static JsonNode json(String path) throws Exception {
    var answer = server.get(path);
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private static Double value(Map<String, Double> gauges, String name) {
    return Objects.requireNonNull(gauges.get(name), name);
  }

  private static Map<String, Double> gauges() throws Exception {
    Map<String, Double> gauges = new TreeMap<>();
    for (String line : server.get("/metrics").body().split("\n", -1)) {
      if (line.startsWith("billing_streams_") || line.startsWith("billing_collector_strangers")) {
        String[] words = line.split(" ", -1);
        gauges.put(words[0], Double.valueOf(words[1]));
      }
    }
    return gauges;
  }

  private static String command(int expected, String... arguments) {
    StringWriter said = new StringWriter();
    StringWriter complained = new StringWriter();
    int code =
        BillingCommandLine.create("billing")
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(complained))
            .execute(arguments);
    assertThat(code).as("%s %s", said, complained).isEqualTo(expected);
    return said.toString();
  }

  private static String millis(String nanos) {
    return String.format(Locale.ROOT, "%.1f", Long.parseLong(nanos) / 1e6);
  }

  private static String ratio(String nanos, String of) {
    return String.format(Locale.ROOT, "%.1f", (double) Long.parseLong(nanos) / Long.parseLong(of));
  }
}
