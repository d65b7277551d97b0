package io.billingsdk.server.tax;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.tax.CsvTable.CsvRow;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads exchange rates: the names of the columns, and a row for each rate. */
final class ExchangeFile {
  private static final List<String> COLUMNS = List.of("day", "base", "quote", "rate", "source");
  private static final int SOURCE_CHARS = 256;

  private ExchangeFile() {}

  static List<ExchangeRate> parse(String text) {
    List<CsvRow> all = CsvTable.read(text);
    if (all.size() < 2) {
      throw RequestRefusedException.invalid(
          "table", "the names of the columns and at least one rate");
    }
    if (!all.get(0).cells().equals(COLUMNS)) {
      throw all.get(0).wrong("columns", String.join(",", COLUMNS));
    }
    Set<List<String>> seen = new HashSet<>();
    List<ExchangeRate> rates = new ArrayList<>();
    for (CsvRow row : all.subList(1, all.size())) {
      row.requireCells(COLUMNS.size());
      if (!seen.add(row.cells().subList(0, 3))) {
        throw row.wrong("day", "another day: an earlier row has these currencies on this day");
      }
      rates.add(rate(row));
    }
    return rates;
  }

  private static ExchangeRate rate(CsvRow row) {
    List<String> cells = row.cells();
    String rate = cells.get(3);
    if (!rate.matches("[0-9]{1,9}(\\.[0-9]{1,12})?") || new BigDecimal(rate).signum() == 0) {
      throw row.wrong("rate", "above 0, with at most 9 digits and 12 decimals");
    }
    if (cells.get(1).equals(cells.get(2))) {
      throw row.wrong("quote", "another currency than base");
    }
    String source = cells.get(4);
    if (source.isBlank() || source.length() > SOURCE_CHARS) {
      throw row.wrong("source", "who publishes the rate, 1 to " + SOURCE_CHARS + " characters");
    }
    return new ExchangeRate(
        row.number(),
        day(row, cells.get(0)),
        currency(row, "base", cells.get(1)),
        currency(row, "quote", cells.get(2)),
        new BigDecimal(rate),
        source);
  }

  private static String currency(CsvRow row, String column, String code) {
    try {
      return Money.zero(code).currency();
    } catch (RatingInputException refused) {
      throw row.wrong(column, "the code of a currency of ISO 4217, as USD");
    }
  }

  private static LocalDate day(CsvRow row, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException malformed) {
      throw row.wrong("day", "a day such as 2026-07-01");
    }
  }
}
