package io.billingsdk.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.catalog.PlanFile.CaseResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/plans.md shows is read, and costs what the page says. */
class PlanPageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "plans.md");

  static List<String> blocks() throws IOException {
    return Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  @Test
  void cases_ofThePage_areOkForThePlanOfThePage() throws IOException {
    List<String> blocks = blocks();
    assertThat(blocks).hasSize(2);
    List<CaseResult> results = PlanFile.parse(blocks.get(0)).test(blocks.get(1));
    assertThat(results)
        .hasSize(2)
        .allSatisfy(result -> assertThat(result.differences()).as(result.name()).isEmpty());
  }

  @Test
  void case_thatDiffers_saysWhereAndByHowMuch() throws IOException {
    PlanFile file = PlanFile.parse(blocks().get(0));
    String cases =
        """
        cases:
          - {name: a, plan: team, usage: {tokens: {x: 1000}}, amounts: {base: 50, none: 1}, total: 49.02}
          - {name: b, plan: tame, total: 1}
          - {name: c, plan: team, usage: {tokens: 5}, total: 1}
          - {name: d, plan: team, usage: {calls: 5}, total: 49}
        """;
    assertThat(file.test(cases))
        .extracting(CaseResult::differences)
        .containsExactly(
            List.of(
                "the charge base must be 50, but is 49.00 USD",
                "the plan has no charge with the id none",
                "the total must be 49.02, but is 49.00 USD"),
            List.of("the file has no plan with the id tame"),
            List.of("usage of the charge tokens must be by the values of model"),
            List.of("no charge of the plan reads the meter calls"));
  }
}
