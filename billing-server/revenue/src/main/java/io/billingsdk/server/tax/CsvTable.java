package io.billingsdk.server.tax;

import io.billingsdk.server.common.RequestRefusedException;
import java.util.ArrayList;
import java.util.List;

/** Reads CSV by RFC 4180, without line breaks inside cells, and names the row of each fault. */
final class CsvTable {
  private CsvTable() {}

  /**
   * A row.
   *
   * @param number of its line in the file, from 1
   */
  record CsvRow(int number, List<String> cells) {
    CsvRow {
      cells = List.copyOf(cells);
    }

    RequestRefusedException wrong(String column, String expected) {
      return RequestRefusedException.invalid("row " + number + ", " + column, expected);
    }

    void requireCells(int count) {
      if (cells.size() != count) {
        throw wrong("cells", count + " cells, but there are " + cells.size());
      }
    }
  }

  /** All rows that are not empty. */
  static List<CsvRow> read(String text) {
    List<CsvRow> rows = new ArrayList<>();
    String[] lines = text.split("\r?\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (!lines[i].isBlank()) {
        rows.add(new CsvRow(i + 1, cells(i + 1, lines[i])));
      }
    }
    return rows;
  }

  private static List<String> cells(int number, String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < line.length(); i++) {
      char next = line.charAt(i);
      if (next == '"') {
        boolean isEscaped = isQuoted && i + 1 < line.length() && line.charAt(i + 1) == '"';
        if (isEscaped) {
          cell.append(next);
          i++;
        } else {
          isQuoted = !isQuoted;
        }
      } else if (next == ',' && !isQuoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(next);
      }
    }
    if (isQuoted) {
      throw RequestRefusedException.invalid(
          "row " + number, "a row whose quotation marks are closed");
    }
    cells.add(cell.toString());
    return cells;
  }
}
