package io.billingsdk.server.quotas;

import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.entitlements.TermsVersion;
import io.billingsdk.server.quotas.Tally.Added;
import io.billingsdk.server.quotas.Tally.Counter;
import io.billingsdk.server.quotas.Tally.Wanted;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Moves what was leased to what is settled, in the transaction of the events. First leases, in the
 * order of their numbers, then counters, in the order of their names: every transaction locks them
 * so, and none waits for another in a circle.
 */
final class SettledRows {
  /** Shards of a counter: the lanes of one server have sessions of their own. */
  private static final int SHARDS = 8;

  /** The shard of transactions that take something back. No other transaction adds to it. */
  private static final int OF_CORRECTIONS = SHARDS;

  /**
   * The rest of a lease is taken, and no more. Usage that no lease covers is beyond. One statement,
   * since each one costs the lane a round trip. It adds to no counter before all leases are locked:
   * only then is it known how much they cover.
   */
  private static final String SETTLE =
      """
      WITH valid AS MATERIALIZED (
        SELECT WHERE %s
      ), wanted AS (
        SELECT w.* FROM valid, unnest(:leases, :amounts, :counters) AS w (lease_no, amount, counter)
      ), locked AS (
        SELECT l.lease_no, w.counter,
          least(w.amount, l.granted - l.settled - l.returned) AS covered
        FROM quota_lease l JOIN wanted w USING (lease_no)
        ORDER BY l.lease_no FOR UPDATE OF l
      ), taken AS (
        UPDATE quota_lease l SET settled = l.settled + k.covered
        FROM locked k WHERE l.lease_no = k.lease_no AND k.covered > 0
        RETURNING k.counter, k.covered
      ), covered AS (
        SELECT counter, sum(covered) AS amount FROM taken GROUP BY counter
      )
      INSERT INTO quota_counter_shard AS c (quota_id, period_start, shard, settled, beyond)
      SELECT quota_id, period_start, coalesce(:shard, pg_backend_pid() %% :shards), settled,
        grown - coalesce(covered.amount, 0)
      FROM valid CROSS JOIN unnest(:quotas, :starts, :settled, :grown) WITH ORDINALITY
        AS added (quota_id, period_start, settled, grown, place)
      LEFT JOIN covered ON covered.counter = added.place
      ORDER BY 1, 2
      ON CONFLICT (quota_id, period_start, shard) DO UPDATE SET
        settled = c.settled + excluded.settled, beyond = c.beyond + excluded.beyond,
        changed_at = now()
      """;

  private static final String SETTLE_ALWAYS = SETTLE.formatted("true");

  /** Of another version it locks nothing and changes nothing. */
  private static final String SETTLE_IF = SETTLE.formatted(TermsVersion.IS_CURRENT);

  private static final String LOCK_LEASES =
      """
      SELECT lease_no FROM quota_lease WHERE lease_no = ANY (:leases) ORDER BY lease_no FOR UPDATE
      """;

  /** All shards, since only their sum says how much is beyond. */
  private static final String LOCK_COUNTERS =
      """
      SELECT c.shard FROM quota_counter_shard c
      JOIN unnest(:quotas, :starts) AS w (quota_id, period_start) USING (quota_id, period_start)
      ORDER BY c.quota_id, c.period_start, c.shard FOR UPDATE OF c
      """;

  /** Usage that is taken back was beyond, as long as something is. */
  private static final String LOWER =
      """
      UPDATE quota_counter_shard c SET beyond = c.beyond - least(w.lowered,
        (SELECT sum(s.beyond) FROM quota_counter_shard s
          WHERE s.quota_id = c.quota_id AND s.period_start = c.period_start))
      FROM unnest(:quotas, :starts, :lowered) AS w (quota_id, period_start, lowered)
      WHERE c.quota_id = w.quota_id AND c.period_start = w.period_start AND c.shard = :shard
        AND w.lowered > 0
      """;

  private SettledRows() {}

  static void save(Handle handle, Tally tally) {
    List<Map.Entry<Counter, Added>> rows = tally.counters();
    List<Wanted> leases = tally.leases();
    if (tally.lowers()) {
      lock(handle, leases, rows);
      var unused =
          settle(handle.createUpdate(SETTLE_ALWAYS), leases, rows, OF_CORRECTIONS).execute();
      counters(handle.createUpdate(LOWER), rows)
          .bind("lowered", amounts(rows, Added::lowered))
          .bind("shard", OF_CORRECTIONS)
          .execute();
    } else {
      var unused = settle(handle.createUpdate(SETTLE_ALWAYS), leases, rows, null).execute();
    }
  }

  /**
   * The same for rows that take nothing back, if a version is the one of now.
   *
   * @return false if it is another one: then nothing has happened
   */
  static boolean saveIf(Handle handle, Tally tally, TermsVersion version) {
    return settle(handle.createUpdate(SETTLE_IF), tally.leases(), tally.counters(), null)
            .bind("keys", version.keys())
            .bind("plans", version.plans())
            .execute()
        > 0;
  }

  /** In the order of all transactions: a correction changes more than a shard of its own. */
  private static void lock(
      Handle handle, List<Wanted> leases, List<Map.Entry<Counter, Added>> rows) {
    handle
        .createQuery(LOCK_LEASES)
        .bind("leases", numbers(leases, Wanted::lease))
        .mapTo(Long.class)
        .list();
    counters(handle.createQuery(LOCK_COUNTERS), rows).mapTo(Integer.class).list();
  }

  private static Update settle(
      Update statement,
      List<Wanted> leases,
      List<Map.Entry<Counter, Added>> rows,
      @Nullable Integer shard) {
    Map<Counter, Long> places = new HashMap<>();
    rows.forEach(each -> places.put(each.getKey(), 1L + places.size()));
    return counters(statement, rows)
        .bind("leases", numbers(leases, Wanted::lease))
        .bind("amounts", SqlArrays.decimals(leases.stream().map(Wanted::amount).toList()))
        .bind("counters", numbers(leases, each -> places.getOrDefault(each.counter(), 0L)))
        .bind("settled", amounts(rows, Added::settled))
        .bind("grown", amounts(rows, Added::grown))
        .bind("shard", shard)
        .bind("shards", SHARDS);
  }

  private static <T extends SqlStatement<T>> T counters(
      T statement, List<Map.Entry<Counter, Added>> rows) {
    return statement
        .bind("quotas", SqlArrays.texts(rows.stream().map(each -> each.getKey().quota()).toList()))
        .bind(
            "starts",
            SqlArrays.times(rows.stream().map(each -> each.getKey().periodStart()).toList()));
  }

  private static Argument numbers(List<Wanted> leases, Function<Wanted, Long> number) {
    return SqlArrays.numbers(leases.stream().map(number).toList());
  }

  private static Argument amounts(
      List<Map.Entry<Counter, Added>> rows, Function<Added, BigDecimal> amount) {
    return SqlArrays.decimals(rows.stream().map(each -> amount.apply(each.getValue())).toList());
  }
}
