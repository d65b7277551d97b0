package io.billingsdk.server.ledger;

import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.ledger.CutWriter.Numbering;
import io.billingsdk.server.ledger.CutWriter.Step;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Transactions and cuts, a step at a time in an order that a seed gives: who waits for a lock is
 * left waiting, and somebody else has the next step.
 */
final class CutInterleaving {
  private static final int WRITERS = 4;
  private static final int PATIENCE_SECONDS = 180;
  private static final Duration CUT_PATIENCE = Duration.ofMinutes(2);

  private final CutWorld world;
  private final Random random;
  private final ExecutorService threads;
  private final Map<Long, CutWorld.Contents> cuts;
  private final List<String> prepared = new ArrayList<>();
  private final List<CutWriter> writers = new ArrayList<>();
  private final List<CutActor> actors = new ArrayList<>();
  private int preparedInAll;
  private final AtomicInteger failed = new AtomicInteger();

  /** Somebody with steps; one may be under way. */
  private static final class CutActor {
    private final Deque<Step> steps;
    private @Nullable CompletableFuture<Boolean> underWay;

    CutActor(Deque<Step> steps) {
      this.steps = steps;
    }

    boolean isIdle() {
      return underWay == null || underWay.isDone();
    }

    boolean isReady() {
      return isIdle() && !steps.isEmpty();
    }
  }

  /**
   * One to be run.
   *
   * @param cuts to which it adds what the ledger holds up to each of its cuts, right after the cut
   */
  CutInterleaving(
      CutWorld world,
      long seed,
      Numbering numbering,
      ExecutorService threads,
      Map<Long, CutWorld.Contents> cuts) {
    this.world = world;
    this.random = new Random(seed);
    this.threads = threads;
    this.cuts = cuts;
    for (int i = 0; i < WRITERS; i++) {
      CutWriter writer = new CutWriter(world, random.nextLong(), numbering, prepared);
      writers.add(writer);
      actors.add(new CutActor(writer.steps()));
    }
    Deque<Step> cutting = new ArrayDeque<>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      cutting.add(this::cut);
    }
    actors.add(new CutActor(cutting));
  }

  private void cut() throws Exception {
    long made = new Cuts(world.database(), CUT_PATIENCE).make();
    cuts.put(made, world.upTo(made));
  }

  /** How many transactions were prepared. */
  int preparedInAll() {
    return preparedInAll;
  }

  /** How many transactions ended with an error. */
  int failed() {
    return failed.get();
  }

  /** Runs it to its end. */
  void run() throws Exception {
    while (step()) {
      // As long as somebody has something to do.
    }
    close();
  }

  /** Runs so many steps, and leaves everybody where they are. */
  void run(int steps) throws Exception {
    for (int i = 0; i < steps && step(); i++) {
      // Until then.
    }
  }

  /**
   * Waits for the writers' steps that are under way, and gives up their transactions. A step that
   * finds PostgreSQL back would otherwise leave a transaction open, with locks that the next
   * interleavings wait for.
   */
  void endWriters() throws Exception {
    for (CutActor each : actors.subList(0, WRITERS)) {
      if (each.underWay != null) {
        var unused = each.underWay.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    }
    for (CutWriter each : writers) {
      try {
        each.close();
      } catch (SQLException | RuntimeException broken) {
        // Its PostgreSQL was killed: the pool trips over such a connection, and drops it.
      }
    }
  }

  /** Gives up what is under way. */
  void close() throws Exception {
    for (CutWriter each : writers) {
      each.close();
    }
  }

  private List<String> prepared() {
    synchronized (prepared) {
      return List.copyOf(prepared);
    }
  }

  private boolean step() throws Exception {
    List<CutActor> ready = new ArrayList<>(actors.stream().filter(CutActor::isReady).toList());
    if (!prepared().isEmpty() && (ready.isEmpty() || random.nextInt(4) == 0)) {
      finishOne();
      return true;
    }
    if (ready.isEmpty()) {
      return awaitAny();
    }
    CutActor next = ready.get(random.nextInt(ready.size()));
    Step step = next.steps.remove();
    next.underWay = CompletableFuture.supplyAsync(() -> run(next, step), threads);
    try {
      var unused = next.underWay.get(2, TimeUnit.MILLISECONDS);
    } catch (TimeoutException waits) {
      // For a lock that somebody else has, or for the disk.
      return true;
    }
    return true;
  }

  private boolean run(CutActor actor, Step step) {
    try {
      step.run();
      return true;
    } catch (Exception ended) {
      actor.steps.clear();
      // A pool may still hold a connection to the PostgreSQL that was killed before.
      if (!isConnectionLost(ended)) {
        failed.incrementAndGet();
        System.out.println("a transaction of an interleaving failed: " + ended);
      }
      return false;
    }
  }

  private static boolean isConnectionLost(Exception ended) {
    String state =
        ended instanceof DatabaseException database
            ? database.sqlState()
            : ended instanceof SQLException driver ? String.valueOf(driver.getSQLState()) : "";
    return state.startsWith("08");
  }

  private boolean awaitAny() throws Exception {
    CompletableFuture<?>[] underWay =
        actors.stream()
            .filter(each -> !each.isIdle())
            .map(each -> each.underWay)
            .toArray(CompletableFuture<?>[]::new);
    if (underWay.length == 0) {
      return !prepared().isEmpty();
    }
    // A step may have ended since nobody was ready: the others may wait for what that actor locks.
    if (actors.stream().noneMatch(CutActor::isReady)) {
      var unused = CompletableFuture.anyOf(underWay).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    return true;
  }

  private void finishOne() throws Exception {
    String name;
    synchronized (prepared) {
      name = prepared.remove(random.nextInt(prepared.size()));
    }
    preparedInAll++;
    world.execute((random.nextInt(4) == 0 ? "ROLLBACK" : "COMMIT") + " PREPARED '" + name + "'");
  }
}
