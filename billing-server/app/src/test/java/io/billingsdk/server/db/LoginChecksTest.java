package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSchema;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.http.HttpSettings;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two logins on a real PostgreSQL, neither of them a superuser, made as docs/server.md says. */
@Tag("postgres")
class LoginChecksTest {
  private static final List<String> APPEND_ONLY = ServerSchema.appendOnlyTables();
  private static final AtomicInteger NUMBER = new AtomicInteger();

  /** Of the tests that change nothing. */
  private static final Logins SHARED = Logins.make();

  private record Logins(World world, DatabaseAddress owner, DatabaseAddress app) {
    static Logins make() {
      try {
        World world = Testbed.get().world();
        String name = "ledger" + NUMBER.incrementAndGet();
        world.execute("CREATE ROLE " + name + "_owner LOGIN PASSWORD 'owner-password'");
        world.execute("CREATE ROLE " + name + "_app LOGIN NOINHERIT PASSWORD 'app-password'");
        world.execute("GRANT billing_server TO " + name + "_app");
        world.execute("CREATE DATABASE " + name + " OWNER " + name + "_owner");
        String url = world.owner().url().replaceFirst("/[^/]*$", "/" + name);
        DatabaseAddress owner = new DatabaseAddress(url, name + "_owner", "owner-password");
        Migrations.run(owner, ServerSchema.migrations());
        executeAs(owner, "SELECT ensure_partition(now())");
        return new Logins(world, owner, new DatabaseAddress(url, name + "_app", "app-password"));
      } catch (SQLException failed) {
        throw new IllegalStateException(failed);
      }
    }
  }

  private static void executeAs(DatabaseAddress login, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(login.url(), login.user(), login.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void run_leastPrivilegedLogin_isAccepted() {
    LoginChecks.run(SHARED.app(), APPEND_ONLY);
    try (Database database = Database.at(SHARED.app())) {
      StartupChecks.run(database);
    }
  }

  /** Whatever role it takes on: its own, the one it works in, the owner's. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM usage_event",
        "UPDATE usage_event SET usage = 0",
        "TRUNCATE usage_event",
        "DROP TABLE usage_event",
        "ALTER TABLE usage_event DISABLE TRIGGER ALL",
        "ALTER TABLE usage_event DETACH PARTITION %P",
        "DELETE FROM %P",
        "UPDATE %P SET usage = 0",
        "TRUNCATE %P",
        "DROP TABLE %P",
        "DELETE FROM event_identity",
        "UPDATE event_identity SET hash = ''",
        "DROP TABLE event_identity",
        "ALTER TABLE event_identity DROP CONSTRAINT event_identity_is_unique",
        "DELETE FROM attribution",
        "UPDATE attribution SET app_id = 'other'",
        "DELETE FROM rejected_event",
        "DELETE FROM conflicting_event",
        "DELETE FROM idempotency",
        "CREATE TRIGGER t BEFORE INSERT ON usage_event EXECUTE FUNCTION"
            + " suppress_redundant_updates_trigger()",
        "CREATE OR REPLACE FUNCTION ensure_partition(at timestamptz) RETURNS void LANGUAGE sql AS"
            + " ''",
        "CREATE RULE r AS ON INSERT TO usage_event DO INSTEAD NOTHING",
        "DROP SCHEMA public CASCADE",
        "SET session_replication_role = replica"
      })
  void runningLogin_anythingThatWouldChangeTheLedger_isRefusedByTheDatabase(String attack)
      throws SQLException {
    String partition =
        "usage_event_"
            + DateTimeFormatter.ofPattern("uuuu_MM", Locale.ROOT)
                .format(ZonedDateTime.now(ZoneOffset.UTC));
    String sql = attack.replace("%P", partition);
    for (String first : new String[] {"RESET ROLE", "SET ROLE billing_server"}) {
      assertThatThrownBy(() -> executeAs(SHARED.app(), first + "; " + sql))
          .isInstanceOf(SQLException.class)
          .extracting(failed -> ((SQLException) failed).getSQLState())
          .as("insufficient privilege: %s, as after %s", sql, first)
          .isEqualTo("42501");
    }
    assertThatThrownBy(() -> executeAs(SHARED.app(), "SET ROLE " + SHARED.owner().user()))
        .hasMessageContaining("permission denied");
  }

  @ParameterizedTest
  @CsvSource({
    "GRANT %O TO %A, owner",
    "ALTER ROLE %A SUPERUSER, superuser",
    "ALTER ROLE %A CREATEROLE, create roles",
    "GRANT pg_write_all_data TO %A, pg_write_all_data",
    "REVOKE billing_server FROM %A, member of billing_server"
  })
  void run_loginThatCouldDoMoreOrLess_isRefusedInWords(String change, String named)
      throws SQLException {
    Logins logins = Logins.make();
    String login = logins.app().user();
    logins.world().execute(change.replace("%O", logins.owner().user()).replace("%A", login));
    assertThatThrownBy(() -> LoginChecks.run(logins.app(), APPEND_ONLY))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining(login)
        .hasMessageContaining(named)
        .hasMessageNotContaining("password");
  }

  @Test
  void run_theOwnerItself_isRefused() {
    assertThatThrownBy(() -> LoginChecks.run(SHARED.owner(), APPEND_ONLY))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("another login than --database-owner");
  }

  @Test
  void run_tableGrantedByHand_isRefusedWithItsName() throws SQLException {
    Logins logins = Logins.make();
    executeAs(logins.owner(), "GRANT DELETE ON usage_event TO " + logins.app().user());
    assertThatThrownBy(() -> LoginChecks.run(logins.app(), APPEND_ONLY))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("usage_event");
  }

  @Test
  void run_wrongPassword_saysAsWhom() {
    DatabaseAddress app = SHARED.app();
    assertThatThrownBy(
            () -> LoginChecks.run(new DatabaseAddress(app.url(), app.user(), "wrong"), APPEND_ONLY))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining(app.user());
  }

  @Test
  void server_withTwoLogins_starts_andWithTheOwnerForBothIsRefused(@TempDir Path directory) {
    DatabaseAddress owner = SHARED.owner();
    ServerSettings settings =
        new ServerSettings(
            directory.resolve("a"),
            null,
            SHARED.app(),
            owner,
            "billing",
            0,
            0,
            HttpSettings.ANY_PORT);
    try (BillingServer server = new BillingServer(settings)) {
      server.start();
      await().atMost(Duration.ofSeconds(60)).until(server::isUp);
    }
    BillingServer owning =
        new BillingServer(
            new ServerSettings(
                directory.resolve("b"),
                null,
                owner,
                owner,
                "billing",
                0,
                0,
                HttpSettings.ANY_PORT));
    assertThatThrownBy(owning::start)
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("another login than --database-owner");
    assertThat(directory.resolve("b/broker")).as("nothing was started").doesNotExist();
  }
}
