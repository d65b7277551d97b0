package io.billingsdk.server.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of docs/costs.md, as they stand there, against a server. */
@Tag("postgres")
class PlainHttpSnippetsTest {
  private static final String PROOF = "plain-http-snippets";
  private static final Path PAGE = Path.of("../../docs/costs.md");
  private static final int NODE_WITH_TYPES = 22;

  @TempDir Path directory;

  private HttpTestbed http;

  @BeforeEach
  void start() {
    http = new HttpTestbed(directory);
    http.startCosts();
  }

  @AfterEach
  void stop() {
    http.close();
  }

  @Test
  void python_ofThePage_sendsACostAndAStep_andReadsTheExecution() throws Exception {
    String version = version("python3");
    skipWithout(version.startsWith("Python 3"), "python", "no python3");
    Path program = Files.writeString(directory.resolve("costs.py"), snippet("python"));
    requireExecution("run-18", run(List.of("python3", program.toString())));
    Proof.of(PROOF).with("of", "python").with("version", version).with("cost", "0.06").print();
  }

  @Test
  void typeScript_ofThePage_sendsACostAndAStep_andReadsTheExecution() throws Exception {
    String version = version("node");
    Matcher major = Pattern.compile("v([0-9]+)[.].*").matcher(version);
    skipWithout(
        major.matches() && Integer.parseInt(major.group(1)) >= NODE_WITH_TYPES,
        "typescript",
        "node is " + version + ", not 22 or newer");
    Path program = Files.writeString(directory.resolve("costs.mts"), snippet("ts"));
    requireExecution(
        "run-19", run(List.of("node", "--experimental-strip-types", program.toString())));
    Proof.of(PROOF).with("of", "typescript").with("version", version).with("cost", "0.06").print();
  }

  private static void skipWithout(boolean isThere, String what, String why) {
    if (!isThere) {
      Proof.skipped(PROOF + "-" + what, why);
    }
    assumeTrue(isThere, why);
  }

  private static String snippet(String language) throws IOException {
    Matcher found =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    assertThat(found.find()).as(language).isTrue();
    return found.group(1);
  }

  /** The program reads it before its cost is made, as it may be. */
  private void requireExecution(String id, String printed) throws IOException {
    JsonNode said = CostServer.JSON.readTree(printed);
    assertThat(said.path("execution_id").asText()).as(printed).isEqualTo(id);
    assertThat(said.path("steps").path(0).path("duration").asLong()).isEqualTo(2_150);
    http.makeCosts();
    JsonNode later = http.get("/api/analytics/executions/" + id).json();
    assertThat(later.path("total_cost").decimalValue()).isEqualByComparingTo("0.06");
    assertThat(later.path("user_id").asText()).isEqualTo("ann");
  }

  private String run(List<String> command) throws Exception {
    ProcessBuilder program = new ProcessBuilder(command).redirectErrorStream(true);
    program.environment().keySet().removeIf(PlainHttpSnippetsTest::isOfAProxy);
    program.environment().put("BILLING_URL", http.address());
    program.environment().put("BILLING_TOKEN", http.writeToken());
    String authority = directory.resolve("ca.pem").toString();
    program.environment().put("SSL_CERT_FILE", authority);
    program.environment().put("NODE_EXTRA_CA_CERTS", authority);
    program.environment().put("NODE_NO_WARNINGS", "1");
    Process running = program.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(running.waitFor()).as(said).isZero();
    return said;
  }

  private static boolean isOfAProxy(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith("_proxy");
  }

  private static String version(String program) throws Exception {
    try {
      Process asked = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
      String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return asked.waitFor() == 0 ? said.strip() : "absent";
    } catch (IOException absent) {
      return "absent";
    }
  }
}
