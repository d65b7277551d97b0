package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The greatest of some sums in one currency, and what is left: the rows and the rest are the total.
 *
 * @param rows the greatest, descending; of equal ones the smaller name first
 * @param other the sum of all others
 * @param total the sum of all
 */
public record TopN(List<Row> rows, BigDecimal other, BigDecimal total) {
  private static final int MOST = 10_000;

  /**
   * A sum.
   *
   * @param name whose
   * @param amount how much
   */
  public record Row(String name, BigDecimal amount) {}

  /** Copies the list. */
  public TopN {
    rows = List.copyOf(rows);
  }

  /**
   * The greatest.
   *
   * @param sums by name
   * @param n how many rows, 1 to 10,000
   */
  public static TopN of(Map<String, BigDecimal> sums, int n) {
    Check.count("topN", n, 1, MOST);
    List<Row> all = new ArrayList<>();
    sums.forEach((name, amount) -> all.add(new Row(name, amount)));
    all.sort(Comparator.comparing(Row::amount).reversed().thenComparing(Row::name));
    List<Row> top = all.subList(0, Math.min(n, all.size()));
    BigDecimal total = sum(all);
    return new TopN(top, total.subtract(sum(top)), total);
  }

  private static BigDecimal sum(List<Row> rows) {
    return rows.stream().map(Row::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
