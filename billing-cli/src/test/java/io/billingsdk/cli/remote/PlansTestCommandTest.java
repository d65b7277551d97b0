package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plan files without a server. */
class PlansTestCommandTest {
  private static String example = "";

  @TempDir Path directory = Path.of("");

  private Path plans = Path.of("");

  @BeforeAll
  static void printExample() {
    CommandRun run = CommandRun.of("plans", "example");
    assertThat(run.exitCode()).isZero();
    example = run.out();
  }

  @BeforeEach
  void writeExample() throws IOException {
    plans = Files.writeString(directory.resolve("plans.yaml"), example);
  }

  private CommandRun test(String... more) {
    String[] all = new String[3 + more.length];
    all[0] = "plans";
    all[1] = "test";
    all[2] = plans.toString();
    System.arraycopy(more, 0, all, 3, more.length);
    return CommandRun.of(all);
  }

  private Path cases(String text) throws IOException {
    return Files.writeString(directory.resolve("cases.yaml"), text);
  }

  @Test
  void plan_ofTheExample_costsWhatItSays() {
    CommandRun run = test("--plan", "pro", "--usage", "calls=6000");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("base", "29.00 USD", "total");
    assertThat(test("--plan", "enterprise", "--json").out())
        .isEqualTo(
            "{\"amounts\":{\"base\":\"99.00\"},\"trueUp\":\"0.00\",\"total\":\"99.00\",\"currency\":\"USD\"}"
                + System.lineSeparator());
  }

  @Test
  void cases_thatAreRight_exitWith0_andOthersWith3() throws IOException {
    Path right =
        cases("cases:\n  - {name: the price list, plan: pro, amounts: {base: 29}, total: 29}\n");
    CommandRun run = test("--cases", right.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("ok       the price list: 29.00 USD");

    Path wrong = cases("cases:\n  - {name: the price list, plan: pro, total: 39}\n");
    CommandRun refused = test("--cases", wrong.toString());
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.out())
        .contains("differs  the price list: the total must be 39, but is 29.00 USD");
    assertThat(refused.err()).contains("1 of 1 cases differ");
  }

  @Test
  void whatIsWrong_isSaidInOneLine() throws IOException {
    assertThat(test().err()).contains("give either --cases or --plan");
    assertThat(test("--plan", "gold").err())
        .contains("--plan must be one of free, pro, enterprise");
    Files.writeString(plans, Files.readString(plans).replace("amount: 29", "amount: -29"));
    CommandRun run = test("--plan", "pro");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .isEqualTo(
            "billing: plans[1].charges[0].price.amount must be a number from 0"
                + " with at most 18 decimals, such as 12.50"
                + System.lineSeparator());
    Files.writeString(plans, "plans: [\n");
    assertThat(test("--plan", "pro").err()).contains("plan file must be YAML or JSON; line");
    Files.delete(plans);
    assertThat(test("--plan", "pro").err()).contains("there is no file");
  }

  @Test
  void usage_ofAMeterThatNoChargeReads_andOfOneTwice_isRefusedByItsName() throws IOException {
    CommandRun unknown = test("--plan", "pro", "--usage", "cals=6000");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("--usage names the meter cals, which no charge and no quota of the plan reads");
    assertThat(unknown.out()).isEmpty();

    Files.writeString(
        plans,
        """
        plans:
          - plan: pro
            name: Pro
            currency: USD
            interval: month
            entitlements: {models: all}
            charges:
              - {id: calls, name: C, kind: metered, meter: calls, dimension: model,
                 price: {model: unit, price: 1}, prices: {gpt-4: {model: unit, price: 2}}}
        meters:
          - {slug: calls, unit: call, value: one, aggregation: count}
        """);
    assertThat(test("--plan", "pro", "--usage", "calls/a=1", "--usage", "calls/gpt-4=2").out())
        .contains("5.00 USD");
    assertThat(test("--plan", "pro", "--usage", "x=1").err()).contains("give one of calls");
    for (String[] twice :
        new String[][] {
          {"calls/a=1", "calls/a=2"},
          {"calls=1", "calls=1"},
          {"calls=1", "calls/a=1"},
          {"calls/a=1", "calls=1"}
        }) {
      CommandRun run = test("--plan", "pro", "--usage", twice[0], "--usage", twice[1]);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("--usage names calls", "twice; give each meter once");
    }
  }

  @Test
  void schema_isJson() {
    assertThat(CommandRun.of("plans", "schema").out()).startsWith("{\n").contains("\"$defs\"");
  }
}
