package io.billingsdk.server.ledger;

import io.billingsdk.server.ledger.Corrections.EventRef;
import io.billingsdk.server.ledger.LedgerTransaction.KeyOwner;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** A transaction of the simulation, step by step: each is one call, which may wait for a cut. */
final class CutWriter implements AutoCloseable {
  /** How a transaction takes its number. */
  enum Numbering {
    /** As the ledger does. */
    RIGHT,
    /** Planted: reads the number, and takes no lock. */
    WITHOUT_LOCK,
    /** Planted: takes the lock and reads the number in one statement, and so in one snapshot. */
    IN_ONE_SNAPSHOT
  }

  private static final int STREAM = 7;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final AtomicLong SEQ = new AtomicLong();
  private static final LedgerAppender APPENDER = LedgerAppender.withoutHooks();

  /** A step that may fail because PostgreSQL is killed. */
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  private final CutWorld world;
  private final Random random;
  private final Numbering numbering;
  private final boolean asOwner;
  private final List<String> prepared;
  private final Deque<Step> steps = new ArrayDeque<>();
  private Connection connection;
  private LedgerTransaction ledger;

  /**
   * One with steps of its own.
   *
   * @param prepared to which it adds the names of transactions that it leaves prepared
   */
  @SuppressWarnings("NullAway") // Connected by its first step.
  CutWriter(CutWorld world, long seed, Numbering numbering, List<String> prepared) {
    this.world = world;
    this.random = new Random(seed);
    this.numbering = numbering;
    this.asOwner = random.nextInt(4) == 0;
    this.prepared = prepared;
    plan();
  }

  Deque<Step> steps() {
    return steps;
  }

  private void plan() {
    steps.add(() -> connection = world.connect(asOwner));
    if (random.nextBoolean()) {
      // Begun before the cut, and without a transaction id.
      steps.add(() -> query("SELECT count(*) FROM ledger_cut"));
    }
    boolean forgetful = asOwner && numbering == Numbering.RIGHT && random.nextBoolean();
    if (forgetful) {
      steps.add(this::insertByDefault);
    } else {
      steps.add(this::begin);
      steps.add(this::batch);
      // Both would lock sums of one shard, in two statements that know no order of each other.
      if (random.nextBoolean()) {
        steps.add(random.nextBoolean() ? this::correct : this::attribute);
      }
    }
    end();
  }

  private void end() {
    int how = random.nextInt(10);
    if (how == 0) {
      steps.add(() -> connection.rollback());
    } else if (how <= 2) {
      String name = "cut-" + SEQ.incrementAndGet();
      steps.add(
          () -> {
            query("PREPARE TRANSACTION '" + name + "'");
            synchronized (prepared) {
              prepared.add(name);
            }
          });
    } else {
      steps.add(() -> connection.commit());
    }
  }

  private void query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void begin() throws SQLException {
    switch (numbering) {
      case RIGHT -> ledger = APPENDER.begin(connection);
      case WITHOUT_LOCK ->
          ledger = numbered("SELECT 0, coalesce(max(cut_no), 0) + 1 FROM ledger_cut");
      case IN_ONE_SNAPSHOT ->
          ledger =
              numbered(
                  "SELECT pg_advisory_xact_lock_shared(hashtext('billing.ledger'))::text,"
                      + " (SELECT coalesce(max(cut_no), 0) + 1 FROM ledger_cut)");
    }
  }

  private LedgerTransaction numbered(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return new LedgerTransaction(connection, row.getLong(2), List.of());
    }
  }

  private void batch() throws SQLException {
    List<EventRow> rows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      boolean known = random.nextInt(3) != 0;
      rows.add(
          new EventRow(
              STREAM,
              SEQ.incrementAndGet(),
              millis(),
              /* isTimed= */ false,
              new KeyOwner(known ? "acme" : null, known ? "k_1" : "k_lost", null),
              "llm",
              "gpt-4",
              BigDecimal.ONE,
              null,
              null,
              EventDetails.NONE,
              new byte[16]));
    }
    var unused = ledger.append(rows, (short) random.nextInt(3));
  }

  /** By the clock of a server that may be an hour back. */
  private long millis() {
    return System.currentTimeMillis() - random.nextInt(2) * HOUR_MILLIS;
  }

  private void correct() throws SQLException {
    CorrectionRows.Original original =
        new CorrectionRows.Original(
            STREAM, "acme", "k_1", null, "llm", "gpt-4", BigDecimal.ONE, null, EventDetails.NONE);
    EventRef itself =
        new EventRef(new UUID(0, 0), SEQ.incrementAndGet(), Instant.ofEpochMilli(millis()));
    CorrectionRows.addEvent(ledger, itself, original, BigDecimal.TEN);
    CorrectionRows.addPointer(
        ledger,
        STREAM,
        new Correction(
            itself,
            new EventRef(new UUID(0, 1), 1, itself.occurredAt()),
            "acme",
            BigDecimal.TEN,
            BigDecimal.TEN,
            "simulated",
            "tester",
            itself.occurredAt()));
  }

  private void attribute() throws SQLException {
    query("SELECT pg_advisory_xact_lock(hashtext('simulated.attribution'))");
    var unused =
        AttributionRows.add(
            ledger, new Attributions.Named("k_lost", null), "acme", /* known= */ null, "simulated");
  }

  /** As somebody writes who has never heard of cuts, with a clock that is an hour back. */
  private void insertByDefault() throws SQLException {
    query(
        """
        INSERT INTO usage_event (occurred_at, received_at, stream_id, seq, app_id, key_id, module,
          model, usage)
        SELECT now(), now() - interval '1 hour', %d, %d + n, 'acme', 'k_1', 'llm', 'gpt-4', 1
        FROM generate_series(1, 2) AS n
        """
            .formatted(STREAM, SEQ.getAndAdd(2)));
  }

  @Override
  public void close() throws SQLException {
    if (connection != null) {
      world.giveBack(connection, asOwner);
    }
  }
}
