package io.billingsdk.server.performance;

import io.billingsdk.costs.CostState;
import io.billingsdk.server.costs.CostChange;
import io.billingsdk.server.costs.CostListener;
import io.billingsdk.server.costs.CostRow;
import io.billingsdk.server.ledger.Corrections;
import io.billingsdk.server.performance.SumRows.Difference;
import io.billingsdk.server.performance.SumRows.SumKey;
import io.billingsdk.server.performance.SumRows.SumName;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the sums of costs, in the transaction that makes a cost or makes it otherwise: they are
 * those of the costs at each moment, and nothing counts twice. Thread-safe.
 */
final class CostTotals implements CostListener {
  // The same sums from the costs alone; the writer of costs is kept out meanwhile.
  private static final String REBUILD =
      """
      INSERT INTO analytics_sum (dimension, minutes, starts, subject, service, operation, is_prompt,
        currency, state, entries, uses, amount, timed, duration_ms)
      SELECT d.dimension, w.minutes,
        to_timestamp(floor(extract(epoch FROM c.at) / (w.minutes * 60)) * w.minutes * 60),
        CASE d.dimension WHEN 'user' THEN coalesce(c.subject, '') ELSE '' END,
        CASE d.dimension WHEN 'user' THEN '' ELSE c.service END,
        CASE d.dimension WHEN 'user' THEN '' ELSE c.operation END,
        d.dimension <> 'user' AND c.prompt,
        CASE c.state WHEN 'unknown' THEN '' ELSE c.currency END, c.state, count(*),
        count(*) FILTER (WHERE c.stream_id <> 0), trim_scale(coalesce(sum(c.amount), 0)),
        count(c.duration_ms) FILTER (WHERE c.stream_id <> 0),
        coalesce(sum(c.duration_ms) FILTER (WHERE c.stream_id <> 0), 0)
      FROM cost AS c CROSS JOIN unnest(ARRAY['user', 'operation']) AS d (dimension)
        CROSS JOIN unnest(ARRAY[15, 60, 1440]) AS w (minutes)
      GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
      """;

  @Override
  public void changed(Handle transaction, List<CostChange> changes) {
    Map<SumKey, Difference> differences = new HashMap<>();
    for (CostChange each : changes) {
      add(differences, each.before(), -1);
      add(differences, each.after(), 1);
    }
    differences.values().removeIf(Difference::isNothing);
    SumRows.add(transaction, differences);
  }

  private static void add(Map<SumKey, Difference> differences, @Nullable CostRow cost, int sign) {
    if (cost == null) {
      return;
    }
    SumName user = new SumName(orEmpty(cost.owner().subject()), "", "", false);
    SumName operation =
        new SumName("", cost.what().service(), cost.what().operation(), cost.what().isPrompt());
    Difference difference = difference(cost, sign);
    for (int minutes : Pieces.WIDTHS) {
      differences.merge(key("user", minutes, user, cost), difference, Difference::plus);
      differences.merge(key("operation", minutes, operation, cost), difference, Difference::plus);
    }
  }

  private static SumKey key(String dimension, int minutes, SumName name, CostRow cost) {
    CostState state = cost.cost().state();
    return new SumKey(
        dimension,
        minutes,
        Pieces.begin(cost.at(), minutes),
        name,
        state == CostState.UNKNOWN ? "" : orEmpty(cost.cost().currency()),
        state.name().toLowerCase(Locale.ROOT));
  }

  /** A correction is no use, and its duration that of the use that it corrects. */
  private static Difference difference(CostRow cost, int sign) {
    boolean isUse = cost.id().streamId() != Corrections.STREAM_ID;
    Long duration = isUse ? cost.use().durationMillis() : null;
    BigDecimal amount = cost.cost().amount();
    return new Difference(
        sign,
        isUse ? sign : 0,
        amount == null ? BigDecimal.ZERO : sign < 0 ? amount.negate() : amount,
        duration == null ? 0 : sign,
        duration == null ? BigDecimal.ZERO : BigDecimal.valueOf(sign * duration));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Makes all sums again, in one transaction; returns how many. */
  static int rebuild(Handle handle) {
    handle.execute("SELECT pg_advisory_xact_lock(hashtext('billing.costs'))");
    handle.execute("DELETE FROM analytics_sum");
    return handle.createUpdate(REBUILD).execute();
  }
}
