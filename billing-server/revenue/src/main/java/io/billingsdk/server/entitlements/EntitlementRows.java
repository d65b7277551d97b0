package io.billingsdk.server.entitlements;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.entitlements.CustomerBlocks.CustomerBlock;
import io.billingsdk.server.keys.BlockCause;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The version of the entitlements, and what blocks customers; in the caller's transaction. */
final class EntitlementRows {
  private static final String RAISE = "UPDATE entitlement_table SET version = version + 1";

  private static final String SELECT =
      "SELECT customer_id, name, cause, reason, until FROM customer_block ";

  private static final String STAND =
      """
      INSERT INTO customer_block AS b (customer_id, name, cause, reason, actor, until)
      VALUES (:customer, :name, :cause, :reason, :actor, :until)
      ON CONFLICT (customer_id, name) DO UPDATE SET cause = excluded.cause,
        reason = excluded.reason, actor = excluded.actor, until = excluded.until
      WHERE (b.cause, b.reason, b.until) IS DISTINCT FROM
        (excluded.cause, excluded.reason, excluded.until)
      """;

  private EntitlementRows() {}

  static long version(Handle handle) {
    return handle
        .createQuery("SELECT version FROM entitlement_table")
        .map(ResultRow.to(row -> row.number("version")))
        .one();
  }

  /**
   * Waits for others that change what keys may do, and holds up those that come after: who decides
   * about an app by what it reads next must not be overtaken by somebody who knows better.
   */
  static void lock(Handle handle) {
    var unused =
        handle
            .createQuery("SELECT version FROM entitlement_table FOR UPDATE")
            .mapTo(Long.class)
            .one();
  }

  static void raise(Handle handle) {
    handle.createUpdate(RAISE).execute();
  }

  static List<CustomerBlock> of(Handle handle, String customer) {
    return handle
        .createQuery(SELECT + "WHERE customer_id = :customer ORDER BY name")
        .bind("customer", customer)
        .map(ResultRow.to(EntitlementRows::block))
        .list();
  }

  static List<CustomerBlock> named(Handle handle, String prefix) {
    return handle
        .createQuery(SELECT + "WHERE starts_with(name, :prefix) ORDER BY customer_id, name")
        .bind("prefix", prefix)
        .map(ResultRow.to(EntitlementRows::block))
        .list();
  }

  static List<CustomerBlock> ended(Handle handle, Instant now, int most) {
    return handle
        .createQuery(SELECT + "WHERE until <= :now ORDER BY customer_id, name LIMIT :most")
        .bind("now", now)
        .bind("most", most)
        .map(ResultRow.to(EntitlementRows::block))
        .list();
  }

  /** False when it stands already, with this reason and end. */
  static boolean stand(Handle handle, CustomerBlock block, String actor) {
    return handle
            .createUpdate(STAND)
            .bind("customer", block.customer())
            .bind("name", block.name())
            .bind("cause", block.cause().text())
            .bind("reason", block.reason())
            .bind("actor", actor)
            .bind("until", block.until())
            .execute()
        > 0;
  }

  /** False when it does not stand. */
  static boolean lift(Handle handle, String customer, String name) {
    return handle
            .createUpdate(
                "DELETE FROM customer_block WHERE customer_id = :customer AND name = :name")
            .bind("customer", customer)
            .bind("name", name)
            .execute()
        > 0;
  }

  private static CustomerBlock block(ResultRow row) {
    return new CustomerBlock(
        row.text("customer_id"),
        row.text("name"),
        BlockCause.of(row.text("cause")),
        row.text("reason"),
        row.timeOrNull("until"));
  }
}
