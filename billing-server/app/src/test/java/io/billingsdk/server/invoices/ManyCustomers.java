package io.billingsdk.server.invoices;

import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.ResultRow;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;

/** Copies of one customer with subscription, spans and usage, by SQL: thousands in a second. */
final class ManyCustomers {
  private static final List<String> TABLES =
      List.of(
          "customer WHERE o.customer_id = 'pattern'",
          "app WHERE o.app_id = 'pattern'",
          "customer_app WHERE o.customer_id = 'pattern'",
          "subscription WHERE o.customer_id = 'pattern'",
          "subscription_segment WHERE o.subscription_id = '%s'",
          "subscription_event WHERE o.subscription_id = '%s'",
          "invoice_span WHERE o.customer_id = 'pattern'",
          "usage_rollup_shard WHERE o.app_id = 'pattern'",
          "usage_event WHERE o.app_id = 'pattern'");

  private ManyCustomers() {}

  /** Copies {@code pattern} as {@code c1}, {@code c2} and so on, by the clock of the server. */
  static void copy(InvoiceWorld world, UUID subscription, int copies) throws SQLException {
    for (String table : TABLES) {
      String name = table.substring(0, table.indexOf(' '));
      String sql =
          """
          INSERT INTO %1$s SELECT (jsonb_populate_record(NULL::%1$s, replace(replace(
            to_jsonb(o)::text, '%2$s', md5('c' || i)::uuid::text), '"pattern"', '"c' || i || '"')
            ::jsonb)).*
          FROM generate_series(1, %3$d) AS i, %1$s o %4$s
          """;
      String where = table.substring(name.length()).formatted(subscription);
      world.http.world().execute(sql.formatted(name, subscription, copies, where));
    }
    settle(world, copies);
    world.http.world().execute("UPDATE invoice_start SET bill_from = '2026-01-01'");
    world.http.world().execute("ANALYZE");
  }

  /** Each has an app of its own id, which the digest of a billed span depends on. */
  private static void settle(InvoiceWorld world, int copies) throws SQLException {
    world
        .http
        .world()
        .execute("CREATE TABLE digests (customer text, until timestamptz, apps text)");
    AppSpan app = new Customers(world.database, InvoiceWorld.TESTER).spans("pattern").get(0);
    List<Instant> ends =
        world.database.read(
            handle ->
                handle
                    .createQuery("SELECT DISTINCT valid_to FROM invoice_span")
                    .map(ResultRow.to(row -> row.time("valid_to")))
                    .list());
    StringJoiner rows = new StringJoiner(", ", "INSERT INTO digests VALUES ", "");
    for (int i = 1; i <= copies; i++) {
      List<AppSpan> apps = List.of(new AppSpan("c" + i, app.from(), app.to()));
      for (Instant end : ends) {
        rows.add("('c" + i + "','" + end + "','" + EarlierSpans.digest(apps, end) + "')");
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
