package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.Pace;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Two processes that bill, and who kills them, their sessions and PostgreSQL. */
final class InvoiceServers implements AutoCloseable {
  private static final String NAME = "bills-";

  /** A session that has written an invoice and has not committed it, which then sleeps. */
  private static final String WRITING =
      """
      SELECT a.pid, a.application_name, a.backend_xid::text AS xid FROM pg_stat_activity a
      WHERE a.wait_event = 'PgSleep' AND a.application_name LIKE 'bills-%'
        AND a.backend_xid IS NOT NULL AND EXISTS (SELECT FROM pg_locks l
          WHERE l.pid = a.pid AND l.relation = 'invoice'::regclass
            AND l.mode = 'RowExclusiveLock') LIMIT 1
      """;

  /** A transaction whose number went with PostgreSQL, which had not written it down, is lost. */
  private static final String FATE =
      """
      SELECT CASE WHEN '%1$s'::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) THEN 'aborted'
        ELSE pg_xact_status('%1$s'::xid8) END
      """;

  /** How long an invoice waits between its row and its commit while somebody wants to kill. */
  private static final int ASLEEP_MILLIS = 400;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(25);

  private final World world;
  private Connection watcher;
  private final Process[] children = new Process[2];

  InvoiceServers(World world) throws SQLException, IOException {
    this.world = world;
    this.watcher = connect();
    // Of a killed process nothing is lost that the system has: to open each file of the cluster
    // again takes seconds of each start.
    world.execute("ALTER SYSTEM SET recovery_init_sync_method = 'syncfs'");
    // While somebody wants to kill, more time between the invoice and its commit, which kills would
    // seldom meet.
    world.execute("CREATE TABLE kill_wanted (one boolean)");
    world.execute("GRANT SELECT ON kill_wanted TO PUBLIC");
    world.execute(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT FROM"
            + " kill_wanted) THEN PERFORM pg_sleep(%d / 1000.0); END IF; RETURN NULL; END $$"
                .formatted(ASLEEP_MILLIS));
    world.execute(
        "CREATE TRIGGER slow AFTER INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION slow()");
    for (int i = 0; i < children.length; i++) {
      children[i] = start(i);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        world.owner().url(), world.owner().user(), world.owner().password());
  }

  private Process start(int number) throws IOException {
    String url = world.server().url();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            InvoiceChild.class.getName(),
            url + (url.contains("?") ? "&" : "?") + "ApplicationName=" + NAME + number,
            world.server().user());
    builder.environment().put("DATABASE_PASSWORD", world.server().password());
    builder.redirectErrorStream(true);
    builder.redirectOutput(new File("target/invoice-child-" + number + ".log"));
    Process child = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(child::destroyForcibly));
    return child;
  }

  /** What a kill ends. */
  enum Target {
    SERVER,
    POSTGRESQL,
    SESSION
  }

  private record Victim(int session, int server, String transaction) {}

  /** From now on an invoice waits before its commit, so that a kill can meet it. */
  void slowDown() throws SQLException {
    world.execute("INSERT INTO kill_wanted VALUES (true)");
  }

  /**
   * Kills at a random moment after an invoice is written. The victim starts again.
   *
   * @return whether the invoice was not committed
   */
  boolean kill(Random random, Target target) throws SQLException, IOException {
    AtomicReference<@Nullable Victim> found = new AtomicReference<>();
    Await.until(
        () -> {
          found.set(victim());
          return found.get() != null;
        });
    Pace.pause(Duration.ofMillis(random.nextInt(ASLEEP_MILLIS / 4)));
    Victim victim = Objects.requireNonNull(found.get());
    switch (target) {
      case SERVER -> {
        children[victim.server()].destroyForcibly();
        children[victim.server()] = start(victim.server());
      }
      case POSTGRESQL -> killPostgresql(victim.session());
      case SESSION -> ask("SELECT pg_terminate_backend(" + victim.session() + ")::text");
    }
    world.execute("TRUNCATE kill_wanted");
    String fate = FATE.formatted(victim.transaction());
    Await.until(() -> !"in progress".equals(ask(fate)));
    return "aborted".equals(ask(fate));
  }

  private void killPostgresql(int session) throws SQLException {
    Testbed.get().killDatabase(session);
    watcher.close();
    watcher = connect();
  }

  private @Nullable Victim victim() {
    for (Process each : children) {
      // Otherwise the test would wait for nothing; the log of the child says why.
      assertThat(each.isAlive()).isTrue();
    }
    try (Statement statement = watcher.createStatement();
        ResultSet row = statement.executeQuery(WRITING)) {
      return row.next()
          ? new Victim(
              row.getInt(1),
              Integer.parseInt(row.getString(2).substring(NAME.length())),
              row.getString(3))
          : null;
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  void awaitAtMost(String what, long most) {
    String left = "SELECT (count(*) <= %d)::text FROM %s".formatted(most, what);
    Await.until(
        Duration.ofMinutes(10),
        () -> {
          assertThat(children[0].isAlive() && children[1].isAlive()).isTrue();
          // Who asks all the time takes the time of those who bill.
          Pace.pause(BETWEEN_LOOKS);
          return "true".equals(ask(left));
        });
  }

  private String ask(String sql) {
    try (Statement statement = watcher.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  @Override
  public void close() throws SQLException {
    for (Process each : children) {
      each.destroyForcibly();
    }
    watcher.close();
    world.execute("ALTER SYSTEM RESET recovery_init_sync_method");
  }
}
