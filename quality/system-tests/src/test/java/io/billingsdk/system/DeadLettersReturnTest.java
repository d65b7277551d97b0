package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.BillingClient;
import io.billingsdk.ClientStatus;
import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.ConnectionState;
import io.billingsdk.UsageEvent;
import io.billingsdk.cli.Main;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.journal.StoredJournal;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.keys.NewKey;
import io.billingsdk.testbed.MosquittoTestBroker;
import io.billingsdk.testbed.OneAuthority;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.Role;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events that were set aside because of a wrong clock or a small packet limit, on a real broker
 * with TLS, server and PostgreSQL: they come back by commands, and each is counted once.
 */
@Timeout(300)
final class DeadLettersReturnTest {
  private static final int EVENTS = Integer.getInteger("dead.letters", 200);
  private static final int RELEASE_EVENTS = 5_000;
  private static final Duration AHEAD = Duration.ofHours(25);
  private static final String PROOF = "dead-letters-return";
  private static final int SMALL_PACKETS = 2_000;
  private static final String PADDING = "x".repeat(1_000);

  @TempDir Path directory;

  private InProcess world;
  private MosquittoTestBroker broker;
  private NewKey key;

  /** A clock that somebody has set wrong, and may set right. */
  private static final class WrongClock implements Clock {
    private volatile long aheadMillis = AHEAD.toMillis();

    @Override
    public long wallMillis() {
      return System.currentTimeMillis() + aheadMillis;
    }

    @Override
    public long monotonicNanos() {
      return System.nanoTime();
    }
  }

  private record Run(int exitCode, String said) {}

