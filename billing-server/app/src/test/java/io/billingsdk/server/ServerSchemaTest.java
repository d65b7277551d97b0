package io.billingsdk.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.feature.Feature.Table;
import io.billingsdk.server.ingest.Testbed;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each table of the ledger's database belongs to one feature. */
@Tag("postgres")
class ServerSchemaTest {
  @Test
  void tables_ofTheDatabase_areEachOfOneFeature() throws SQLException {
    List<String> named = ServerSchema.tables().stream().map(Table::name).toList();

    assertThat(named).doesNotHaveDuplicates();
    assertThat(named).containsExactlyInAnyOrderElementsOf(there());
  }

  /** Without partitions, which are parts of a table, and the tables of libraries. */
  private static List<String> there() throws SQLException {
    DatabaseAddress owner = Testbed.get().world().owner();
    List<String> names = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(owner.url(), owner.user(), owner.password());
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                    + " AND relkind IN ('r', 'p') AND NOT relispartition"
                    + " AND relname <> 'flyway_schema_history'")) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }
}
