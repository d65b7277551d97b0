package io.billingsdk.server.invoices;

import io.billingsdk.server.db.ResultRow;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What is wrong with the invoices of {@link ManyCustomers}, by SQL and without the service. */
final class InvoiceJudge {
  /** Spans without an invoice of their own, or with two. */
  private static final String SPANS =
      """
      SELECT format('%s has %s spans and %s invoices', s.customer_id, count(s.number),
        count(i.number)) AS problem
      FROM invoice_span s
        LEFT JOIN invoice i ON i.subscription_id = s.subscription_id AND i.span = s.number
      WHERE NOT s.test_clock GROUP BY s.customer_id
      HAVING count(*) <> :spans OR count(i.number) <> :spans
      """;

  private static final String OPEN =
      """
      SELECT customer_id || ' has a span that is not billed' AS problem FROM invoice_span
      WHERE NOT test_clock AND state <> 'billed'
      """;

  /** Of March, up to the cut of the last invoice: 100 at 0.05 and the rest at 0.013; fees of 29. */
  private static final String SUMS =
      """
      WITH priced AS (
        SELECT s.customer_id, round(least(sum(e.usage), 100) * 0.05
          + greatest(sum(e.usage) - 100, 0) * 0.013, 2) AS price
        FROM invoice_span s JOIN customer_app a USING (customer_id)
          JOIN usage_event e ON e.app_id = a.app_id AND e.cut_no <= s.cut_no
        WHERE s.number = :spans AND NOT s.test_clock GROUP BY 1
      ), invoiced AS (
        SELECT i.customer_id,
          sum(CASE WHEN l.refers_to IS NULL THEN l.net ELSE -l.net END) AS net
        FROM invoice i JOIN invoice_line l USING (number) WHERE l.key LIKE 'usage/%' GROUP BY 1
      )
      SELECT format('%s is invoiced %s of %s', customer_id, net, price) AS problem
      FROM priced FULL JOIN invoiced USING (customer_id) WHERE net IS DISTINCT FROM price
      """;

  private static final String HEADS =
      """
      SELECT number || ' is ' || i.net || ', but its lines are ' || sum(l.net) AS problem
      FROM invoice i JOIN invoice_line l USING (number) GROUP BY i.number
      HAVING sum(l.net) <> i.net
      """;

  private static final String ALWAYS =
      """
      DO $$ DECLARE one record; BEGIN
        FOR one IN SELECT tgname FROM pg_trigger
            WHERE tgrelid = '%1$s'::regclass AND NOT tgisinternal LOOP
          EXECUTE format('ALTER TABLE %1$s ENABLE ALWAYS TRIGGER %%I', one.tgname);
        END LOOP;
      END $$
      """;

  private InvoiceJudge() {}

  static List<String> problems(InvoiceWorld world, int spans) {
    return world.database.read(handle -> problems(handle, spans));
  }

  private static List<String> problems(Handle handle, int spans) {
    List<String> problems = new ArrayList<>();
    for (String check : List.of(SPANS, OPEN, SUMS, HEADS)) {
      var query = handle.createQuery(check);
      problems.addAll(
          (check.contains(":spans") ? query.bind("spans", spans) : query)
              .map(ResultRow.to(row -> row.text("problem")))
              .list());
    }
    problems.addAll(BookRows.differences(handle));
    return problems;
  }

  /** The same after a fault that somebody plants past the triggers, and that is then taken back. */
  static List<String> problemsWith(InvoiceWorld world, int spans, String fault)
      throws SQLException {
    try (Connection owner =
            DriverManager.getConnection(
                world.http.world().owner().url(),
                world.http.world().owner().user(),
                world.http.world().owner().password());
        Statement statement = owner.createStatement()) {
      owner.setAutoCommit(false);
      for (String table : List.of("invoice", "invoice_line", "invoice_series")) {
        statement.execute("ALTER TABLE " + table + " DISABLE TRIGGER USER");
      }
      statement.execute(fault);
      for (String table : List.of("invoice", "invoice_line", "invoice_series")) {
        // On again, so that the triggers are not what is found.
        statement.execute(ALWAYS.formatted(table));
      }
      // Its end closes the connection, which rolls all of it back.
      try (Handle handle = Jdbi.open(owner)) {
        return problems(handle, spans);
      }
    }
  }
}
