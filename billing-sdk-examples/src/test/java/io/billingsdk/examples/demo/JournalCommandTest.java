package io.billingsdk.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.billingsdk.Billing;
import io.billingsdk.BillingConfig;
import io.billingsdk.DrainReport;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.WireSpy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look into a journal that a process left with five events in it. */
@Tag("broker")
final class JournalCommandTest {
  private static final String KEY = "sk-CANARY-journal";

  @TempDir Path directory = Path.of("");
  private Path journal = Path.of("");

  @BeforeEach
  void leaveFiveEvents() {
    journal = directory.resolve("journal");
    Billing.start(BillingConfig.builder().host("broker.invalid").journalDirectory(journal).build());
    for (int i = 1; i <= 5; i++) {
      Billing.reportUsage(KEY, "llm", "gpt-4", i);
    }
    assertThat(Billing.close(Duration.ZERO)).isEqualTo(DrainReport.of(0, 5, 0));
  }

  @Test
  void inspect_journalOfADeadProcess_showsWhatIsPendingAndChangesNothing() throws IOException {
    Map<Path, Long> before = sizes();
    CommandRun run = CommandRun.of("journal", "inspect", journal.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("slot-00  free, 1 segments")
        .contains("seq 1..5, 5 records, 0 settled, 5 pending, 0 damaged")
        .contains("1 slots, 5 events pending");
    assertThat(sizes()).isEqualTo(before);
  }

  @Test
  void inspect_damagedSegment_saysSoByItsExitCode() throws IOException {
    Path segment = segment();
    byte[] bytes = Files.readAllBytes(segment);
    bytes[64 + 40] ^= 1; // In the body of the first record.
    Files.write(segment, bytes);
    CommandRun run = CommandRun.of("journal", "inspect", journal.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("4 pending, 1 damaged");
  }

  @Test
  void inspect_slotIsALink_namesItAndGoesOn() throws IOException {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.createFile(elsewhere.resolve("LOCK"));
    Files.createSymbolicLink(journal.resolve("slot-01"), elsewhere);
    CommandRun run = CommandRun.of("journal", "inspect", journal.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("slot-01  not used: " + journal.resolve("slot-01") + " is a symbolic link")
        .contains("2 slots, 5 events pending, 1 damaged or refused");
    assertThat(CommandRun.of("journal", "export", journal.toString()).exitCode()).isZero();
  }

  @Test
  void export_pendingEvents_areJsonLinesWithoutTheKey() throws IOException {
    CommandRun run = CommandRun.of("journal", "export", journal.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(run.out()).doesNotContain(KEY);
    JsonNode last = JsonMapper.builder().build().readTree(lines.get(4));
    assertThat(last.path("seq").asLong()).isEqualTo(5);
    assertThat(last.path("usage").asLong()).isEqualTo(5);
    assertThat(last.path("module").asText()).isEqualTo("llm");
    assertThat(last.path("api_key").asText()).isEqualTo("***");
  }

  @Test
  void replay_brokerFromTheSettings_deliversAndLeavesNothing() throws Exception {
    try (EmbeddedTestBroker broker = EmbeddedTestBroker.in(directory.resolve("broker"))) {
      broker.start();
      Map<String, String> settings =
          Map.of(
              "billing.host", broker.host(),
              "billing.port", String.valueOf(broker.port()),
              "billing.caCertificates", broker.caPem().toString(),
              "billing.username", Role.SDK.user(),
              "billing.password", Role.SDK.password(),
              // Nobody is there who would say it.
              "billing.protocol", "v1");
      settings.forEach(System::setProperty);
      try (WireSpy system = WireSpy.on(broker, Role.SYSTEM, "billing/report")) {
        CommandRun run = CommandRun.of("journal", "replay", "--timeout", "60", journal.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("5 delivered, 0 left, 0 set aside");
        system.await(seen -> seen.size() == 5, Duration.ofSeconds(60));
      } finally {
        settings.keySet().forEach(System::clearProperty);
      }
      assertThat(CommandRun.of("journal", "inspect", journal.toString()).out())
          .contains(" 0 events pending");
    }
  }

  @Test
  void inspect_noSuchDirectory_isABadArgument() {
    CommandRun run = CommandRun.of("journal", "inspect", directory.resolve("none").toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("DIR must be the directory of a journal");
  }

  private Path segment() throws IOException {
    try (Stream<Path> files = Files.walk(journal)) {
      return files.filter(file -> file.toString().endsWith(".wal")).findFirst().orElseThrow();
    }
  }

  private Map<Path, Long> sizes() throws IOException {
    try (Stream<Path> files = Files.walk(journal)) {
      return files
          .filter(Files::isRegularFile)
          .collect(java.util.stream.Collectors.toMap(file -> file, file -> file.toFile().length()));
    }
  }
}
