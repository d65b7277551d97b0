package io.billingsdk.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.PagePrograms;
import io.billingsdk.server.providers.NpmPackages;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final int OLDEST_NODE = 20;
  private static final PagePrograms PAGE = new PagePrograms("costs.md", PROOF);

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
    String version = PagePrograms.version("python3");
    PAGE.skipWithout(version.startsWith("Python 3"), "python", "no python3");
    Path program = Files.writeString(directory.resolve("costs.py"), PAGE.program("python"));
    requireExecution("run-18", run(List.of("python3", program.toString())));
    Proof.of(PROOF).with("of", "python").with("version", version).with("cost", "0.06").print();
  }

  @Test
  void typeScript_ofThePage_isCorrect_sendsACostAndAStep_andReadsTheExecution() throws Exception {
    String version = PagePrograms.version("node");
    Matcher major = Pattern.compile("v([0-9]+)[.].*").matcher(version);
    PAGE.skipWithout(
        major.matches() && Integer.parseInt(major.group(1)) >= OLDEST_NODE,
        "typescript",
        "node is " + version + ", not " + OLDEST_NODE + " or newer");
    Optional<Path> packages = NpmPackages.typeScript();
    PAGE.skipWithout(packages.isPresent(), "typescript", "npm has no compiler of TypeScript here");
    Path program = Files.writeString(directory.resolve("costs.mts"), PAGE.program("ts"));
    assertThat(PagePrograms.run(compile(packages.orElseThrow(), program), Map.of())).isEmpty();
    requireExecution("run-19", run(List.of("node", directory.resolve("costs.mjs").toString())));
    Proof.of(PROOF).with("of", "typescript").with("version", version).with("cost", "0.06").print();
  }

  private static List<String> compile(Path packages, Path program) {
    Path modules = packages.resolve("node_modules");
    return List.of(
        modules.resolve(".bin/tsc").toString(),
        "--strict",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--types",
        "node",
        "--typeRoots",
        modules.resolve("@types").toString(),
        program.toString());
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
    String authority = directory.resolve("ca.pem").toString();
    return PagePrograms.run(
        command,
        Map.of(
            "BILLING_URL",
            http.address(),
            "BILLING_TOKEN",
            http.writeToken(),
            "SSL_CERT_FILE",
            authority,
            "NODE_EXTRA_CA_CERTS",
            authority,
            "NODE_NO_WARNINGS",
            "1"));
  }
}
