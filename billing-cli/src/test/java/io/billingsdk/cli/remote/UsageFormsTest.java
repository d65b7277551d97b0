package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.cli.console.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sums as bars and as comma-separated values. */
class UsageFormsTest {
  private static final Instant DAY = Instant.parse("2027-01-31T00:00:00Z");
  private static final Terminal PLAIN = new Terminal(true, false, false, false, 50);
  private static final Terminal UNICODE = new Terminal(true, false, false, true, 50);

  private static UsageSums.Row row(@Nullable String app, String usage) {
    return new UsageSums.Row(DAY, Arrays.asList(app), 1, new BigDecimal(usage), List.of());
  }

  private static UsageSums sums(UsageSums.Row... rows) {
    return new UsageSums("day", List.of("app"), List.of(), List.of(rows));
  }

  private static String bars(UsageSums sums, Terminal terminal) {
    StringWriter out = new StringWriter();
    new UsageBars(sums, ZoneOffset.UTC, terminal).print(new PrintWriter(out));
    return out.toString();
  }

  private static String csv(UsageSums sums) {
    StringWriter out = new StringWriter();
    UsageCsv.print(sums, new PrintWriter(out));
    return out.toString();
  }

  @Test
  void bars_fillTheLineByTheirPartOfTheLargest() {
    UsageSums sums = sums(row("acme", "100"), row("b", "50.5"), row(null, "0.001"), row("z", "0"));
    assertThat(bars(sums, PLAIN))
        .isEqualToNormalizingNewlines(
            """
            day         app   events    usage
            2027-01-31  acme       1      100  ###############
            2027-01-31  b          1     50.5  ########
            2027-01-31  -          1    0.001  #
            2027-01-31  z          1        0
            total                  4  150.501
            """);
    assertThat(bars(sums, PLAIN).lines()).allMatch(line -> line.length() <= 50);
  }

  @Test
  void bars_inUnicode_areInEighths() {
    assertThat(bars(sums(row("a", "120"), row("b", "1"), row("c", "61")), UNICODE))
        .contains("  120  " + "\u2588".repeat(18) + "\n")
        .contains("    1  \u258f\n")
        .contains("   61  " + "\u2588".repeat(9) + "\u258f\n");
  }

  @Test
  void bars_inColour_areTheBarsAlone() {
    Terminal colour = new Terminal(true, true, false, false, 50);
    assertThat(bars(sums(row("acme", "1")), colour)).contains("1  \u001b[36m###");
    assertThat(bars(sums(row("acme", "1")), PLAIN)).doesNotContain("\u001b");
  }

  @Test
  void bars_namesOfOthers_moveNoCursorAndNoColumn() {
    String table = bars(sums(row("\u001b[2J" + "x".repeat(100), "1")), PLAIN);
    assertThat(table).doesNotContain("\u001b").contains("\\u001b[2Jxxx").contains("x~  ");
  }

  @Test
  void bars_ofAnAmountWithManyDecimals_areNotWiderThanATerminal() {
    UsageSums sums = sums(row("acme", "0." + "0".repeat(500) + "1"), row("b", "12.5"));
    assertThat(bars(sums, PLAIN).lines()).allMatch(line -> line.length() <= 100);
    assertThat(bars(sums, PLAIN)).contains("0.0000").contains("000~  ").contains("12.5");
    assertThat(csv(sums)).contains("0." + "0".repeat(500) + "1");
  }

  @Test
  void time_ofAnHour_hasTheOffsetOfItsClock() {
    UsageSums hour =
        new UsageSums(
            "hour",
            List.of(),
            List.of(),
            List.of(new UsageSums.Row(DAY, List.of(), 1, BigDecimal.ONE, List.of())));
    StringWriter out = new StringWriter();
    new UsageBars(hour, ZoneId.of("Asia/Kathmandu"), PLAIN).print(new PrintWriter(out));
    assertThat(out.toString()).contains("2027-01-31T05:45+05:45");
  }

  @Test
  void csv_isOfRfc4180AndExact() {
    UsageSums sums =
        sums(row("a,b", "0.1000"), row("say \"x\"", "123456789012345678.9"), row(null, "1E+3"));
    assertThat(csv(sums))
        .isEqualTo(
            "start,app,events,usage\r\n"
                + "2027-01-31T00:00:00Z,\"a,b\",1,0.1000\r\n"
                + "2027-01-31T00:00:00Z,\"say \"\"x\"\"\",1,123456789012345678.9\r\n"
                + "2027-01-31T00:00:00Z,,1,1000\r\n");
    assertThat(csv(sums(row("a\nb", "1")))).contains(",a\\u000ab,");
  }
}
