package io.billingsdk.cli.console;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows under a header, each column as wide as its longest cell and no wider than its bound. On a
 * terminal the widest columns that may be cut give way until a row fits in a line; in a pipe or a
 * file nothing but the bound cuts a cell.
 *
 * <p>Each cell is safe on a terminal, whatever it holds; see {@link Printable}. For one thread.
 */
public final class Table {
  private static final String GAP = "  ";

  /** Of a column that gives way: with less, it would say nothing. */
  private static final int NARROWEST = 8;

  private final Terminal terminal;
  private final List<TableColumn> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** A table without columns. */
  public Table(Terminal terminal) {
    this.terminal = terminal;
  }

  private record TableColumn(String name, boolean toTheRight, int most, boolean givesWay) {}

  /** Adds a column that is never cut: what it holds is copied into another command. */
  public Table whole(String name) {
    columns.add(
        new TableColumn(name, /* toTheRight= */ false, Integer.MAX_VALUE, /* givesWay= */ false));
    return this;
  }

  /** Adds a column of numbers, which end at one place and are never cut. */
  public Table number(String name) {
    columns.add(
        new TableColumn(name, /* toTheRight= */ true, Integer.MAX_VALUE, /* givesWay= */ false));
    return this;
  }

  /**
   * Adds a column of text that may be cut.
   *
   * @param most how many characters of it are shown
   */
  public Table text(String name, int most) {
    columns.add(new TableColumn(name, /* toTheRight= */ false, most, /* givesWay= */ true));
    return this;
  }

  /** Adds a row with a cell for each column; null is shown as {@code -}. */
  public void row(@Nullable Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns.size());
    }
    List<String> row = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      String cell = cells[i] == null ? "" : String.valueOf(cells[i]);
      row.add(cell.isEmpty() ? "-" : Printable.cut(cell, columns.get(i).most(), terminal));
    }
    rows.add(row);
  }

  /** Whether there is no row. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** How many rows there are. */
  public int size() {
    return rows.size();
  }

  /** Prints the header and the rows; of an empty table the header alone. */
  public void print(PrintWriter out) {
    int[] widths = widths();
    List<String> header = columns.stream().map(TableColumn::name).toList();
    out.println(line(header, widths));
    rows.forEach(row -> out.println(line(row, widths)));
  }

  private int[] widths() {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = columns.get(i).name().length();
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], Printable.length(row.get(i)));
      }
    }
    if (terminal.out()) {
      narrow(widths);
    }
    return widths;
  }

  private void narrow(int[] widths) {
    int over = (widths.length - 1) * GAP.length() - terminal.columns();
    for (int width : widths) {
      over += width;
    }
    for (int widest = widest(widths); over > 0 && widest >= 0; widest = widest(widths)) {
      widths[widest]--;
      over--;
    }
  }

  /** Of the columns that can give way still; -1 without one. */
  private int widest(int[] widths) {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      int least = Math.max(NARROWEST, columns.get(i).name().length());
      if (columns.get(i).givesWay()
          && widths[i] > least
          && (widest < 0 || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = Printable.shorten(cells.get(i), widths[i], terminal);
      String blank = " ".repeat(widths[i] - Printable.length(cell));
      line.append(i == 0 ? "" : GAP);
      line.append(columns.get(i).toTheRight() ? blank + cell : cell + blank);
    }
    return line.toString().stripTrailing();
  }
}
