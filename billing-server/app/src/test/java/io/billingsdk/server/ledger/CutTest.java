package io.billingsdk.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.ledger.CutWriter.Numbering;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has the number of a cut never changes, and nothing with it appears. */
@Tag("simulation")
final class CutTest {
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int RELEASE_INTERLEAVINGS = 10_000;
  private static final int INTERLEAVINGS =
      Integer.getInteger("cut.interleavings", RELEASE ? RELEASE_INTERLEAVINGS : 300);

  /** Fewer than the starts after which the server gives up a PostgreSQL that ends so often. */
  private static final int KILLS = RELEASE ? 8 : 1;

  private static final int PLANTED = 150;

  /** So many between two looks at all cuts; then the tables are emptied. */
  private static final int BLOCK = 100;

  private static final long SEED = Long.getLong("cut.seed", System.nanoTime());

  @TempDir Path directory = Path.of("");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<Long, CutWorld.Contents> cuts = new ConcurrentSkipListMap<>();
  private CutWorld world;
  private long appeared;
  private long changed;
  private long rows;

  @BeforeEach
  void start() throws Exception {
    world = new CutWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
    threads.shutdownNow();
  }

  /** Compares what each cut holds with what it held when it was made. */
  private void look() throws SQLException {
    for (Map.Entry<Long, CutWorld.Contents> each : cuts.entrySet()) {
      CutWorld.Contents now = world.upTo(each.getKey());
      appeared += Math.abs(now.rows() - each.getValue().rows());
      changed += now.equals(each.getValue()) ? 0 : 1;
    }
  }

  private void nextBlock() throws SQLException {
    look();
    rows += world.number("SELECT count(*) FROM usage_event");
    cuts.clear();
    world.execute(
        "TRUNCATE usage_event, event_identity, correction, attribution, usage_rollup_shard");
  }

  @Test
  void cut_whateverTheOrderOfTransactions_holdsWhatItHeld() throws Exception {
    System.out.println("cut seed=" + SEED);
    Random seeds = new Random(SEED);
    long made = 0;
    int prepared = 0;
    int failed = 0;
    long late = 0;
    int kills = 0;
    int restores = 0;
    for (int done = 0; done < INTERLEAVINGS; done++) {
      long before = world.number("SELECT count(*) FROM ledger_cut");
      var one = new CutInterleaving(world, seeds.nextLong(), Numbering.RIGHT, threads, cuts);
      one.run();
      prepared += one.preparedInAll();
      failed += one.failed();
      made += world.number("SELECT count(*) FROM ledger_cut") - before;
      late += late();
      if (done * KILLS / INTERLEAVINGS >= kills) {
        kill(seeds.nextLong());
        kills++;
        restore(seeds.nextLong());
        restores++;
      }
      if (done % BLOCK == BLOCK - 1) {
        nextBlock();
      }
    }
    nextBlock();
    Proof.sized("cut", INTERLEAVINGS, RELEASE_INTERLEAVINGS)
        .with("interleavings", INTERLEAVINGS)
        .with("cuts", made)
        .with("rows", rows)
        .with("prepared", prepared)
        .with("kills", kills)
        .with("restores", restores)
        .with("failed", failed)
        .with("rows_after_cut", appeared)
        .with("cuts_changed", changed)
        .with("late_by_received_at", late)
        .with("seed", SEED)
        .print();
    assertThat(appeared).as("rows with the number of a cut that appeared after it").isZero();
    assertThat(changed).as("cuts that hold something else").isZero();
    assertThat(failed).as("transactions that failed").isZero();
    assertThat(late).as("rows that a border by received_at would have missed").isPositive();
  }

  /** Rows that a border at the moment of the last cut has on its near side, and the cut has not. */
  private long late() throws SQLException {
    return world.number(
        "SELECT count(*) FROM usage_event, (SELECT max(cut_no) AS last FROM ledger_cut) AS c"
            + " WHERE cut_no > last AND received_at <="
            + " (SELECT made_at FROM ledger_cut WHERE cut_no = last)");
  }

