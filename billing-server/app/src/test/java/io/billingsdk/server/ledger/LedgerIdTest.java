package io.billingsdk.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a real PostgreSQL. */
@Tag("postgres")
class LedgerIdTest {
  @Test
  void ledger_anyOne_hasItsOwnIdUntilItIsRenewed() throws SQLException {
    try (Database one = Testbed.get().world().database();
        Database other = Testbed.get().world().database()) {
      LedgerId ledger = new LedgerId(one, new Actor("server"));
      UUID first = ledger.current();
      assertThat(ledger.current()).isEqualTo(first);
      assertThat(new LedgerId(other, new Actor("server")).current()).isNotEqualTo(first);

      UUID renewed = ledger.renew();

      assertThat(renewed).isNotEqualTo(first);
      assertThat(ledger.current()).isEqualTo(renewed);
      assertThat(audited(one)).isEqualTo(1);
    }
  }

  @Test
  void ledger_serversLogin_canMakeNoSecondOneAndLoseNone() throws SQLException {
    try (Database database = Testbed.get().world().database()) {
      for (String sql : new String[] {"INSERT INTO ledger DEFAULT VALUES", "DELETE FROM ledger"}) {
        assertThatThrownBy(() -> execute(database, sql))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("permission denied");
      }
    }
  }

  private static boolean execute(Database database, String sql) throws SQLException {
    return database.call(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
          }
        });
  }

  private static long audited(Database database) throws SQLException {
    return database.call(
        connection -> {
          try (var query =
                  connection.prepareStatement(
                      "SELECT count(*) FROM audit_log WHERE action = 'ledger.renew'");
              var row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
          }
        });
  }
}
