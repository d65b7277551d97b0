package io.billingsdk.server.statistics;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What events add up to, by counter. Sums do not depend on the order in which they are added up, or
 * on how they are divided. Immutable.
 *
 * @param cells in the order of their names; none of them is there without an event
 */
record Tally(SortedMap<Name, Cell> cells) {
  /** Of no events. */
  static final Tally EMPTY = new Tally(Collections.emptySortedMap());

  /** Copies the cells. */
  Tally {
    cells = Collections.unmodifiableSortedMap(new TreeMap<>(cells));
  }

  /**
   * A cell.
   *
   * @param label the value of the field by which the counter is divided; empty for none
   */
  record Name(String counter, String label) implements Comparable<Name> {
    private static final Comparator<Name> ORDER =
        Comparator.comparing(Name::counter).thenComparing(Name::label);

    @Override
    public int compareTo(Name other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * What it holds.
   *
   * @param firstAt of its events; null where only corrections have come
   */
  record Cell(BigDecimal amount, @Nullable Instant firstAt, @Nullable Instant lastAt) {
    Cell plus(Cell other) {
      return new Cell(
          amount.add(other.amount), min(firstAt, other.firstAt), max(lastAt, other.lastAt));
    }

    private static @Nullable Instant min(@Nullable Instant one, @Nullable Instant other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return one.isBefore(other) ? one : other;
    }

    private static @Nullable Instant max(@Nullable Instant one, @Nullable Instant other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return one.isAfter(other) ? one : other;
    }
  }

  /** Both together. */
  Tally plus(Tally other) {
    SortedMap<Name, Cell> sum = new TreeMap<>(cells);
    other.cells.forEach((name, cell) -> sum.merge(name, cell, Cell::plus));
    return new Tally(sum);
  }

  /** A counter that is not divided; 0 without events. */
  BigDecimal amount(String counter) {
    Cell cell = cells.get(new Name(counter, ""));
    return cell == null ? BigDecimal.ZERO : cell.amount();
  }

  /** The cell of a counter that is not divided; null without events. */
  @Nullable Cell cell(String counter) {
    return cells.get(new Name(counter, ""));
  }

  /** The amounts of a counter by its labels. */
  SortedMap<String, BigDecimal> labels(String counter) {
    SortedMap<String, BigDecimal> labels = new TreeMap<>();
    cells.forEach(
        (name, cell) -> {
          if (name.counter().equals(counter)) {
            labels.put(name.label(), cell.amount());
          }
        });
    return labels;
  }
}
