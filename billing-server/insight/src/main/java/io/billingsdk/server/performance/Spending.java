package io.billingsdk.server.performance;

import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.server.performance.Sums.By;
import io.billingsdk.server.performance.Sums.Sum;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Amounts that were spent in a time, by the sums of costs: for who judges them. */
public final class Spending {
  private Spending() {}

  /** By what it is summed up. */
  public enum Of {
    /** Users: the subjects of events. */
    USERS(By.USER),
    /** Services: the modules of events. */
    SERVICES(By.SERVICE);

    private final By by;

    Of(By by) {
      this.by = by;
    }
  }

  /**
   * An amount.
   *
   * @param amount of all costs that are known
   * @param unknown how many uses have no known cost, which is not 0
   */
  public record Spent(BigDecimal amount, long unknown) {
    /** Nothing. */
    public static final Spent NOTHING = new Spent(BigDecimal.ZERO, 0);
  }

  /**
   * By name.
   *
   * @param range cut at quarters of an hour
   */
  public static Map<String, Spent> by(Handle handle, Of of, Range range, String currency) {
    return spent(Sums.of(handle, of.by, Pieces.of(List.of(range))), currency);
  }

  /** The same of some names alone; one that spent nothing is left out. */
  public static Map<String, Spent> by(
      Handle handle, Of of, Range range, String currency, Collection<String> names) {
    return spent(Sums.of(handle, of.by, Pieces.of(List.of(range)), names), currency);
  }

  /** All of it. */
  public static Spent total(Handle handle, Range range, String currency) {
    List<Sum> sums = Sums.of(handle, By.BUCKET, Pieces.of(List.of(range)));
    return spent(sums, currency).getOrDefault("", Spent.NOTHING);
  }

  private static Map<String, Spent> spent(List<Sum> sums, String currency) {
    Map<String, Spent> spent = new HashMap<>();
    CostSum.byName(sums, currency)
        .forEach((name, sum) -> spent.put(name, new Spent(sum.known(), sum.unknown())));
    return spent;
  }
}
