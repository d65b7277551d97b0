package io.billingsdk.server.performance;

import io.billingsdk.server.costs.CostChange;
import io.billingsdk.server.costs.CostListener;
import io.billingsdk.server.costs.CostRow;
import io.billingsdk.server.costs.CostRow.CostUse;
import io.billingsdk.server.ledger.Corrections;
import io.billingsdk.server.performance.Pieces.SumCell;
import io.billingsdk.server.performance.SumRows.SumKey;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the sums of costs, in the transaction that makes a cost or makes it otherwise: they are
 * those of the costs at each moment, and nothing counts twice. Thread-safe.
 */
final class CostTotals implements CostListener {
  @Override
  public void changed(Handle transaction, List<CostChange> changes) {
    Map<SumKey, Figures> differences = new HashMap<>();
    for (CostChange each : changes) {
      add(differences, each.before(), -1);
      add(differences, each.after(), 1);
    }
    differences.values().removeIf(Figures::isNothing);
    SumRows.add(transaction, differences);
  }

  private static void add(Map<SumKey, Figures> differences, @Nullable CostRow cost, int sign) {
    if (cost == null) {
      return;
    }
    List<SumCell> cells = SumCell.of(cost.at());
    for (Series series : Series.of(cost)) {
      Figures figures = figures(series, cost, sign);
      for (SumCell cell : cells) {
        differences.merge(new SumKey(series, cell), figures, Figures::plus);
      }
    }
  }

  /** A correction is no use, and its duration that of the use that it corrects. */
  private static Figures figures(Series series, CostRow cost, int sign) {
    boolean isUse = cost.id().streamId() != Corrections.STREAM_ID;
    // Nobody asks for the time of a user or of a day.
    boolean isTimed = isUse && series.dimension().equals(Series.OPERATION);
    Long duration = isTimed ? cost.use().durationMillis() : null;
    BigDecimal one = BigDecimal.valueOf(sign);
    BigDecimal known = cost.cost().amount();
    BigDecimal amount = known == null ? BigDecimal.ZERO : known.multiply(one);
    return new Figures(
        sign,
        isUse ? sign : 0,
        amount,
        duration == null ? 0 : sign,
        duration == null ? BigDecimal.ZERO : BigDecimal.valueOf(duration).multiply(one),
        series.dimension().equals(Series.OPERATION)
            ? details(cost, amount, isUse ? one : BigDecimal.ZERO)
            : List.of());
  }

  /** In the order of {@link Figures.Detail}; one is 0 of a correction, which is no call. */
  private static List<BigDecimal> details(CostRow cost, BigDecimal amount, BigDecimal one) {
    CostUse use = cost.use();
    BigDecimal cached = use.cachedTokens();
    BigDecimal zero = BigDecimal.ZERO;
    return List.of(
        use.inputTokens().subtract(cached).multiply(one),
        cached.multiply(one),
        use.outputTokens().multiply(one),
        cost.isFailed() ? one : zero,
        cost.isFailed() ? amount : zero,
        cost.isRetry() ? one : zero,
        cost.isRetry() ? amount : zero);
  }
}
