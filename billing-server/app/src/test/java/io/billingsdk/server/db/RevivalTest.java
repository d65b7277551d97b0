package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL, killed as the kernel kills what takes most memory. */
@Tag("postgres")
class RevivalTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path directory = Path.of("");

  private Path data() {
    return directory.resolve("postgresql/data");
  }

  private EmbeddedDatabase started() {
    EmbeddedDatabase database = SharedBinaries.database(directory.resolve("postgresql"), 0);
    database.start();
    return database;
  }

  private static ProcessHandle process(Path data) throws IOException {
    return PidFile.in(data).flatMap(file -> file.process(data)).orElseThrow();
  }

  private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
    try (Connection owner = Connections.open(database.owner());
        Statement statement = owner.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Optional<Long> ask(EmbeddedDatabase database, String sql) {
    try (Connection owner = Connections.open(database.owner());
        Statement statement = owner.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return Optional.of(row.getLong(1));
    } catch (SQLException away) {
      return Optional.empty();
    }
  }

  @Test
  void postmaster_killedAgainAndAgain_worksAgainAtItsPort_withWhatWasCommitted() throws Exception {
    try (EmbeddedDatabase database = started()) {
      int port = database.port();
      execute(database, "CREATE TABLE kept (n int)");
      for (int kill = 1; kill <= 2; kill++) {
        execute(database, "INSERT INTO kept VALUES (1)");
        assertThat(process(data()).destroyForcibly()).isTrue();
        int killed = kill;
        await().atMost(PATIENCE).until(() -> database.restarts() == killed);
        assertThat(ask(database, "SELECT count(*) FROM kept")).contains((long) kill);
      }
      assertThat(database.port()).isEqualTo(port);
    }
    assertThat(PidFile.allIn(data())).isEmpty();
  }

  @Test
  void postmaster_killedBesideABusySession_worksAgain_andTheSessionIsEnded() throws Exception {
    try (EmbeddedDatabase database = started()) {
      CompletableFuture<Boolean> busy =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  // Never waits for anything that would tell it that it is alone.
                  execute(database, "SELECT count(*) FROM generate_series(1, 10000000000)");
                  return false;
                } catch (SQLException ended) {
                  return true;
                }
              });
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  ask(
                              database,
                              "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT"
                                  + " count(*) FROM generate_series%' AND state = 'active'")
                          .orElse(0L)
                      > 0);
      assertThat(process(data()).destroyForcibly()).isTrue();
      await().atMost(PATIENCE).until(() -> database.restarts() == 1);
      assertThat(busy.get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(ask(database, "SELECT 1")).contains(1L);
    }
  }

  @Test
  void session_killed_isPostgresqlsOwnMatter() throws Exception {
    try (EmbeddedDatabase database = started();
        Connection session = Connections.open(database.owner())) {
      long postmaster = process(data()).pid();
      long pid = pid(session);
      assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
      await().atMost(PATIENCE).until(() -> ask(database, "SELECT 1").isPresent());
      assertThat(process(data()).pid()).isEqualTo(postmaster);
      assertThat(database.restarts()).isZero();
    }
  }

  private static long pid(Connection session) throws SQLException {
    try (Statement statement = session.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void close_endsIt_andItIsNotStartedAgain() throws Exception {
    EmbeddedDatabase database = started();
    ProcessHandle postmaster = process(data());
    database.close();
    assertThat(postmaster.isAlive()).isFalse();
    assertThat(PidFile.allIn(data())).isEmpty();
    assertThat(database.restarts()).isZero();
    assertThatThrownBy(database::port).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void start_thatFailsEachTime_isGivenUpAfterItsTries_withThePausesBetween() throws Exception {
    started().close();
    Path binaries = directory.resolve("postgresql/binaries");
    Postmaster working =
        Postmaster.start(
            new Launch(new Binaries(binaries, PostgresSupport.archive()).ready()),
            data(),
            0,
            directory.resolve("postgresql/postgresql.log"));
    List<Long> pauses = new CopyOnWriteArrayList<>();
    CompletableFuture<String> given = new CompletableFuture<>();
    Revival revival =
        new Revival(
            working,
            port -> {
              throw new IOException("no space left at " + (port == working.port()));
            },
            pauses::add,
            given::complete);
    revival.watchFromNowOn();
    assertThat(process(data()).destroyForcibly()).isTrue();
    assertThat(given.get(60, TimeUnit.SECONDS)).isEqualTo("no space left at true");
    assertThat(pauses).hasSize(Revival.TRIES - 1).startsWith(500L, 1_000L).endsWith(30_000L);
    assertThat(revival.revived()).isZero();
    revival.close();
    OrphanedPostgres.endOrphans(data());
  }
}
