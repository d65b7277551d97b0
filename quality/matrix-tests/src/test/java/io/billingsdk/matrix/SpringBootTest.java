package io.billingsdk.matrix;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.FaultProxy;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The starter in real applications of Spring Boot, with a real billing server: keys, usage, health,
 * metrics, an outage, and a stop under load.
 */
@Tag("system")
final class SpringBootTest {
  private static final List<String> ROWS =
      List.of("boot-app-3.5", "boot-app-3.5-devh", "boot-app-4.0", "boot-app-4.1");
  private static final int TOKENS = 7;
  private static final Pattern CLOSED =
      Pattern.compile(
          "billing client closed: delivered (\\d+), held in the journal (\\d+), set aside (\\d+),"
              + " lost (\\d+)");
  private static final Pattern SERVER_STOPPED = Pattern.compile("Completed gRPC server shutdown");

  @TempDir static Path directory = Path.of("");

  private static @Nullable DeskLedger ledger;

  @BeforeAll
  static void start() throws IOException {
    boolean built = Row.areResolved();
    if (!built) {
      Proof.skipped("boot-3.5", "the jars were not built: ./mvnw verify");
      Proof.skipped("boot-4", "the jars were not built: ./mvnw verify");
    }
    Assumptions.assumeTrue(built, "the jars were not built");
    ledger = DeskLedger.start(directory, ROWS);
  }

  @AfterAll
  static void stop() {
    if (ledger != null) {
      ledger.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boot-app-3.5", "boot-app-3.5-devh", "boot-app-4.0", "boot-app-4.1"})
  void application_ofSpringBoot_isProtectedMeteredAndLosesNothing(String name) throws Exception {
    long begunNanos = System.nanoTime();
    Row row = Row.named(name);
    DeskLedger.Login login = ledger().login(name);
    Path own = Files.createDirectories(directory.resolve(name));
    try (FaultProxy proxy = FaultProxy.to(ledger().port());
        BootApplication application =
            BootApplication.start(row, own, ledger().environment(login, proxy.port(), own))) {
      Proof proof = proof(row, application);
      DeskCalls calls = new DeskCalls(row, application.grpcPort(), login);
      application.awaitConnection("CONNECTED");
      assertThat(calls.outcomes()).as(application.log()).isEqualTo("right=6 of=6");
      proof.with("allowed", 2).with("denied", 4);
      assertUpDuringAnOutage(application, proxy, calls);
      proof.with("outage_health", "UP");
      proof.with("metrics", assertMetrics(application));
      DeskCalls.Load load = calls.loadUntil(application::stop);
      assertThat(load.endings()).as(application.log()).isEqualTo("UNAVAILABLE");
      MatchResult closed = assertClosedAfterTheServer(application.log());
      long reported = 2 + load.answered();
      ledger().awaitUsage(login, reported, reported * TOKENS);
      proof
          .with("reported", reported)
          .with("stored", ledger().usage(login).events())
          .with("delivered", closed.group(1))
          .with("lost", closed.group(4))
          .with("ms", (System.nanoTime() - begunNanos) / 1_000_000)
          .print();
      assertThat(closed.group(1)).isEqualTo(String.valueOf(reported));
      assertThat(closed.group(2) + closed.group(3) + closed.group(4)).isEqualTo("000");
    }
  }

  private static Proof proof(Row row, BootApplication application) {
    return Proof.of(row.name().contains("3.5") ? "boot-3.5" : "boot-4")
        .with("boot", row.version("spring-boot"))
        .with("server", row.has("spring-grpc-core") ? "spring-grpc" : "net.devh")
        .with("grpc", row.version("grpc-api"))
        .with("started_s", application.startedSeconds());
  }

  /** A broker that is away must not restart the pod, nor refuse calls with keys that are known. */
  private static void assertUpDuringAnOutage(
      BootApplication application, FaultProxy proxy, DeskCalls calls) throws Exception {
    assertThat(application.health()).containsEntry("status", "UP").containsEntry("http", "200");
    proxy.cut();
    application.awaitConnection("DISCONNECTED");
    assertThat(calls.one()).isEqualTo("right=1 of=1");
    assertThat(application.health())
        .containsEntry("status", "UP")
        .containsEntry("http", "200")
        .containsEntry("pending", "1")
        .containsKey("problem");
    proxy.pass();
    application.awaitConnection("CONNECTED");
  }

  private static int assertMetrics(BootApplication application) {
    Map<String, Double> metrics = application.metrics();
    assertThat(metrics)
        .containsEntry("billing_client_events_accepted_total", 2.0)
        .containsEntry("billing_client_connection_state{state=\"connected\"}", 1.0)
        .containsEntry("billing_client_journal_healthy", 1.0)
        .containsEntry(decided("allowed", "none"), 3.0)
        .containsEntry(decided("without_key", "none"), 1.0)
        .containsEntry(decided("denied", "missing"), 1.0)
        .containsEntry(decided("denied", "invalid"), 1.0)
        .containsEntry(decided("denied", "blocked"), 1.0)
        .containsEntry(decided("denied", "model_not_allowed"), 1.0);
    return metrics.size();
  }

  private static String decided(String result, String reason) {
    return "billing_calls_decided_total{reason=\"" + reason + "\",result=\"" + result + "\"}";
  }

  /** In the other order what the last calls report would be refused. */
  private static MatchResult assertClosedAfterTheServer(String log) {
    MatchResult closed = CLOSED.matcher(log).results().findFirst().orElseThrow();
    MatchResult stopped = SERVER_STOPPED.matcher(log).results().findFirst().orElseThrow();
    assertThat(stopped.start()).isLessThan(closed.start());
    return closed;
  }

  private static DeskLedger ledger() {
    return requireNonNull(ledger);
  }
}
