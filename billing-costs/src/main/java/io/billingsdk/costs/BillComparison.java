package io.billingsdk.costs;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A provider's bill beside our records, for each day, model and currency that is in one of them.
 *
 * @param rows the rows, by day, model and currency
 */
public record BillComparison(List<Row> rows) {
  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::day).thenComparing(Key::model).thenComparing(Key::currency);

  /**
   * A day of a model.
   *
   * @param day the day
   * @param model the model
   * @param currency the currency
   * @param ours by our records; 0 where there are none
   * @param theirs by the bill; 0 where it has none
   * @param reconciled whether they are as near as the tolerance asks for
   */
  public record Row(
      LocalDate day,
      String model,
      String currency,
      BigDecimal ours,
      BigDecimal theirs,
      boolean reconciled) {
    /** What the bill has more than our records. */
    public BigDecimal difference() {
      return theirs.subtract(ours);
    }
  }

  private record Key(LocalDate day, String model, String currency) {}

  /** Copies the list. */
  public BillComparison {
    rows = List.copyOf(rows);
  }

  /**
   * Compares.
   *
   * @param tolerance the greatest difference that is reconciled, as an amount of each row
   */
  public static BillComparison of(
      Iterable<BillLine> ours, Iterable<BillLine> theirs, BigDecimal tolerance) {
    Check.amount("tolerance", tolerance);
    Map<Key, BigDecimal> own = sums(ours);
    Map<Key, BigDecimal> billed = sums(theirs);
    Set<Key> keys = new TreeSet<>(ORDER);
    keys.addAll(own.keySet());
    keys.addAll(billed.keySet());
    List<Row> rows = new ArrayList<>();
    for (Key key : keys) {
      BigDecimal one = own.getOrDefault(key, BigDecimal.ZERO);
      BigDecimal other = billed.getOrDefault(key, BigDecimal.ZERO);
      boolean isNear = other.subtract(one).abs().compareTo(tolerance) <= 0;
      rows.add(new Row(key.day, key.model, key.currency, one, other, isNear));
    }
    return new BillComparison(rows);
  }

  private static Map<Key, BigDecimal> sums(Iterable<BillLine> lines) {
    Map<Key, BigDecimal> sums = new TreeMap<>(ORDER);
    for (BillLine line : lines) {
      sums.merge(
          new Key(line.day(), line.model(), line.currency()), line.amount(), BigDecimal::add);
    }
    return sums;
  }

  /** Whether each row is reconciled. */
  public boolean isReconciled() {
    return rows.stream().allMatch(Row::reconciled);
  }
}
