package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page is held against Prometheus' own tool, and against its rules where it is missing. */
@Tag("postgres")
class MetricsLintTest {
  @TempDir Path directory;

  @Test
  void metrics_ofAServer_areReadByPrometheusWithoutAWarning() throws Exception {
    String page = page();
    List<String> warnings = MetricsLint.of(page);
    assertThat(warnings).isEmpty();
    long families = page.lines().filter(line -> line.startsWith("# TYPE ")).count();
    assertThat(families).isGreaterThan(20);
    Optional<Path> tool = tool();
    String said = tool.isPresent() ? check(tool.get(), page) : "skipped";
    assertThat(said).isIn("0", "skipped");
    Proof.of("metrics-lint")
        .with("families", families)
        .with("warnings", warnings.size())
        .with("promtool", said.equals("skipped") ? "skipped: promtool is not installed" : said)
        .print();
  }

  /** With an answer, a refusal and a throttled request counted: those have meters of their own. */
  private String page() {
    try (HttpTestbed http = new HttpTestbed(directory)) {
      assertThat(http.get("/api/v1/apps").status()).isEqualTo(200);
      assertThat(http.get("/api/v1/apps/none").status()).isEqualTo(404);
      Reply metrics = http.get("/metrics");
      assertThat(metrics.status()).isEqualTo(200);
      return http.get("/metrics").body();
    }
  }

  private static Optional<Path> tool() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(each -> Path.of(each, "promtool"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** How many lines it complained in; "0" when it is content. */
  private String check(Path tool, String page) throws IOException, InterruptedException {
    Path input = Files.writeString(directory.resolve("metrics"), page);
    Path said = directory.resolve("said");
    Process promtool =
        new ProcessBuilder(tool.toString(), "check", "metrics")
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(said)).isEmpty();
    assertThat(promtool.exitValue()).isZero();
    return Long.toString(Files.readString(said).lines().count());
  }

  /** What the tool warns of, these rules warn of too. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "# TYPE a gauge\na 1\n",
        "# HELP a x\n# TYPE a counter\na 1\n",
        "# HELP a_total x\n# TYPE a_total gauge\na_total 1\n",
        "# HELP a_count x\n# TYPE a_count gauge\na_count 1\n",
        "# HELP a_ns_total x\n# TYPE a_ns_total counter\na_ns_total 1\n",
        "# HELP a_milliseconds x\n# TYPE a_milliseconds gauge\na_milliseconds 1\n",
        "# HELP aB x\n# TYPE aB gauge\naB 1\n",
        "# HELP a x\n# TYPE a gauge\na{appId=\"1\"} 1\n",
        "# HELP a_gauge x\n# TYPE a_gauge gauge\na_gauge 1\n",
        "# HELP a x\n# TYPE a gauge\na{le=\"1\"} 1\n",
        "a 1\n",
        "# HELP a x\n# TYPE a gauge\na many\n"
      })
  void lint_ofAPageThatIsWrong_warns(String page) {
    assertThat(MetricsLint.of(page)).isNotEmpty();
  }
}
