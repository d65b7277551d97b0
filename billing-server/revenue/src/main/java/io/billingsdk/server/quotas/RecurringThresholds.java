package io.billingsdk.server.quotas;

import io.billingsdk.rating.Thresholds;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The notices of a quota that go on in steps above its last threshold. */
final class RecurringThresholds {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** No notice is sent above so many percents: the number of a notice has a bound. */
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000);

  private static final String HIGHEST =
      """
      SELECT coalesce(max(threshold), 0) FROM quota_notice
      WHERE quota_id = :quota AND period_start = :start
      """;

  private RecurringThresholds() {}

  /** The steps, in percents of the limit, that are reached and were not noticed in this period. */
  static List<Integer> reached(Handle handle, QuotaState state) {
    Integer every = state.rule().terms().thresholdEvery();
    if (every == null || state.limit().signum() <= 0) {
      return List.of();
    }
    BigDecimal percent =
        state
            .usedAndLeased()
            .multiply(HUNDRED)
            .divide(state.limit(), 0, RoundingMode.DOWN)
            .min(MOST);
    List<BigDecimal> values =
        state.rule().terms().thresholds().stream().map(BigDecimal::valueOf).toList();
    BigDecimal last = values.isEmpty() ? BigDecimal.ZERO : values.get(values.size() - 1);
    BigDecimal before = highest(handle, state).max(last);
    return new Thresholds(values, BigDecimal.valueOf(every))
        .reached(before, percent).stream().map(BigDecimal::intValueExact).toList();
  }

  private static BigDecimal highest(Handle handle, QuotaState state) {
    return handle
        .createQuery(HIGHEST)
        .bind("quota", state.rule().id())
        .bind("start", state.period().start())
        .mapTo(BigDecimal.class)
        .one();
  }
}
