package io.billingsdk.server.costs;

import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Single costs and executions that are dear: for who alerts about them. */
public final class DearCosts {
  private static final String ANY_OPERATION =
      """
      SELECT operation AS name, max(amount) AS amount FROM cost
      WHERE at >= :from AND at < :to AND currency = :currency AND amount >= :least
      GROUP BY operation
      """;

  private static final String OPERATIONS =
      ANY_OPERATION.replace("AND amount >=", "AND operation = ANY (:names) AND amount >=");

  // Whole executions, also what they cost before the time: an alert is about all of one.
  private static final String ANY_EXECUTION =
      """
      SELECT c.execution AS name, sum(c.amount) AS amount FROM cost c
      WHERE c.execution IN (
        SELECT execution FROM cost WHERE at >= :from AND at < :to AND execution IS NOT NULL)
        AND c.currency = :currency
      GROUP BY c.execution HAVING sum(c.amount) >= :least
      """;

  private static final String EXECUTIONS =
      """
      SELECT c.execution AS name, sum(c.amount) AS amount FROM cost c
      WHERE c.execution = ANY (:names) AND c.currency = :currency
        AND EXISTS (SELECT FROM cost e
          WHERE e.execution = c.execution AND e.at >= :from AND e.at < :to)
      GROUP BY c.execution HAVING sum(c.amount) >= :least
      """;

  private DearCosts() {}

  /**
   * Waits until nobody writes costs, and keeps it so until the transaction ends. So a change in how
   * costs are listened to is seen by each cost that comes after it.
   */
  public static void holdStill(Handle transaction) {
    CostStore.lock(transaction);
  }

  /** Which costs are looked at: those of a time and a currency, from an amount on. */
  public record Among(Range range, String currency, BigDecimal least) {}

  /** The dearest single cost of each operation. */
  public static Map<String, BigDecimal> operations(Handle handle, Among among) {
    return amounts(handle, ANY_OPERATION, among, null);
  }

  /** The same of some operations. */
  public static Map<String, BigDecimal> operations(
      Handle handle, Among among, Collection<String> names) {
    return amounts(handle, OPERATIONS, among, names);
  }

  /** What each execution cost as a whole, if any of it was in the time. */
  public static Map<String, BigDecimal> executions(Handle handle, Among among) {
    return amounts(handle, ANY_EXECUTION, among, null);
  }

  /** The same of some executions. */
  public static Map<String, BigDecimal> executions(
      Handle handle, Among among, Collection<String> names) {
    return amounts(handle, EXECUTIONS, among, names);
  }

  private static Map<String, BigDecimal> amounts(
      Handle handle, String sql, Among among, @Nullable Collection<String> names) {
    var query =
        handle
            .createQuery(sql)
            .bind("from", among.range().from())
            .bind("to", among.range().to())
            .bind("currency", among.currency())
            .bind("least", among.least());
    if (names != null) {
      query.bind("names", SqlArrays.texts(names));
    }
    Map<String, BigDecimal> amounts = new HashMap<>();
    query
        .map(ResultRow.to(row -> Map.entry(row.text("name"), row.decimal("amount"))))
        .forEach(each -> amounts.put(each.getKey(), each.getValue()));
    return amounts;
  }
}