  @BeforeEach
  void start() throws Exception {
    Optional<String> lacking = MosquittoTestBroker.whyNotInstalled();
    lacking.ifPresent(why -> Proof.skipped(PROOF, why));
    Assumptions.assumeTrue(lacking.isEmpty(), lacking::toString);
    broker =
        MosquittoTestBroker.in(directory.resolve("broker"), "max_packet_size " + SMALL_PACKETS);
    world = InProcess.start(directory, broker);
    key = world.admin().create("acme", List.of(), null, /* legacy= */ false);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void deadLetters_ofAWrongClockAndASmallPacketLimit_areAllInTheLedgerOnce() throws Exception {
    honestServices();
    int clock = wrongClock();
    int bothWays = replayedOnBothSides();
    int packets = smallPackets();

    long ledger = world.number("SELECT count(*) FROM usage_event");
    long distinct =
        world.number("SELECT count(*) FROM (SELECT DISTINCT stream_id, seq FROM usage_event) AS e");
    long right =
        world.number(
            "SELECT count(*) FROM usage_event WHERE occurred_at BETWEEN now() - interval '1 hour'"
                + " AND now()");
    Proof.sized(PROOF, EVENTS, RELEASE_EVENTS)
        .with("wrong_clock", clock)
        .with("replayed_on_both_sides", bothWays)
        .with("small_packets", packets)
        .with("delivered_at_once", SMALL_AND_RIGHT)
        .with("in_the_ledger", ledger)
        .with("missing", clock + bothWays + packets + SMALL_AND_RIGHT - distinct)
        .with("double", ledger - distinct)
        .with("with_the_true_time", right)
        .print();
    assertThat(ledger).isEqualTo((long) clock + bothWays + packets + SMALL_AND_RIGHT);
    assertThat(distinct).isEqualTo(ledger);
    assertThat(right).isEqualTo(ledger);
    assertThat(world.number("SELECT count(*) FROM conflicting_event")).isZero();
    assertThat(world.number("SELECT coalesce(sum(events), 0) FROM usage_rollup")).isEqualTo(ledger);
  }

  /** Services whose clocks are right, so that it is known whose is wrong. */
  private static final int HONEST = 2;

  private static final int SMALL = 10;

  /** Events that are not set aside: small ones, one with the clock set right, and of the honest. */
  private static final int SMALL_AND_RIGHT = SMALL + 1 + HONEST;

  private void honestServices() throws Exception {
    for (int i = 0; i < HONEST; i++) {
      try (BillingClient client = world.client("honest-" + i, settings -> settings)) {
        report(client, 1, Map.of());
        assertThat(client.flush(InProcess.PATIENCE).held()).isZero();
      }
    }
  }

  private void report(BillingClient client, int events, Map<String, Object> metadata) {
    for (int i = 0; i < events; i++) {
      assertThat(
              client
                  .report(UsageEvent.of(key.text(), "llm", "m", i).withMetadata(metadata))
                  .accepted())
          .isTrue();
    }
  }

  private int wrongClock() throws Exception {
    WrongClock clock = new WrongClock();
    try (BillingClient client = world.client("ahead", clock, settings -> settings)) {
      report(client, EVENTS, Map.of());
      await()
          .atMost(InProcess.PATIENCE)
          .until(() -> client.status().delivery().deadLettered() == EVENTS);
      ClientStatus status = client.status();
      assertThat(status.state()).isEqualTo(ConnectionState.CONNECTED);
      assertThat(status.delivery().trouble()).contains(EVENTS + " events", "IN_FUTURE", "--dead");
      assertThat(Objects.requireNonNull(status.lastProblem()).kind())
          .isEqualTo(ProblemKind.REFUSED);

      Run dry = replay("ahead", "--dead", "--dry-run", "--reason", "IN_FUTURE");
      assertThat(dry.said()).contains(EVENTS + " events: ", "in the future", "would be sent");
      Run still = replay("ahead", "--dead");
      assertThat(still.said()).contains("0 delivered, " + EVENTS + " refused again");
      assertThat(still.exitCode()).isEqualTo(1);
      assertThat(setAside("ahead")).isEqualTo(EVENTS);

      Run back = replay("ahead", "--dead", "--occurred-at-offset=-25h");
      assertThat(back.said()).contains(EVENTS + " delivered, 0 refused again, 0 not sent");
      assertThat(back.exitCode()).isZero();
      assertThat(setAside("ahead")).isZero();

      clock.aheadMillis = 0;
      report(client, 1, Map.of());
      await().atMost(InProcess.PATIENCE).until(() -> client.status().delivery().delivered() == 1);
      assertThat(client.status().delivery().trouble()).isNull();
    }
    // The billing system kept them as rejected, too.
    JsonNode again = replayOnTheServer("ahead");
    assertThat(again.path("stored").asInt()).isZero();
    return EVENTS;
  }

  /** First on the server with the offset, then from the journal with the wrong times. */
  private int replayedOnBothSides() throws Exception {
    int events = EVENTS / 2;
    try (BillingClient client = world.client("both", new WrongClock(), settings -> settings)) {
      report(client, events, Map.of());
      await()
          .atMost(InProcess.PATIENCE)
          .until(() -> client.status().delivery().deadLettered() == events);
    }
    JsonNode stored = replayOnTheServer("both");
    assertThat(stored.path("stored").asInt()).as(stored.toString()).isEqualTo(events);
    Run back = replay("both", "--dead");
    assertThat(back.said()).contains(events + " delivered, 0 refused again");
    assertThat(setAside("both")).isZero();
    return events;
  }

  private int smallPackets() throws Exception {
    int large = EVENTS / 4;
    Map<String, Object> metadata = Map.of("a", PADDING, "b", PADDING, "c", PADDING);
    try (BillingClient client = world.client("large", settings -> settings)) {
      report(client, large, metadata);
      report(client, SMALL, Map.of());
      await()
          .atMost(InProcess.PATIENCE)
          .until(
              () ->
                  client.status().delivery().deadLettered() == large
                      && client.status().delivery().delivered() == SMALL);
    }
    assertThat(replay("large", "--dead").said()).contains(large + " refused again");
    assertThat(setAside("large")).isEqualTo(large);
    raisePacketLimit();
    Run back = replay("large", "--dead");
    assertThat(back.said()).contains(large + " delivered, 0 refused again, 0 not sent");
    assertThat(setAside("large")).isZero();
    return large;
  }

  private void raisePacketLimit() throws Exception {
    Path configuration = directory.resolve("broker").resolve("mosquitto.conf");
    String small = Files.readString(configuration);
    assertThat(small).contains("max_packet_size " + SMALL_PACKETS);
    broker.stop();
    Files.writeString(
        configuration, small.replace("max_packet_size " + SMALL_PACKETS, "max_packet_size 300000"));
    broker.start();
  }

  private long setAside(String instance) throws Exception {
    return StoredJournal.in(world.journal(instance)).deadEvents().size();
  }

  /** The command as an operator runs it, beside the service. */
  private Run replay(String instance, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "journal",
                "replay",
                world.journal(instance).toString()));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.put("BILLING_HOST", broker.host());
    environment.put("BILLING_PORT", Integer.toString(broker.port()));
    environment.put("BILLING_CA_CERTIFICATES", broker.caPem().toString());
    environment.put("BILLING_USERNAME", broker.user(Role.SDK));
    environment.put("BILLING_PASSWORD", broker.password(Role.SDK));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), said);
  }

  private JsonNode replayOnTheServer(String instance) throws Exception {
    Path authority = BillingServer.brokerDirectory(directory.resolve("data")).resolve("ca.pem");
    HttpClient client = HttpClient.newBuilder().sslContext(OneAuthority.tls(authority)).build();
    ObjectMapper json = new ObjectMapper();
    String cursor = "";
    int stored = 0;
    JsonNode page;
    do {
      String body =
          "{\"code\":\"IN_FUTURE\",\"instance\":\"%s\",\"occurredAtOffsetSeconds\":%d,\"limit\":500%s}"
              .formatted(instance, -AHEAD.toSeconds(), cursor);
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("https://localhost:" + world.httpPort() + "/api/v1/rejected/replay"))
              .header("Authorization", "Bearer " + world.token())
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body))
              .build();
      page = json.readTree(client.send(request, BodyHandlers.ofString()).body());
      stored += page.path("stored").asInt();
      cursor = page.has("next") ? ",\"cursor\":\"" + page.path("next").asText() + "\"" : "";
    } while (!cursor.isEmpty());
    return json.createObjectNode().put("stored", stored).put("last", page.toString());
  }
}
