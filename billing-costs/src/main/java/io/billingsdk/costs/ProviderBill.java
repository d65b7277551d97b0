package io.billingsdk.costs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** A provider's bill as CSV, with the columns {@code day,model,currency,amount} in any order. */
public final class ProviderBill {
  private static final List<String> COLUMNS = List.of("day", "model", "currency", "amount");
  private static final int MOST_LINES = 1_000_000;

  private ProviderBill() {}

  /**
   * Reads a bill. A refusal names the line and the column.
   *
   * @throws IOException where the reader fails
   */
  public static List<BillLine> read(Reader csv) throws IOException {
    BufferedReader lines = new BufferedReader(csv);
    String first = lines.readLine();
    List<String> header = first == null ? List.of() : cells(withoutMark(first), 1);
    for (String column : COLUMNS) {
      if (header.indexOf(column) < 0 || header.indexOf(column) != header.lastIndexOf(column)) {
        throw new CostInputException(
            "line 1", "a header with " + String.join(", ", COLUMNS) + " once each", header);
      }
    }
    List<BillLine> bill = new ArrayList<>();
    int number = 1;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (!line.isBlank()) {
        bill.add(line(header, cells(line, number), number));
      }
      Check.count("lines", bill.size(), 0, MOST_LINES);
    }
    return bill;
  }

  private static String withoutMark(String first) {
    return first.startsWith("\ufeff") ? first.substring(1) : first;
  }

  private static BillLine line(List<String> header, List<String> cells, int number) {
    String path = "line " + number;
    if (cells.size() != header.size()) {
      throw new CostInputException(path, "of " + header.size() + " cells", cells.size());
    }
    try {
      return new BillLine(
          day(cells.get(header.indexOf("day"))),
          cells.get(header.indexOf("model")),
          cells.get(header.indexOf("currency")),
          Check.decimal("amount", cells.get(header.indexOf("amount"))));
    } catch (CostInputException e) {
      throw e.inside(path);
    }
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new CostInputException("day", "a day, such as 2026-01-31", '"' + text + '"');
    }
  }

  /** The cells of a line; a cell in quotes holds commas, and two quotes for one. */
  private static List<String> cells(String line, int number) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && isQuoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        isQuoted = !isQuoted;
      } else if (c == ',' && !isQuoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    if (isQuoted) {
      throw new CostInputException("line " + number, "of closed quotes", "one that is open");
    }
    cells.add(cell.toString());
    return cells;
  }
}
