package io.billingsdk.server.tax;

import io.billingsdk.rating.TaxRate.Component;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.tax.TaxPlaces.Place;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Standard rates by place and day, each row with its source. Immutable. */
final class RateTable {
  private final LocalDate edition;
  private final List<RateRow> rows;
  private final Map<Place, List<RateRow>> byPlace = new HashMap<>();

  RateTable(LocalDate edition, List<RateRow> rows) {
    this.edition = edition;
    this.rows = List.copyOf(rows);
    rows.forEach(row -> byPlace.computeIfAbsent(row.place(), none -> new ArrayList<>()).add(row));
  }

  /**
   * A rate and its time.
   *
   * @param number of the row in its file
   * @param to the last day; null as long as no change is known
   * @param source the law, or who publishes the rate
   * @param components the taxes that the rate consists of; none for one tax without a name
   */
  record RateRow(
      int number,
      Place place,
      BigDecimal percent,
      LocalDate from,
      @Nullable LocalDate to,
      String source,
      List<Component> components) {
    /** Copies the list. */
    RateRow {
      components = List.copyOf(components);
    }

    boolean holds(LocalDate day) {
      return !day.isBefore(from) && (to == null || !day.isAfter(to));
    }
  }

  /** The day of the table; of two tables the later one counts. */
  LocalDate edition() {
    return edition;
  }

  List<RateRow> rows() {
    return rows;
  }

  /** The rate of a place on a day. */
  RateRow require(Place place, LocalDate day) {
    List<RateRow> found = byPlace.getOrDefault(place, List.of());
    return found.stream()
        .filter(row -> row.holds(day))
        .findFirst()
        .orElseThrow(
            () ->
                RequestRefusedException.conflict(
                    "taxRate",
                    "the tax table of "
                        + edition
                        + " has no rate of "
                        + place.text()
                        + " on "
                        + day
                        + "; import one that has it: billing tax import-rates FILE"));
  }
}
