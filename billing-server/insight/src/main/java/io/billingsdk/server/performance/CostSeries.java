package io.billingsdk.server.performance;

import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.server.performance.Sums.By;
import io.billingsdk.server.performance.Sums.Sum;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/** What services cost in each hour or day of UTC, by the sums of costs: for who watches them. */
public final class CostSeries {
  private CostSeries() {}

  /** A service and a currency, by their names. */
  public record Name(String service, String currency) implements Comparable<Name> {
    @Override
    public int compareTo(Name other) {
      int byService = service.compareTo(other.service);
      return byService == 0 ? currency.compareTo(other.currency) : byService;
    }
  }

  /** Those with a known cost in a time. */
  public static List<Name> names(Handle handle, Range range) {
    TreeSet<Name> names = new TreeSet<>();
    for (Sum each : Sums.of(handle, By.SERVICE, Pieces.of(List.of(range)))) {
      if (!each.currency().isEmpty()) {
        names.add(new Name(each.name(), each.currency()));
      }
    }
    return List.copyOf(names);
  }

  /**
   * The amounts of hours or days by their first moments; those without a cost are left out.
   *
   * @param range whose hour or day at the end is whole
   */
  public static Map<Instant, BigDecimal> amounts(
      Handle handle, Name name, ChronoUnit unit, Range range) {
    List<Range> buckets = new ArrayList<>();
    Instant at = range.from().truncatedTo(unit);
    while (at.isBefore(range.to())) {
      Instant next = at.plus(1, unit);
      buckets.add(new Range(at, next));
      at = next;
    }
    Map<Instant, BigDecimal> amounts = new TreeMap<>();
    for (Sum each : Sums.of(handle, By.SERVICE, Pieces.of(buckets), List.of(name.service()))) {
      if (each.currency().equals(name.currency())) {
        amounts.merge(buckets.get(each.bucket()).from(), each.amount(), BigDecimal::add);
      }
    }
    return amounts;
  }
}
