package io.billingsdk.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.billingsdk.Billing;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("system")
class DemoEndToEndTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path directory = Path.of("");

  /** All in one run: each starts a server, kills it, and starts it again. */
  @Test
  void demo_ownInputAsJson_tellsTheStory_everythingAgrees_andNothingIsLeft() throws IOException {
    Files.writeString(directory.resolve("mine.txt"), "My own prompt.\n");
    CommandRun run =
        CommandRun.of(
            "demo", "--calls", "60", "--seed", "5", "--json", "--input", directory.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(1);
    agrees(JSON.readTree(run.out()));
    assertThat(run.err())
        .contains("1 prompts, 0 WAV files")
        .contains("is blocked: invoice 1042 is overdue")
        .contains("speaks protocol v2")
        .contains("aurora subscribes to enterprise; its key has a quota of 1000 calls")
        .containsPattern("quota of aurora: [1-9][0-9]* of 1000 calls used")
        .contains("killed with SIGKILL")
        .contains("0 numbers missing")
        .contains("everything agrees")
        .doesNotContain("\u001b[");
    assertThat(Billing.client()).isEmpty();
    try (Stream<Path> left = Files.list(Path.of(System.getProperty("java.io.tmpdir", "/tmp")))) {
      assertThat(left.filter(DemoEndToEndTest::isOurs)).isEmpty();
    }
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  private static void agrees(JsonNode result) {
    assertThat(result.path("calls").asInt()).isEqualTo(60);
    assertThat(result.path("seed").asInt()).isEqualTo(5);
    assertThat(result.path("equal").asBoolean()).isTrue();
    assertThat(result.path("ok").asBoolean()).isTrue();
    assertThat(result.path("stored").asLong())
        .isEqualTo(result.path("reported").asLong())
        .isEqualTo(result.path("allowed").asLong())
        .isEqualTo(60 - denied(result));
    assertThat(result.path("refused").asLong()).isZero();
    assertThat(result.path("missing").asLong()).isZero();
    assertThat(result.path("held_in_outage").asLong()).isPositive();
    assertThat(sumOf(result, "stored")).isEqualByComparingTo(sumOf(result, "reported"));
  }

  /** Those of other runs on this machine are left out: theirs is another process in their name. */
  private static boolean isOurs(Path path) {
    return path.getFileName() != null
        && path.getFileName()
            .toString()
            .startsWith("billing-demo-" + ProcessHandle.current().pid());
  }

  private static long denied(JsonNode result) {
    long denied = 0;
    for (JsonNode calls : result.path("denied")) {
      denied += calls.asLong();
    }
    return denied;
  }

  private static BigDecimal sumOf(JsonNode result, String side) {
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode line : result.path("usage")) {
      sum = sum.add(line.path(side).path("usage").decimalValue());
    }
    return sum;
  }
}
