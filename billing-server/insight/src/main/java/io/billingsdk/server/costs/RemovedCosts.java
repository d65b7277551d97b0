package io.billingsdk.server.costs;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.http.Request;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Costs that are removed when they are old. The ledger keeps their events. */
public final class RemovedCosts {
  private static final String REMOVE = "SELECT remove_costs(:before) AS removed";

  private static final String NOTE =
      """
      INSERT INTO cost_removed (before) VALUES (:before)
      ON CONFLICT (one) DO UPDATE SET before = greatest(cost_removed.before, excluded.before)
      """;

  private RemovedCosts() {}

  /** Before which costs are removed; empty while none was. */
  public static Optional<Instant> before(Handle handle) {
    return handle
        .createQuery("SELECT before FROM cost_removed")
        .map(ResultRow.to(row -> row.time("before")))
        .findFirst();
  }

  /** The header of an answer that would have costs which are removed; empty of any other answer. */
  static Map<String, String> header(Request request, Instant from) {
    return request
        .database()
        .read(RemovedCosts::before)
        .filter(before -> before.isAfter(from))
        .map(before -> Map.of("Billing-Removed-Before", before.toString()))
        .orElse(Map.of());
  }

  /**
   * Removes all before the first moment of a month of UTC, with their revisions. The sums of them
   * stay, and no cost is written until the transaction ends.
   *
   * @return how many
   */
  public static long remove(Handle transaction, Instant before) {
    CostStore.lock(transaction);
    long removed =
        transaction
            .createQuery(REMOVE)
            .bind("before", before)
            .map(ResultRow.to(row -> row.number("removed")))
            .one();
    if (removed > 0) {
      transaction.createUpdate(NOTE).bind("before", before).execute();
    }
    return removed;
  }
}
