package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.Terminal;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * Sums as a table with a bar to each, as long as its part of the largest. For one thread.
 *
 * <p>Blocks are Unicode's, in eighths of a character; where those cannot be shown, {@code #}.
 */
final class UsageBars {
  private static final int SHORTEST = 10;
  private static final int LONGEST = 60;
  private static final int WIDEST_NAME = 32;
  private static final int WIDEST_AMOUNT = 40;
  private static final int EIGHTHS = 8;

  /** Behind it come those of seven eighths to one. */
  private static final char FULL = '\u2588';

  private static final String GAP = "  ";

  private final UsageSums sums;
  private final ZoneId zone;
  private final Terminal terminal;

  UsageBars(UsageSums sums, ZoneId zone, Terminal terminal) {
    this.sums = sums;
    this.zone = zone;
    this.terminal = terminal;
  }

  void print(PrintWriter out) {
    List<List<String>> lines = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of(sums.bucket()));
    header.addAll(sums.groups());
    header.addAll(List.of("events", "usage"));
    header.addAll(sums.quantities());
    lines.add(header);
    sums.rows().forEach(row -> lines.add(cells(row)));
    lines.add(total(header.size()));
    int[] widths = widths(lines);
    BigDecimal largest =
        sums.rows().stream().map(UsageSums.Row::usage).reduce(BigDecimal.ZERO, BigDecimal::max);
    int room = room(widths);
    for (int i = 0; i < lines.size(); i++) {
      boolean isSum = i > 0 && i <= sums.rows().size();
      String line = line(lines.get(i), widths);
      out.println(
          isSum
              ? (line + GAP + bar(sums.rows().get(i - 1).usage(), largest, room)).stripTrailing()
              : line.stripTrailing());
    }
  }

  private List<String> cells(UsageSums.Row row) {
    List<String> cells = new ArrayList<>(List.of(time(row.start())));
    row.values().forEach(value -> cells.add(value == null ? "-" : name(value)));
    cells.add(number(row.events()));
    cells.add(amount(row.usage()));
    row.quantities().forEach(each -> cells.add(amount(each)));
    return cells;
  }

  private List<String> total(int columns) {
    List<String> cells = new ArrayList<>(List.of("total"));
    while (cells.size() < columns - amounts()) {
      cells.add("");
    }
    cells.add(number(sums.events()));
    cells.add(amount(sums.usage()));
    for (int i = 0; i < sums.quantities().size(); i++) {
      cells.add(amount(sums.quantity(i)));
    }
    return cells;
  }

  /** How many columns are numbers: events, usage, quantities. */
  private int amounts() {
    return 2 + sums.quantities().size();
  }

  /** Of one that is longer only the decimals are cut; --csv and --json have all of it. */
  private String amount(BigDecimal usage) {
    return Text.cut(usage.toPlainString(), WIDEST_AMOUNT, terminal);
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%d", number);
  }

  /** By the clock of the zone, and with its offset where an hour may be there twice. */
  private String time(Instant start) {
    String pattern =
        switch (sums.bucket()) {
          case "hour" -> "uuuu-MM-dd'T'HH:mmXXX";
          case "day" -> "uuuu-MM-dd";
          case "month" -> "uuuu-MM";
          default -> "'all'";
        };
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(zone).format(start);
  }

  private String name(String value) {
    return Text.cut(Text.printable(value), WIDEST_NAME, terminal);
  }

  private static int[] widths(List<List<String>> lines) {
    int[] widths = new int[lines.get(0).size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return widths;
  }

  /** The rest of the line for a bar. */
  private int room(int[] widths) {
    int taken = widths.length * GAP.length();
    for (int width : widths) {
      taken += width;
    }
    return Math.max(SHORTEST, Math.min(LONGEST, terminal.columns() - taken));
  }

  /** The amounts, which are the last, end at one column; the cells before begin at one. */
  private String line(List<String> cells, int[] widths) {
    List<String> padded = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      String blank = " ".repeat(widths[i] - cells.get(i).length());
      padded.add(i < widths.length - amounts() ? cells.get(i) + blank : blank + cells.get(i));
    }
    return String.join(GAP, padded);
  }

  private String bar(BigDecimal usage, BigDecimal largest, int room) {
    if (usage.signum() <= 0) {
      return "";
    }
    int parts = terminal.unicode() ? EIGHTHS : 1;
    int length =
        usage
            .multiply(BigDecimal.valueOf((long) room * parts))
            .divide(largest, 0, RoundingMode.HALF_UP)
            .intValueExact();
    String bar = terminal.unicode() ? blocks(Math.max(1, length)) : "#".repeat(Math.max(1, length));
    return terminal.colour() ? Style.on(Style.fg_cyan) + bar + Style.off(Style.fg_cyan) : bar;
  }

  private static String blocks(int eighths) {
    int rest = eighths % EIGHTHS;
    String end = rest == 0 ? "" : String.valueOf((char) (FULL + EIGHTHS - rest));
    return String.valueOf(FULL).repeat(eighths / EIGHTHS) + end;
  }
}
