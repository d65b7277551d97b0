package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rules of the server and of a service, with their unit tests, by Prometheus' own tool; and the
 * pages that explain them. {@link AlertsTest} makes those of the server fire in a running system,
 * {@link GrafanaTest} looks for their metrics.
 */
class AlertRulesTest {
  private static final String PROOF = "alert-rules";

  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `(Billing\\w+)` \\((page|ticket)\\) \\| `(.+?)` \\| (.+?) \\| .+ \\| .+ \\|$",
          Pattern.MULTILINE);

  @TempDir Path directory = Path.of("");

  /** A file of rules, and the page that explains them. */
  private record RuleFile(String name, String page) {
    JsonNode rules() throws IOException {
      return new YAMLMapper()
          .readTree(Packaging.text("prometheus/" + name + ".yml"))
          .at("/groups/0/rules");
    }

    String tests() throws IOException {
      return Packaging.text("prometheus/" + name + "-test.yml");
    }
  }

  private static final List<RuleFile> FILES =
      List.of(
          new RuleFile("billing-alerts", "operations.md"),
          new RuleFile("billing-client-alerts", "metrics.md"));

  /** All expressions, for the test of their metrics. */
  static List<Expression> expressions() throws IOException {
    List<Expression> all = new ArrayList<>();
    for (RuleFile file : FILES) {
      for (JsonNode rule : file.rules()) {
        all.add(new Expression(rule.path("alert").textValue(), rule.path("expr").textValue()));
      }
    }
    return all;
  }

  @Test
  void pages_explainEachRuleAsItIs() throws IOException {
    for (RuleFile file : FILES) {
      List<String> expected = new ArrayList<>();
      for (JsonNode rule : file.rules()) {
        expected.add(
            String.join(
                " ~ ",
                rule.path("alert").textValue(),
                rule.at("/labels/severity").textValue(),
                rule.path("expr").textValue(),
                rule.path("for").asText("at once")));
        assertThat(rule.at("/annotations/summary").asText()).matches("[A-Z].+\\.");
      }
      List<String> explained = new ArrayList<>();
      Matcher row = ROW.matcher(Files.readString(Packaging.path("../docs/" + file.page())));
      while (row.find()) {
        explained.add(
            String.join(
                " ~ ", row.group(1), row.group(2), row.group(3).replace("\\|", "|"), row.group(4)));
      }
      assertThat(explained).isEqualTo(expected);
    }
  }

  @Test
  void rules_withTheirUnitTests_areRightForPrometheus() throws Exception {
    PromTool tool = tool();
    int rules = 0;
    int tests = 0;
    for (RuleFile file : FILES) {
      assertThat(judged(tool, file, text -> text)).as(file.name()).isEmpty();
      for (JsonNode rule : file.rules()) {
        String alert = rule.path("alert").textValue();
        assertThat(file.tests())
            .contains("- name: " + alert + " fires ", "- name: " + alert + " is silent ");
        rules++;
      }
      tests += new YAMLMapper().readTree(file.tests()).path("tests").size();
    }
    Proof.of(PROOF).with("rules", rules).with("unit_tests", tests).with("failed", 0).print();
  }

  /** Each rule that never fires, or always, fails a unit test of its own; so do rules too early. */
  @Test
  void unitTests_ofRulesThatAreWrong_fail() throws Exception {
    PromTool tool = tool();
    int planted = 0;
    for (RuleFile file : FILES) {
      for (String wrong : List.of("vector(0) > 1", "vector(1)")) {
        String said =
            judged(
                tool,
                file,
                text -> text.replaceAll("(?m)^        expr: .*$", "        expr: " + wrong));
        for (JsonNode rule : file.rules()) {
          String alert = rule.path("alert").textValue();
          assertThat(said).as(wrong).contains("alertname: " + alert + ",");
          planted++;
        }
      }
      String early = judged(tool, file, text -> text.replaceAll("(?m)^        for: .*\\n", ""));
      for (JsonNode rule : file.rules()) {
        if (rule.has("for")) {
          assertThat(early).contains("alertname: " + rule.path("alert").textValue() + ",");
          planted++;
        }
      }
    }
    Proof.of(PROOF + "-planted").with("planted", planted).with("found", planted).print();
  }

  private String judged(PromTool tool, RuleFile file, UnaryOperator<String> plant)
      throws Exception {
    String rules = Packaging.text("prometheus/" + file.name() + ".yml");
    Files.writeString(directory.resolve(file.name() + ".yml"), plant.apply(rules));
    Files.writeString(directory.resolve(file.name() + "-test.yml"), file.tests());
    return tool.run(directory, "check", "rules", file.name() + ".yml")
        + tool.run(directory, "test", "rules", file.name() + "-test.yml");
  }

  private static PromTool tool() {
    Optional<PromTool> tool = PromTool.installed();
    if (tool.isEmpty()) {
      Proof.skipped(PROOF, "promtool is not installed");
      Assumptions.abort("no promtool");
    }
    return tool.orElseThrow();
  }
}
