package io.billingsdk.server.invoices;

import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.subscriptions.Subscription;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.StringJoiner;

/** Copies of one customer with subscription, spans and usage, by SQL: thousands in a second. */
final class ManyCustomers {
  private static final List<String> TABLES =
      List.of(
          "customer WHERE o.customer_id = '%s'",
          "app WHERE o.app_id = '%s'",
          "customer_app WHERE o.customer_id = '%s'",
          "subscription WHERE o.customer_id = '%s'",
          "subscription_segment WHERE o.subscription_id = '%s'",
          "subscription_event WHERE o.subscription_id = '%s'",
          "invoice_span WHERE o.customer_id = '%s'",
          "usage_rollup_shard WHERE o.app_id = '%s'",
          "usage_event WHERE o.app_id = '%s'");

  private ManyCustomers() {}

  /**
   * Copies a customer {@code ID}, whose app has the same id, as {@code ID-1}, {@code ID-2} and so
   * on, by the clock of the server.
   */
  static void copy(InvoiceWorld world, Subscription pattern, int copies) throws SQLException {
    String customer = pattern.customer();
    for (String table : TABLES) {
      String name = table.substring(0, table.indexOf(' '));
      String sql =
          """
          INSERT INTO %1$s SELECT r.* FROM
            (SELECT to_jsonb(o)::text AS o FROM %1$s o %4$s OFFSET 0) p,
            generate_series(1, %3$d) AS i,
            jsonb_populate_record(NULL::%1$s, replace(replace(
              p.o, '%2$s', md5('%5$s-' || i)::uuid::text),
              '"%5$s"', '"%5$s-' || i || '"')::jsonb) r
          """;
      String where =
          table
              .substring(name.length())
              .formatted(table.startsWith("subscription_") ? pattern.id() : customer);
      world.http.world().execute(sql.formatted(name, pattern.id(), copies, where, customer));
    }
    settle(world, customer, copies);
    world.http.world().execute("UPDATE invoice_start SET bill_from = '2026-01-01'");
    world.http.world().execute("ANALYZE");
  }

  /** Each has an app of its own id, which the digest of a billed span depends on. */
  private static void settle(InvoiceWorld world, String customer, int copies) throws SQLException {
    world
        .http
        .world()
        .execute("CREATE TABLE digests (customer text, until timestamptz, apps text)");
    AppSpan app = new Customers(world.database, InvoiceWorld.TESTER).spans(customer).get(0);
    List<Instant> ends =
        world.database.read(
            handle ->
                handle
                    .createQuery("SELECT DISTINCT valid_to FROM invoice_span")
                    .map(ResultRow.to(row -> row.time("valid_to")))
                    .list());
    StringJoiner rows = new StringJoiner(", ", "INSERT INTO digests VALUES ", "");
    for (int i = 1; i <= copies; i++) {
      List<AppSpan> apps = List.of(new AppSpan(customer + "-" + i, app.from(), app.to()));
      for (Instant end : ends) {
        rows.add(
            "('"
                + customer
                + "-"
                + i
                + "','"
                + end
                + "','"
                + EarlierSpans.digest(apps, end)
                + "')");
      }
    }
    world.http.world().execute(rows.toString());
    world
        .http
        .world()
        .execute(
            """
            UPDATE invoice_span s SET test_clock = false,
              apps = CASE WHEN s.apps IS NOT NULL THEN d.apps END
            FROM digests d WHERE d.customer = s.customer_id AND d.until = s.valid_to
            """);
    world.http.world().execute("DROP TABLE digests");
  }
}
