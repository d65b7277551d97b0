package io.billingsdk.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Terminal WIDE = new Terminal(true, false, false, true, 200);
  private static final Terminal NARROW = new Terminal(true, false, false, true, 40);

  private static List<String> printed(Table table) {
    StringWriter out = new StringWriter();
    table.print(new PrintWriter(out, true));
    return out.toString().lines().toList();
  }

  private static Table filled(Terminal terminal) {
    Table table = new Table(terminal).whole("id").text("detail", 50).number("events");
    table.row("k_1", "short", 7);
    table.row("k_1234567", "a detail that is much longer than all others are", 1_200);
    table.row("k_2", null, null);
    return table;
  }

  @Test
  void table_isNoWiderThanItsLongestCells() {
    assertThat(printed(filled(WIDE)))
        .containsExactly(
            "id         detail                                            events",
            "k_1        short                                                  7",
            "k_1234567  a detail that is much longer than all others are    1200",
            "k_2        -                                                      -");
  }

  @Test
  void table_onANarrowTerminal_cutsTextAndNothingElse() {
    List<String> lines = printed(filled(NARROW));
    assertThat(lines).allMatch(line -> line.length() <= 40);
    assertThat(lines.get(2)).startsWith("k_1234567  a detail").endsWith("\u2026    1200");
  }

  @Test
  void table_intoAPipe_isCutAtItsBoundAlone() {
    Table table = new Table(Terminal.NONE).text("a", 10).whole("b");
    table.row("x".repeat(500), "y".repeat(500));
    assertThat(printed(table).get(1)).isEqualTo("x".repeat(9) + "~  " + "y".repeat(500));
  }

  @Test
  void cell_withWhatATerminalObeys_isHarmlessAndSeen() {
    Table table = new Table(WIDE).whole("name").whole("b");
    table.row("a\u001b[2J\u0007\u009b\u007f\u202egnp\u2066\r\nx\u2028\ud800", "b");
    String line = printed(table).get(1);
    assertThat(line)
        .isEqualTo(
            "a\\u001b[2J\\u0007\\u009b\\u007f\\u202egnp\\u2066\\u000d\\u000ax\\u2028\\ud800"
                + "  b");
  }

  @Test
  void cut_neverHalvesACharacter() {
    assertThat(Printable.cut("\ud83d\ude00\ud83d\ude00\ud83d\ude00", 2, WIDE))
        .isEqualTo("\ud83d\ude00\u2026");
    assertThat(Printable.cut("\ud83d\ude00\ud83d\ude00", 2, WIDE))
        .isEqualTo("\ud83d\ude00\ud83d\ude00");
  }

  @Test
  void table_withoutRows_isItsHeader() {
    assertThat(printed(new Table(WIDE).whole("id").text("detail", 9)))
        .containsExactly("id  detail");
  }
}
