package io.billingsdk.server.entitlements;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.entitlements.CustomerBlocks.CustomerBlock;
import io.billingsdk.server.entitlements.TermsVersion.Changes;
import io.billingsdk.server.keys.BlockCause;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The version of the entitlements, and what blocks customers; in the caller's transaction. */
final class EntitlementRows {
  private static final String RAISE =
      """
      WITH raised AS (UPDATE entitlement_table SET version = version + 1 RETURNING version)
      INSERT INTO entitlement_change AS c (customer_id, version)
      SELECT :customer, version FROM raised
      ON CONFLICT (customer_id) DO UPDATE SET version = excluded.version
      """;

  private static final String RAISE_ALL =
      "UPDATE entitlement_table SET version = version + 1, of_all = version + 1";

  /** One row. Its writer has not committed yet if it is this transaction. */
  private static final String VERSIONS =
      """
      SELECT k.version AS keys, e.version AS plans,
        coalesce(k.xmin = x.own, false) AS own_keys, coalesce(e.xmin = x.own, false) AS own_plans
      FROM key_table k, entitlement_table e,
        (SELECT pg_current_xact_id_if_assigned()::xid AS own) AS x
      """;

  private static final String CHANGED =
      """
      SELECT e.of_all > :version AS of_all,
        ARRAY(SELECT customer_id FROM entitlement_change WHERE version > :version) AS customers
      FROM entitlement_table e
      """;

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

  /** What a customer may use has changed. */
  static void raise(Handle handle, String customer) {
    handle.createUpdate(RAISE).bind("customer", customer).execute();
  }

  /** Something has changed that may concern every customer. */
  static void raiseAll(Handle handle) {
    handle.createUpdate(RAISE_ALL).execute();
  }

  static TermsVersion versions(Handle handle) {
    return handle
        .createQuery(VERSIONS)
        .map(
            ResultRow.to(
                row ->
                    new TermsVersion(
                        row.number("keys"),
                        row.number("plans"),
                        row.flag("own_keys"),
                        row.flag("own_plans"))))
        .one();
  }

  /** Whose plans have changed since a version of the entitlements. */
  static Changes changed(Handle handle, long version, Set<String> keys) {
    return handle
        .createQuery(CHANGED)
        .bind("version", version)
        .map(
            ResultRow.to(
                row -> new Changes(row.flag("of_all"), keys, Set.copyOf(row.texts("customers")))))
        .one();
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
