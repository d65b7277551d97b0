package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Two processes that bill, and who kills them. */
final class InvoiceServers implements AutoCloseable {
  private static final String NAME = "bills-";

  /** A session that has written an invoice and has not committed it. */
  private static final String WRITING =
      """
      SELECT a.pid, a.application_name, a.backend_xid::text AS xid
      FROM pg_locks l JOIN pg_stat_activity a USING (pid)
      WHERE l.relation = 'invoice'::regclass AND l.mode = 'RowExclusiveLock'
        AND a.application_name LIKE 'bills-%' AND a.backend_xid IS NOT NULL LIMIT 1
      """;

  private final World world;
  private final Connection watcher;
  private final Process[] children = new Process[2];

  InvoiceServers(World world) throws SQLException, IOException {
    this.world = world;
    this.watcher =
        DriverManager.getConnection(
            world.owner().url(), world.owner().user(), world.owner().password());
    // A few milliseconds more between the invoice and its commit, which kills would seldom meet.
    world.execute(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN PERFORM pg_sleep(0.012); RETURN NULL; END $$");
    world.execute(
        "CREATE TRIGGER slow AFTER INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION slow()");
    for (int i = 0; i < children.length; i++) {
      children[i] = start(i);
    }
  }

  private Process start(int number) throws IOException {
    String url = world.server().url();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
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

  private record Victim(int session, int server, String transaction) {}

  /**
   * Kills at a random moment after an invoice is written; a killed process starts again.
   *
   * @return whether the invoice was not committed
   */
  boolean kill(Random random, boolean isProcess) throws SQLException, IOException {
    Pace.pause(Duration.ofMillis(random.nextInt(40)));
    Victim[] found = new Victim[1];
    Await.until(() -> (found[0] = victim()) != null);
    Victim victim = found[0];
    if (isProcess) {
      children[victim.server()].destroyForcibly();
      children[victim.server()] = start(victim.server());
    } else {
      ask("SELECT pg_terminate_backend(" + victim.session() + ")::text");
    }
    String status = "SELECT pg_xact_status('" + victim.transaction() + "'::xid8)";
    Await.until(() -> !"in progress".equals(ask(status)));
    return "aborted".equals(ask(status));
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

  void awaitNone(String what) {
    String left = "SELECT count(*)::text FROM " + what;
    Await.until(Duration.ofMinutes(10), () -> "0".equals(ask(left)));
    assertThat(children[0].isAlive() && children[1].isAlive()).isTrue();
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
  }
}
