package io.billingsdk.server.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.testbed.Proof;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Seeded transactions of several writers that commit late, or not at all; two servers that deliver,
 * in processes of their own, which die between a delivery and its note or are killed.
 */
@Tag("postgres")
@Tag("crash")
class OutboxCrashTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long SEED = 20261129;
  private static final int WRITERS = 4;
  private static final int TRANSACTIONS = 160;
  private static final int SUBJECTS = 12;
  private static final int DIES_AFTER = 40;
  private static final int DEATHS = 4;

  private static final String ADDED = "SELECT count(*) FROM fact";

  private static final String LOST =
      "SELECT count(*) FROM fact WHERE event_id NOT IN (SELECT event_id FROM seen)";

  private static final String INVENTED =
      "SELECT count(*) FROM seen WHERE event_id NOT IN (SELECT event_id FROM fact)";

  private static final String AGAIN = "SELECT count(*) - count(DISTINCT event_id) FROM seen";

  /**
   * Deliveries of a subject in the order of their making, against the order of the commits. Of each
   * event the first: one that a stalled server repeats has its id, by which a subscriber knows it.
   */
  private static final String OUT_OF_ORDER =
      """
      SELECT count(*) FROM (
        SELECT n, lag(n) OVER (PARTITION BY fact.subject ORDER BY first.id) AS before
        FROM (SELECT min(id) AS id, event_id FROM seen GROUP BY event_id) AS first
        JOIN fact USING (event_id)) AS given
      WHERE n < before
      """;

  /** Events below a position that was delivered before they were there. */
  private static final String LATE =
      """
      SELECT count(*) FROM (
        SELECT position, max(position) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) AS highest
        FROM (SELECT min(id) AS id, position FROM seen GROUP BY position) AS first) AS given
      WHERE position < highest
      """;

  private final List<Process> children = new ArrayList<>();

  @Test
  void events_lateCommits_twoServersThatDie_noneIsLostOrOutOfOrder() throws Exception {
    try (OutboxWorld outbox = new OutboxWorld()) {
      World world = outbox.world();
      world.execute("CREATE TABLE counter (subject text PRIMARY KEY, n bigint NOT NULL)");
      world.execute("CREATE TABLE fact (event_id uuid PRIMARY KEY, subject text, n bigint)");
      world.execute(
          "CREATE TABLE seen (id bigint GENERATED ALWAYS AS IDENTITY, event_id uuid, subject text,"
              + " position bigint)");
      world.execute("GRANT ALL ON counter, fact, seen TO billing_server");
      outbox.know(new OutboxChild.SeenEvent(outbox.database()));
      int kills = run(outbox, world);
      assertThat(world.count(LOST)).as("lost").isZero();
      assertThat(world.count(INVENTED)).as("of transactions that were rolled back").isZero();
      assertThat(world.count(OUT_OF_ORDER)).as("out of order").isZero();
      assertThat(world.count(AGAIN)).as("given again").isGreaterThanOrEqualTo(DEATHS);
      assertThat(world.count(LATE)).as("delivered below the highest position").isPositive();
      Proof.of("outbox")
          .with("seed", SEED)
          .with("events", world.count(ADDED))
          .with("subjects", SUBJECTS)
          .with("writers", WRITERS)
          .with("workers", 2)
          .with("kills", kills)
          .with("below_highest", world.count(LATE))
          .with("again", world.count(AGAIN))
          .with("lost", world.count(LOST))
          .with("out_of_order", world.count(OUT_OF_ORDER))
          .print();
    } finally {
      children.forEach(Process::destroyForcibly);
    }
  }

  /** How many processes have died. */
  private int run(OutboxWorld outbox, World world) throws Exception {
    Process one = child(world, DIES_AFTER);
    Process two = child(world, DIES_AFTER);
    Random random = new Random(SEED);
    while (world.count("SELECT count(*) FROM seen") == 0) {
      write(outbox, random);
    }
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    List<Future<?>> written = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      Random own = new Random(SEED + 1 + i);
      written.add(
          writers.submit(
              () -> {
                for (int n = 0; n < TRANSACTIONS; n++) {
                  write(outbox, own);
                }
                return true;
              }));
    }
    int deaths = 0;
    while (deaths < DEATHS) {
      boolean first = one.waitFor(50, TimeUnit.MILLISECONDS);
      if (first || two.waitFor(50, TimeUnit.MILLISECONDS)) {
        deaths++;
        Process next = child(world, deaths < DEATHS - 1 ? DIES_AFTER : -1);
        one = first ? next : one;
        two = first ? two : next;
      }
    }
    one.destroyForcibly();
    Process last = child(world, -1);
    assertThat(last.isAlive()).isTrue();
    for (Future<?> each : written) {
      each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    writers.shutdown();
    await().atMost(PATIENCE).until(() -> outbox.count("state <> 'delivered'") == 0);
    return deaths + 1;
  }

  /** Its number is drawn under a lock of the subject's own, so numbers are in commit order. */
  private static void write(OutboxWorld outbox, Random random) throws SQLException {
    String subject = "s" + random.nextInt(SUBJECTS);
    boolean commits = random.nextInt(10) > 0;
    double pause = random.nextInt(8) / 1e3;
    DomainEvent event = OutboxWorld.event(subject, 0);
    try (Connection connection = outbox.database().connection()) {
      connection.setAutoCommit(false);
      var unused =
          Database.over(
              connection,
              handle -> {
                Outbox.add(handle, event);
                return true;
              });
      try (PreparedStatement insert =
          connection.prepareStatement(
              "WITH next AS (INSERT INTO counter AS c VALUES (?, 1) ON CONFLICT (subject)"
                  + " DO UPDATE SET n = c.n + 1 RETURNING n)"
                  + " INSERT INTO fact SELECT ?, ?, n FROM next, pg_sleep(?)")) {
        insert.setString(1, subject);
        insert.setObject(2, event.id());
        insert.setString(3, subject);
        insert.setDouble(4, pause);
        insert.executeUpdate();
      }
      if (commits) {
        connection.commit();
      } else {
        connection.rollback();
      }
    }
  }

  private Process child(World world, int diesAfter) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            OutboxChild.class.getName(),
            world.server().url(),
            world.server().user(),
            Integer.toString(diesAfter));
    builder.environment().put("DATABASE_PASSWORD", world.server().password());
    builder.redirectErrorStream(true);
    builder.redirectOutput(new File("target/outbox-child-" + children.size() + ".log"));
    Process child = builder.start();
    children.add(child);
    Runtime.getRuntime().addShutdownHook(new Thread(child::destroyForcibly));
    return child;
  }
}
