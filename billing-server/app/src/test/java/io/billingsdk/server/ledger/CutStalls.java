package io.billingsdk.server.ledger;

import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.ledger.LedgerTransaction.KeyOwner;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Lanes that write without a pause, one long transaction after the other, and cuts beside them. */
final class CutStalls {
  static final int LANES = 4;
  private static final int ROWS = 50;
  private static final String LONG_TRANSACTION = "SELECT open_cut(), pg_sleep(0.4)";

  private final CutWorld world;
  private final long nanos;
  private final AtomicInteger transactions = new AtomicInteger();
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicInteger gaveWay = new AtomicInteger();
  private final AtomicLong maxNanos = new AtomicLong();

  /** Of a question that waits for no lock: so much is the machine's. */
  private final AtomicLong maxNoiseNanos = new AtomicLong();

  private final AtomicLong seq = new AtomicLong();
  private long end;

  CutStalls(CutWorld world, Duration time) {
    this.world = world;
    this.nanos = time.toNanos();
  }

  int transactions() {
    return transactions.get();
  }

  int cuts() {
    return cuts.get();
  }

  int gaveWay() {
    return gaveWay.get();
  }

  long maxMillis() {
    return TimeUnit.NANOSECONDS.toMillis(maxNanos.get());
  }

  long maxNoiseMillis() {
    return TimeUnit.NANOSECONDS.toMillis(maxNoiseNanos.get());
  }

  void run(ExecutorService threads) throws Exception {
    write(0);
    maxNanos.set(0);
    end = System.nanoTime() + nanos;
    List<Future<?>> all = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      int shard = lane;
      all.add(threads.submit(() -> until(() -> write(shard))));
    }
    all.add(threads.submit(() -> until(this::writeLong)));
    all.add(threads.submit(() -> until(this::cut)));
    all.add(threads.submit(() -> until(this::ask)));
    for (Future<?> each : all) {
      each.get();
    }
  }

  private Object until(CutWriter.Step step) throws Exception {
    while (System.nanoTime() - end < 0) {
      step.run();
    }
    return this;
  }

  private void write(int shard) throws SQLException {
    try (Connection connection = world.connect(/* asOwner= */ false)) {
      long begun = System.nanoTime();
      LedgerTransaction ledger = LedgerAppender.withoutHooks().begin(connection);
      long stalled = System.nanoTime() - begun;
      maxNanos.accumulateAndGet(stalled, Math::max);
      var unused = ledger.append(rows(), (short) shard);
      connection.commit();
      transactions.incrementAndGet();
    }
  }

  private List<EventRow> rows() {
    List<EventRow> rows = new ArrayList<>();
    KeyOwner owner = new KeyOwner("acme", "k_1", null);
    for (int i = 0; i < ROWS; i++) {
      rows.add(
          new EventRow(
              7,
              seq.incrementAndGet(),
              System.currentTimeMillis(),
              /* isTimed= */ false,
              owner,
              "llm",
              "gpt-4",
              BigDecimal.ONE,
              null,
              null,
              EventDetails.NONE,
              new byte[16]));
    }
    return rows;
  }

  private void ask() throws SQLException {
    try (Connection connection = world.connect(/* asOwner= */ false);
        Statement statement = connection.createStatement()) {
      // Not without a pause: it would take a core from those that it is beside.
      statement.execute("SELECT pg_sleep(0.01)");
      long begun = System.nanoTime();
      statement.execute("SELECT max(cut_no) FROM ledger_cut");
      maxNoiseNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
      connection.rollback();
    }
  }

  /** As a replay of many events does. */
  private void writeLong() throws SQLException {
    try (Connection connection = world.connect(/* asOwner= */ false);
        Statement statement = connection.createStatement()) {
      statement.execute(LONG_TRANSACTION);
      connection.commit();
    }
  }

  /** One try: it gives way when it does not succeed at once. */
  private void cut() throws Exception {
    try {
      var unused = new Cuts(world.database(), Duration.ZERO).make();
      cuts.incrementAndGet();
    } catch (ServerException waited) {
      gaveWay.incrementAndGet();
    }
  }
}
