package io.billingsdk.server.db;

import io.billingsdk.server.ServerSchema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.flywaydb.core.api.output.MigrateResult;

/** The tables of a database, as some version of the server has made them. */
public final class Schema {
  private final DatabaseAddress owner;

  /** Of the database of an owner. */
  public Schema(DatabaseAddress owner) {
    this.owner = owner;
  }

  /** Migrates as an earlier server has: up to a version. Returns how many steps that were. */
  public int migrateTo(String version) {
    MigrateResult done =
        Migrations.configuration(owner, ServerSchema.migrations()).target(version).load().migrate();
    return done.migrationsExecuted;
  }

  /** The newest version that this server knows. */
  public String newest() {
    var pending = Migrations.configuration(owner, ServerSchema.migrations()).load().info().all();
    return pending[pending.length - 1].getVersion().toString();
  }

  /** Each table with its columns; not Flyway's own. */
  public Map<String, String> columns() throws SQLException {
    return pairs(
        """
        SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
        FROM information_schema.columns JOIN information_schema.tables USING (table_name)
        WHERE tables.table_schema = 'public' AND columns.table_schema = 'public'
          AND table_type = 'BASE TABLE' AND table_name <> 'flyway_schema_history'
        GROUP BY table_name
        """);
  }

  /** What these tables hold in these columns: how many rows, and a hash of them. */
  public Map<String, String> contents(Map<String, String> columns) throws SQLException {
    Map<String, String> all = new TreeMap<>();
    for (Map.Entry<String, String> each : columns.entrySet()) {
      all.putAll(
          pairs(
              """
              SELECT '%s', count(*) || ' ' || coalesce(md5(string_agg(r::text, ' ' ORDER BY r::text)), '-')
              FROM (SELECT %s FROM %s) AS r
              """
                  .formatted(each.getKey(), each.getValue(), each.getKey())));
    }
    return all;
  }

  private Map<String, String> pairs(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(owner.url(), owner.user(), owner.password());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      Map<String, String> found = new TreeMap<>();
      while (row.next()) {
        found.put(row.getString(1), row.getString(2));
      }
      return found;
    }
  }
}
