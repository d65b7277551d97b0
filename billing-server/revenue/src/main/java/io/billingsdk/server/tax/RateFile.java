package io.billingsdk.server.tax;

import io.billingsdk.rating.TaxRate.Component;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.tax.CsvTable.CsvRow;
import io.billingsdk.server.tax.RateTable.RateRow;
import io.billingsdk.server.tax.TaxPlaces.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table of rates: its edition, the names of the columns, and a row for each rate. The times
 * of a place follow each other without a gap, and only the last one may be open.
 */
final class RateFile {
  private static final List<String> COLUMNS =
      List.of("country", "region", "percent", "valid_from", "valid_to", "source");

  /** A last column that a table may have. */
  private static final String COMPONENTS = "components";

  private static final int SOURCE_CHARS = 256;

  private RateFile() {}

  /** The table of this version of the server. */
  static RateTable shipped() {
    try (InputStream file = RateFile.class.getResourceAsStream("rates.csv")) {
      return parse(
          new String(
              Objects.requireNonNull(file, "rates.csv").readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static RateTable parse(String text) {
    List<CsvRow> all = CsvTable.read(text);
    if (all.size() < 3) {
      throw RequestRefusedException.invalid(
          "table", "an edition, the names of the columns and at least one rate");
    }
    CsvRow head = all.get(0);
    if (head.cells().size() != 2 || !head.cells().get(0).equals("edition")) {
      throw head.wrong("edition", "edition,YYYY-MM-DD");
    }
    int columns = columns(all.get(1));
    List<RateRow> rows = new ArrayList<>();
    Map<Place, RateRow> last = new HashMap<>();
    for (CsvRow each : all.subList(2, all.size())) {
      each.requireCells(columns);
      RateRow row = row(each);
      @Nullable RateRow before = last.put(row.place(), row);
      if (before != null) {
        follow(each, before, row);
      }
      rows.add(row);
    }
    return new RateTable(day(head, "edition", head.cells().get(1)), rows);
  }

  private static int columns(CsvRow names) {
    List<String> all = new ArrayList<>(COLUMNS);
    all.add(COMPONENTS);
    if (!names.cells().equals(COLUMNS) && !names.cells().equals(all)) {
      throw names.wrong(
          "columns", String.join(",", COLUMNS) + ", and " + COMPONENTS + " after them or not");
    }
    return names.cells().size();
  }

  private static RateRow row(CsvRow row) {
    List<String> cells = row.cells();
    LocalDate from = day(row, "valid_from", cells.get(3));
    @Nullable LocalDate to = cells.get(4).isEmpty() ? null : day(row, "valid_to", cells.get(4));
    if (to != null && to.isBefore(from)) {
      throw row.wrong("valid_to", "empty, or not before valid_from " + from);
    }
    String source = cells.get(5);
    if (source.isBlank() || source.length() > SOURCE_CHARS) {
      throw row.wrong("source", "the law or the publication, 1 to " + SOURCE_CHARS + " characters");
    }
    BigDecimal percent = percent(row);
    List<Component> components =
        cells.size() == COLUMNS.size()
            ? List.of()
            : ComponentsCell.read(row, COMPONENTS, cells.get(COLUMNS.size()), percent);
    return new RateRow(row.number(), place(row), percent, from, to, source, components);
  }

  private static Place place(CsvRow row) {
    String region = row.cells().get(1);
    try {
      return TaxPlaces.read("place", row.cells().get(0), region.isEmpty() ? null : region);
    } catch (RequestRefusedException refused) {
      throw row.wrong(refused.field(), refused.expected());
    }
  }

  private static BigDecimal percent(CsvRow row) {
    String text = row.cells().get(2);
    if (!text.matches("[0-9]{1,2}(\\.[0-9]{1,4})?")) {
      throw row.wrong("percent", "0 to below 100, with at most 4 decimals");
    }
    return new BigDecimal(text);
  }

  private static void follow(CsvRow row, RateRow before, RateRow next) {
    if (before.to() == null) {
      throw row.wrong(
          "valid_from",
          "of another place: row " + before.number() + " of " + next.place().text() + " is open");
    }
    LocalDate expected = before.to().plusDays(1);
    if (!next.from().equals(expected)) {
      String fault = next.from().isBefore(expected) ? "overlap" : "leave a gap";
      throw row.wrong(
          "valid_from",
          expected + ", the day after row " + before.number() + ", otherwise the two " + fault);
    }
  }

  private static LocalDate day(CsvRow row, String column, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException malformed) {
      throw row.wrong(column, "a day such as 2026-07-01");
    }
  }
}