  /** PostgreSQL ends while transactions are under way, and one is prepared. */
  private void kill(long seed) throws Exception {
    prepare("cut-kept");
    var one = new CutInterleaving(world, seed, Numbering.RIGHT, threads, cuts);
    one.run(6);
    world.kill();
    one.endWriters();
    for (String each : world.preparedBesides("cut-kept")) {
      world.execute("COMMIT PREPARED '" + each + "'");
    }
    look();
    // It has its lock again: a cut that came before its end would close a number of its rows.
    Cuts impatient = new Cuts(world.database(), Duration.ofMillis(300));
    assertThatThrownBy(impatient::make)
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("pg_prepared_xacts");
    world.execute("COMMIT PREPARED 'cut-kept'");
    look();
    long made = new Cuts(world.database()).make();
    cuts.put(made, world.upTo(made));
  }

  private void prepare(String name) throws SQLException {
    try (Connection connection = world.connect(/* asOwner= */ false);
        var statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO usage_event (occurred_at, stream_id, seq, module, model, usage)"
              + " VALUES (now(), 7, 0, 'llm', 'gpt-4', 1)");
      statement.execute("PREPARE TRANSACTION '" + name + "'");
    }
  }

  /** A dump is taken while a transaction is under way, and work goes on in what is made of it. */
  private void restore(long seed) throws Exception {
    try (Connection underWay = world.connect(/* asOwner= */ false);
        var statement = underWay.createStatement()) {
      statement.execute("SELECT open_cut()");
      world.dumpAndRestore();
    }
    look();
    new CutInterleaving(world, seed, Numbering.RIGHT, threads, cuts).run();
    look();
  }

  @Test
  void cut_withAPlantedBugInTheNumbering_isCaught() throws Exception {
    for (Numbering planted : new Numbering[] {Numbering.WITHOUT_LOCK, Numbering.IN_ONE_SNAPSHOT}) {
      Random seeds = new Random(SEED);
      appeared = 0;
      int needed = 0;
      while (appeared == 0 && needed < PLANTED) {
        new CutInterleaving(world, seeds.nextLong(), planted, threads, cuts).run();
        needed++;
        look();
      }
      Proof.of("cut-planted-bugs")
          .with("bug", planted.name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .with("interleavings", needed)
          .with("rows_after_cut", appeared)
          .with("caught", appeared > 0)
          .print();
      assertThat(appeared).as(planted.name()).isPositive();
      nextBlock();
    }
  }

  @Test
  void openCut_inAnotherIsolationThanReadCommitted_isRefused() throws Exception {
    try (Connection connection = world.connect(/* asOwner= */ false)) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      assertThatThrownBy(() -> LedgerAppender.withoutHooks().begin(connection))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("READ COMMITTED only, but the transaction is REPEATABLE READ");
    }
  }

  @Test
  void cut_whileLanesWrite_holdsThemUpForAFifthOfASecondAtMost() throws Exception {
    CutStalls stalls = new CutStalls(world, Duration.ofSeconds(RELEASE ? 60 : 4));
    stalls.run(threads);
    Proof.sized("cut", RELEASE ? 1 : 0, 1)
        .with("row", "stalls")
        .with("lanes", CutStalls.LANES)
        .with("transactions", stalls.transactions())
        .with("cuts", stalls.cuts())
        .with("cuts_that_gave_way", stalls.gaveWay())
        .with("target", "max<=200ms")
        .with("stall_max_ms", stalls.maxMillis())
        .with("noise_max_ms", stalls.maxNoiseMillis())
        .print();
    assertThat(stalls.gaveWay()).as("tries that met a long transaction").isPositive();
    assertThat(stalls.maxMillis())
        .as("the longest wait, beside what any question takes on this machine")
        .isLessThanOrEqualTo(200 + stalls.maxNoiseMillis());
  }
}
