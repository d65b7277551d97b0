package io.billingsdk.system;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.testbed.Pace;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of a {@link ModelCollector}. One thread. */
final class ModelLedger {
  static final Checker.Ledger QUERIES =
      new Checker.Ledger(
          "SELECT (metadata->>'id')::bigint, usage FROM model_event",
          "SELECT sum(usage) FROM model_rollup");

  /** Long enough to be killed in. */
  private static final long PLANTED_PAUSE_MILLIS = 1_000;

  private static final int PLANTED_EVERY = 10;

  private final String url;
  private final Plant plant;
  private @Nullable Connection connection;
  private long transactions;

  ModelLedger(String url, Plant plant) {
    this.url = url;
    this.plant = plant;
  }

  void createTables() throws SQLException, InterruptedException {
    String unique = plant == Plant.NO_UNIQUE_INDEX ? "" : ", PRIMARY KEY (stream, seq)";
    try (Statement statement = open().createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS model_event (stream uuid NOT NULL, seq bigint NOT NULL,"
              + " usage numeric NOT NULL, metadata jsonb, hash text NOT NULL"
              + unique
              + ")");
      statement.execute(
          "CREATE TABLE IF NOT EXISTS model_rollup (module text PRIMARY KEY, usage numeric)");
      open().commit();
    } catch (SQLException failed) {
      forget();
      throw failed;
    }
  }

  /** Returns the numbers that were inserted; the others were there. */
  List<Long> store(UsageBatch batch) throws SQLException, InterruptedException {
    try {
      List<Long> inserted = new ArrayList<>();
      for (ReceivedEvent each : batch.events()) {
        if (each instanceof ReceivedEvent.Valid event && insert(batch, event)) {
          inserted.add(event.seq());
        }
      }
      if (plant == Plant.NO_UNIQUE_INDEX) {
        open().commit();
        leaveOpen();
      } else {
        leaveOpen();
        open().commit();
      }
      return inserted;
    } catch (SQLException failed) {
      forget();
      throw failed;
    }
  }

  /** Says that a kill would hit the planted bug now, and gives it the time to. */
  private void leaveOpen() {
    if (plant != Plant.NONE && ++transactions % PLANTED_EVERY == 0) {
      System.out.println("OPEN " + transactions / PLANTED_EVERY);
      Pace.pause(Duration.ofMillis(PLANTED_PAUSE_MILLIS));
    }
  }

  private boolean insert(UsageBatch batch, ReceivedEvent.Valid event) throws SQLException {
    boolean inserted;
    try (PreparedStatement insert =
        open()
            .prepareStatement(
                "INSERT INTO model_event VALUES (?, ?, ?, ?::jsonb, ?)"
                    + " ON CONFLICT DO NOTHING RETURNING seq")) {
      insert.setObject(1, batch.stream());
      insert.setLong(2, event.seq());
      insert.setBigDecimal(3, event.usage());
      insert.setString(4, event.metadata());
      insert.setString(5, event.hash().hex());
      try (ResultSet row = insert.executeQuery()) {
        inserted = row.next();
      }
    }
    if (inserted) {
      add(event);
    }
    return inserted;
  }

  private void add(ReceivedEvent.Valid event) throws SQLException {
    try (PreparedStatement add =
        open()
            .prepareStatement(
                "INSERT INTO model_rollup AS r VALUES (?, ?)"
                    + " ON CONFLICT (module) DO UPDATE SET usage = r.usage + excluded.usage")) {
      add.setString(1, event.module());
      add.setBigDecimal(2, event.usage());
      add.executeUpdate();
    }
  }

  private Connection open() throws SQLException {
    if (connection == null) {
      connection = DriverManager.getConnection(url);
      connection.setAutoCommit(false);
    }
    return connection;
  }

  private void forget() {
    Connection broken = connection;
    connection = null;
    if (broken != null) {
      try {
        broken.close();
      } catch (SQLException alreadyGone) {
        // It is thrown away because it is broken.
      }
    }
  }
}
