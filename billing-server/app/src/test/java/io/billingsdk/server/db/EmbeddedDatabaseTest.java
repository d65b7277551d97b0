package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.ServerSchema;
import io.billingsdk.server.common.ServerException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
class EmbeddedDatabaseTest {
  @TempDir Path directory = Path.of("");

  private EmbeddedDatabase database() {
    return SharedBinaries.database(directory.resolve("postgresql"), 0);
  }

  @Test
  void start_roleThatIsNotOurs_isRefusedInOneLine_andNothingRuns() throws Exception {
    try (EmbeddedDatabase first = database()) {
      first.start();
      try (Connection owner = Connections.open(first.owner());
          Statement statement = owner.createStatement()) {
        statement.execute("CREATE ROLE intruder SUPERUSER LOGIN PASSWORD 'x'");
      }
    }
    EmbeddedDatabase again = database();
    assertThatThrownBy(again::start)
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("roles that are not its own: intruder (a superuser);")
        .hasMessageNotContaining("\n");
    assertThat(PidFile.in(directory.resolve("postgresql/data"))).isEmpty();
  }

  @Test
  void start_ofANewOne_hashesItsRandomPasswordsInOneRound() throws Exception {
    try (EmbeddedDatabase first = database()) {
      first.start();
      try (Connection owner = Connections.open(first.owner());
          Statement statement = owner.createStatement();
          ResultSet hashes =
              statement.executeQuery(
                  "SELECT count(*) FILTER (WHERE rolpassword LIKE 'SCRAM-SHA-256$1:%'), count(*)"
                      + " FROM pg_authid WHERE rolpassword IS NOT NULL")) {
        hashes.next();
        assertThat(hashes.getLong(1)).isEqualTo(2).isEqualTo(hashes.getLong(2));
      }
    }
  }

  @Test
  void start_portInUse_saysSoInOneLine_andWhatToDo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      EmbeddedDatabase refused =
          SharedBinaries.database(directory.resolve("postgresql"), taken.getLocalPort());
      assertThatThrownBy(refused::start)
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("Address already in use")
          .hasMessageContaining("--postgresql-port")
          .hasMessageNotContaining("\n");
    }
    try (EmbeddedDatabase next = database()) {
      next.start();
    }
  }

  @Test
  void start_afterSettingsOfAnotherMachine_forgetsThem() throws Exception {
    try (EmbeddedDatabase first = database()) {
      first.start();
    }
    Path data = directory.resolve("postgresql/data");
    Path settings = data.resolve("postgresql.conf");
    Files.writeString(
        settings,
        "\nlc_messages = 'xx_YY.UTF-8'\n  LC_TIME 'xx_YY.UTF-8'\ntimezone = 'Mars/Olympus'\n",
        StandardOpenOption.APPEND);
    // As an earlier version had it, until its first start was over.
    Files.writeString(data.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 trust\n");
    try (EmbeddedDatabase next = database()) {
      next.start();
      String url = next.owner().url();
      assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "no"))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void start_halfMadeByAnEarlierVersion_isMadeAgain() throws Exception {
    Path data = directory.resolve("postgresql/data");
    Files.createDirectories(data.resolve("base/1"));
    Files.createDirectories(data.resolve("global"));
    Files.writeString(data.resolve("PG_VERSION"), "17\n");
    Files.writeString(data.resolve("postgresql.conf"), "");
    Files.writeString(data.resolve("global/pg_control"), "half");
    try (EmbeddedDatabase database = database()) {
      database.start();
      Connections.open(database.server()).close();
    }
  }

  @Test
  void start_damagedThatMayHaveHeldData_isKeptAndRefused() throws Exception {
    try (EmbeddedDatabase first = database()) {
      first.start();
    }
    Path control = directory.resolve("postgresql/data/global/pg_control");
    Files.write(control, new byte[10]);
    assertThatThrownBy(database()::start)
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("PostgreSQL cannot be started in")
        .hasMessageNotContaining("\n");
    assertThat(Files.size(control)).isEqualTo(10);
  }

  @Test
  void open_zoneThatPostgresqlDoesNotKnow_connects() throws Exception {
    TimeZone before = TimeZone.getDefault();
    try (EmbeddedDatabase database = database()) {
      database.start();
      TimeZone.setDefault(new SimpleTimeZone(0, "Mars/Olympus"));
      assertThat(TimeZone.getDefault().getID()).isEqualTo("Mars/Olympus");
      try (Database asked = Database.unpooled(database.server())) {
        boolean valid = asked.call(connection -> connection.isValid(5));
        assertThat(valid).isTrue();
      }
      TimeZone.setDefault(new SimpleTimeZone(0, "Mars/Olympus"));
      Migrations.run(database.owner(), ServerSchema.migrations());
      TimeZone.setDefault(new SimpleTimeZone(0, "Mars/Olympus"));
      try (Database asked = Database.at(database.server())) {
        boolean valid = asked.call(connection -> connection.isValid(5));
        assertThat(valid).isTrue();
      }
      TimeZone.setDefault(new SimpleTimeZone(0, "Mars/Olympus"));
      LoginChecks.run(database.server(), ServerSchema.appendOnlyTables());
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void start_ownerWithoutOurPassword_isGivenIt() throws Exception {
    try (EmbeddedDatabase first = database()) {
      first.start();
      try (Connection owner = Connections.open(first.owner());
          Statement statement = owner.createStatement()) {
        statement.execute("ALTER ROLE postgres PASSWORD NULL");
      }
    }
    try (EmbeddedDatabase next = database()) {
      next.start();
      Connections.open(next.owner()).close();
    }
  }

  @Test
  void start_clusterOfALocaleThatIsNotHere_isFreed() throws Exception {
    Path neutral = Path.of("/usr/lib/locale/C.utf8");
    Assumptions.assumeTrue(Files.isDirectory(neutral), "there is no locale that could stand in");
    makeUnder("xx_YY.UTF-8", neutral);
    for (int i = 0; i < 2; i++) {
      try (EmbeddedDatabase database = database()) {
        database.start();
        try (Connection owner = Connections.open(database.owner());
            Statement statement = owner.createStatement();
            ResultSet row =
                statement.executeQuery(
                    "SELECT datlocale, datcollate FROM pg_database WHERE datname = 'postgres'")) {
          assertThat(row.next()).isTrue();
          assertThat(row.getString(1) + " " + row.getString(2)).isEqualTo("C.UTF-8 C");
        }
      }
      assertThat(directory.resolve("postgresql/locale")).doesNotExist();
    }
  }

  /** As an earlier version has made it where that locale was, and used it. */
  private void makeUnder(String locale, Path neutral) throws Exception {
    Path postgresql = directory.resolve("postgresql");
    Path locales = Files.createDirectories(directory.resolve("locales"));
    Files.createSymbolicLink(locales.resolve(locale), neutral);
    var unused = new Secrets(postgresql.resolve("secrets")).of("owner");
    Path binaries = new Binaries(postgresql.resolve("binaries"), PostgresSupport.archive()).ready();
    ProcessBuilder initdb =
        new Launch(binaries)
            .with("LOCPATH", locales.toString())
            .of(
                "initdb",
                List.of(
                    "--pgdata=" + postgresql.resolve("data"),
                    "--username=postgres",
                    "--pwfile=" + postgresql.resolve("secrets/owner"),
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=" + locale));
    Process made = initdb.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    assertThat(made.waitFor()).isZero();
    Files.writeString(postgresql.resolve("port"), "1");
  }
}
