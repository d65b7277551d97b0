package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * Items as an operator reads them: in columns, which grow with the longest name that has come. For
 * one thread.
 */
final class TailLines {
  private static final int WIDEST = 32;
  private static final int WIDEST_METADATA = 160;
  private static final int TIME = "2027-01-31T00:00:00.000Z".length();

  private final int[] widths = new int[5];
  private final Terminal terminal;

  TailLines(Terminal terminal) {
    this.terminal = terminal;
  }

  String line(TailItem item) {
    JsonNode fields = item.fields();
    return switch (item.type()) {
      case TailItem.USAGE -> usage(fields);
      case TailItem.LOST -> coloured(Style.fg_yellow, "not shown: " + lost(fields));
      default ->
          coloured(
              Style.fg_red,
              time(text(fields, "at"))
                  + "  rejected "
                  + text(fields, "code")
                  + " "
                  + text(fields, "detail")
                  + "  of "
                  + text(fields, "instance"));
    };
  }

  private static String lost(JsonNode fields) {
    long number = fields.path("atLeast").longValue();
    return (number == 0 ? "some" : "at least " + number) + "; the ledger has what was stored";
  }

  private String usage(JsonNode fields) {
    List<String> cells = new ArrayList<>();
    int column = 0;
    for (String name : new String[] {"appId", "keyId", "module", "model"}) {
      cells.add(padded(column++, text(fields, name), /* toTheRight= */ false));
    }
    cells.add(padded(column, text(fields, "usage"), /* toTheRight= */ true));
    return (time(text(fields, "occurredAt"))
            + "  "
            + String.join("  ", cells)
            + "  "
            + Text.cut(Text.printable(rest(fields)), WIDEST_METADATA, terminal))
        .stripTrailing();
  }

  /** What only some events have. */
  private static String rest(JsonNode fields) {
    List<String> parts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : fields.path("quantities").properties()) {
      parts.add(each.getKey() + "=" + each.getValue().asText());
    }
    for (String name : new String[] {"subject", "session", "execution"}) {
      if (fields.hasNonNull(name)) {
        parts.add(name + "=" + fields.path(name).asText());
      }
    }
    if (fields.hasNonNull("metadata")) {
      parts.add(fields.path("metadata").toString());
    }
    return String.join(" ", parts);
  }

  private String padded(int column, String whole, boolean toTheRight) {
    String text = Text.cut(whole, WIDEST, terminal);
    widths[column] = Math.max(widths[column], Math.min(WIDEST, text.length()));
    String blank = " ".repeat(Math.max(0, widths[column] - text.length()));
    return toTheRight ? blank + text : text + blank;
  }

  private static String text(JsonNode fields, String name) {
    String text = fields.path(name).asText("");
    return text.isEmpty() ? "-" : Text.printable(text);
  }

  /** A time on a whole second has no fraction; all are to end at one column. */
  private static String time(String text) {
    return text + " ".repeat(Math.max(0, TIME - text.length()));
  }

  private String coloured(Style style, String text) {
    return terminal.colour() ? Style.on(style) + text + Style.off(style) : text;
  }
}
