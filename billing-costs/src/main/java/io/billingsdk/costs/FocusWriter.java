package io.billingsdk.costs;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Writes costs as CSV with the columns of FOCUS 1.2, a row for each line of a cost. It holds one
 * row in memory. An unknown cost has no row, since a row needs an amount: the caller sees how many
 * there are.
 *
 * <p>Confined to one thread.
 */
public final class FocusWriter {
  private final Appendable out;
  private final FocusContext context;
  private long rows;
  private long unknown;

  private FocusWriter(Appendable out, FocusContext context) {
    this.out = out;
    this.context = context;
  }

  /**
   * Writes the header.
   *
   * @throws IOException where the output fails
   */
  public static FocusWriter start(Appendable out, FocusContext context) throws IOException {
    FocusWriter writer = new FocusWriter(out, context);
    writer.line(columns());
    return writer;
  }

  /** The names of the columns, in their order. */
  public static List<String> columns() {
    return FocusColumn.titles();
  }

  /**
   * Writes the rows of a cost.
   *
   * @throws IOException where the output fails
   */
  public void write(CostRecord record) throws IOException {
    if (record.cost().state() == CostState.UNKNOWN) {
      unknown++;
      return;
    }
    for (CostLine line : record.cost().lines()) {
      Map<FocusColumn, String> row = new EnumMap<>(FocusColumn.class);
      new FocusRow(context, record, line).fill(row);
      List<String> cells = new ArrayList<>();
      for (FocusColumn column : FocusColumn.values()) {
        cells.add(row.getOrDefault(column, ""));
      }
      line(cells);
      rows++;
    }
  }

  /** How many rows were written. */
  public long rows() {
    return rows;
  }

  /** How many costs are unknown, and have no row. */
  public long unknown() {
    return unknown;
  }

  private void line(List<String> cells) throws IOException {
    for (int i = 0; i < cells.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      cell(cells.get(i));
    }
    out.append("\r\n");
  }

  private void cell(String text) throws IOException {
    boolean isPlain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    out.append(isPlain ? text : '"' + text.replace("\"", "\"\"") + '"');
  }

  /** A text that a spreadsheet would take for a formula gets an apostrophe. */
  static String text(String value) {
    boolean isFormula = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0;
    return isFormula ? "'" + value : value;
  }

  static String number(BigDecimal value) {
    return Check.plain(value);
  }
}
