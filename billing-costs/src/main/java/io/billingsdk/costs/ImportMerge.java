package io.billingsdk.costs;

import io.billingsdk.costs.PriceDifference.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of a file put into those of a catalogue. Confined to one thread. */
final class ImportMerge {
  /** A row, and the one that takes its place at the same or a later time. */
  record Replacement(PriceRow before, PriceRow after) {}

  private final List<PriceRow> rows;
  private final List<PriceDifference> differences = new ArrayList<>();
  private final List<Replacement> replacements = new ArrayList<>();
  private int unchanged;

  private ImportMerge(List<PriceRow> present) {
    this.rows = new ArrayList<>(present);
  }

  static ImportMerge of(List<PriceRow> present, List<PriceRow> added) {
    ImportMerge merge = new ImportMerge(present);
    // Rows of the file do not end each other: two that overlap are a mistake of the file.
    for (PriceRow row : added) {
      merge.put(row, present.size());
    }
    return merge;
  }

  /**
   * Puts a row in.
   *
   * @param known how many rows are those of the catalogue
   */
  private void put(PriceRow row, int known) {
    for (int i = 0; i < known; i++) {
      PriceRow before = rows.get(i);
      if (before.key().equals(row.key())) {
        if (before.validity().from().equals(row.validity().from())) {
          replace(i, before, row);
          return;
        }
        if (isFollowed(before, row)) {
          close(i, before, row);
        }
      }
    }
    rows.add(row);
    differences.add(new PriceDifference(Kind.ADDED, Optional.empty(), Optional.of(row)));
  }

  private static boolean isFollowed(PriceRow before, PriceRow row) {
    return before.validity().to().isEmpty()
        && row.validity().from().map(start -> before.validity().holds(start)).orElse(false);
  }

  private void replace(int place, PriceRow before, PriceRow row) {
    boolean isSame =
        before.terms().canonical().equals(row.terms().canonical())
            && before.validity().equals(row.validity())
            && PriceRow.isSameMatch(before, row);
    if (isSame) {
      unchanged++;
      keepDay(place, before, row);
    } else {
      rows.set(place, row);
      differences.add(new PriceDifference(Kind.CHANGED, Optional.of(before), Optional.of(row)));
    }
    replacements.add(new Replacement(before, row));
  }

  /** Somebody looked there again: the day is no part of the row, and no difference. */
  private void keepDay(int place, PriceRow before, PriceRow row) {
    boolean isSameSource = before.source().name().equals(row.source().name());
    if (isSameSource && row.source().checkedOn().isPresent()) {
      rows.set(place, row);
    }
  }

  private void close(int place, PriceRow before, PriceRow row) {
    PriceRow closed = before.until(row.validity().from().orElseThrow());
    rows.set(place, closed);
    differences.add(new PriceDifference(Kind.CLOSED, Optional.of(before), Optional.of(closed)));
    replacements.add(new Replacement(before, row));
  }

  List<PriceRow> rows() {
    return rows;
  }

  List<PriceDifference> differences() {
    return differences;
  }

  List<Replacement> replacements() {
    return replacements;
  }

  int unchanged() {
    return unchanged;
  }
}
