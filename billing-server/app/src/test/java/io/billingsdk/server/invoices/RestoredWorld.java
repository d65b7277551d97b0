package io.billingsdk.server.invoices;

import io.billingsdk.server.ServerSchema;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/**
 * A ledger that was dumped and restored into an empty database: all rows of one snapshot as texts,
 * as {@code pg_dump} writes them, which is not among the programs of our own PostgreSQL.
 */
public final class RestoredWorld {
  private static final String TABLES =
      """
      SELECT c.relname, (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          AND a.attgenerated = '') AS columns
      FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
        AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT LIKE 'flyway%'
      ORDER BY c.relname
      """;

  private static final String GUARDS =
      """
      SELECT format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', c.relname, t.tgname)
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
        AND t.tgenabled = 'A' AND t.tgparentid = 0 ORDER BY 1
      """;

  private RestoredWorld() {}

  /** Makes it; its guards are on again. */
  public static World of(World from) throws SQLException, IOException {
    Map<String, String> columns = new LinkedHashMap<>();
    Map<String, byte[]> rows = dump(from, columns);
    World to = Testbed.get().worldOf(ServerSchema.migrations());
    try (Connection connection = open(to);
        Statement statement = connection.createStatement()) {
      List<String> guards = texts(statement, GUARDS);
      for (int month = 0; month < 18; month++) {
        statement.execute(
            "SELECT ensure_partition((date '2026-01-01' + interval '%d months')::date)"
                .formatted(month));
      }
      for (String table : columns.keySet()) {
        statement.execute("ALTER TABLE " + table + " DISABLE TRIGGER ALL");
      }
      statement.execute("TRUNCATE " + String.join(", ", columns.keySet()));
      for (Map.Entry<String, byte[]> each : rows.entrySet()) {
        var unused =
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                    "COPY %s (%s) FROM STDIN".formatted(each.getKey(), columns.get(each.getKey())),
                    new ByteArrayInputStream(each.getValue()));
      }
      for (String table : columns.keySet()) {
        statement.execute("ALTER TABLE " + table + " ENABLE TRIGGER ALL");
      }
      for (String guard : guards) {
        statement.execute(guard);
      }
      statement.execute("ANALYZE");
    }
    return to;
  }

  private static Map<String, byte[]> dump(World from, Map<String, String> columns)
      throws SQLException, IOException {
    Map<String, byte[]> dump = new LinkedHashMap<>();
    try (Connection connection = open(from);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      try (ResultSet tables = statement.executeQuery(TABLES)) {
        while (tables.next()) {
          columns.put(tables.getString(1), tables.getString(2));
        }
      }
      for (Map.Entry<String, String> each : columns.entrySet()) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        var unused =
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut(
                    "COPY (SELECT %s FROM %s) TO STDOUT".formatted(each.getValue(), each.getKey()),
                    bytes);
        dump.put(each.getKey(), bytes.toByteArray());
      }
    }
    return dump;
  }

  private static List<String> texts(Statement statement, String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  private static Connection open(World world) throws SQLException {
    return DriverManager.getConnection(
        world.owner().url(), world.owner().user(), world.owner().password());
  }
}
