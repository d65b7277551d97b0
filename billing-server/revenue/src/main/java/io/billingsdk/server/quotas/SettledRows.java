package io.billingsdk.server.quotas;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.quotas.Tally.Added;
import io.billingsdk.server.quotas.Tally.Counter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;

/**
 * Moves what was leased to what is settled, in the transaction of the events. First leases, in the
 * order of their numbers, then counters, in the order of their names: every transaction locks them
 * so, and none waits for another in a circle.
 */
final class SettledRows {
  /** Shards of a counter: the lanes of one server have sessions of their own. */
  private static final int SHARDS = 8;

  /** The rest of a lease is taken, and no more. */
  private static final String TAKE =
      """
      WITH wanted AS (
        SELECT * FROM unnest(:leases, :amounts) AS w (lease_no, amount)
      ), locked AS (
        SELECT l.lease_no, least(w.amount, l.granted - l.settled - l.returned) AS covered
        FROM quota_lease l JOIN wanted w USING (lease_no)
        ORDER BY l.lease_no FOR UPDATE OF l
      )
      UPDATE quota_lease l SET settled = l.settled + k.covered
      FROM locked k WHERE l.lease_no = k.lease_no AND k.covered > 0
      RETURNING l.lease_no, k.covered
      """;

  private static final String COUNT =
      """
      INSERT INTO quota_counter_shard AS c (quota_id, period_start, shard, settled, beyond)
      SELECT quota_id, period_start, pg_backend_pid() % :shards, settled, beyond
      FROM unnest(:quotas, :starts, :settled, :beyond)
        AS added (quota_id, period_start, settled, beyond)
      ORDER BY 1, 2
      ON CONFLICT (quota_id, period_start, shard) DO UPDATE SET
        settled = c.settled + excluded.settled, beyond = c.beyond + excluded.beyond,
        changed_at = now()
      """;

  private SettledRows() {}

  static void save(Handle handle, Tally tally) {
    if (!tally.leases().isEmpty()) {
      handle
          .createQuery(TAKE)
          .bind("leases", SqlArrays.numbers(tally.leases()))
          .bind("amounts", SqlArrays.decimals(tally.wanted()))
          .map(ResultRow.to(row -> cover(tally, row)))
          .list();
    }
    List<Map.Entry<Counter, Added>> rows = tally.counters();
    handle
        .createUpdate(COUNT)
        .bind("shards", SHARDS)
        .bind("quotas", SqlArrays.texts(rows.stream().map(each -> each.getKey().quota()).toList()))
        .bind(
            "starts",
            SqlArrays.times(rows.stream().map(each -> each.getKey().periodStart()).toList()))
        .bind("settled", amounts(rows, Added::settled))
        .bind("beyond", amounts(rows, Added::beyond))
        .execute();
  }

  private static long cover(Tally tally, ResultRow row) {
    long lease = row.number("lease_no");
    tally.cover(lease, row.decimal("covered"));
    return lease;
  }

  private static Argument amounts(
      List<Map.Entry<Counter, Added>> rows, Function<Added, BigDecimal> amount) {
    return SqlArrays.decimals(rows.stream().map(each -> amount.apply(each.getValue())).toList());
  }
}
