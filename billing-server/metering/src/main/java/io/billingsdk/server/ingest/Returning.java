package io.billingsdk.server.ingest;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.BatchReplays;
import io.billingsdk.server.ledger.HeldEventRows;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in, each minute, the held events whose time is within the bounds now: a clock was set
 * right, or their time has come. Several servers of one database do it one after the other.
 */
final class Returning implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Returning.class);
  private static final long PAUSE_SECONDS = 60;
  private static final int PAGE = 500;

  private final Database database;
  private final BatchReplays.BatchReplayStorage storage;
  private final TimeBounds bounds;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread begun = new Thread(task, "billing-returning");
            begun.setDaemon(true);
            return begun;
          });

  /** Does nothing yet. */
  Returning(Database database, BatchReplays.BatchReplayStorage storage, TimeBounds bounds) {
    this.database = database;
    this.storage = storage;
    this.bounds = bounds;
  }

  void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::lookSafely, PAUSE_SECONDS, PAUSE_SECONDS, TimeUnit.SECONDS);
  }

  private void lookSafely() {
    try {
      look();
    } catch (SQLException | RuntimeException failed) {
      log.debug("held events cannot be taken in now: {}", failed.toString());
    }
  }

  /** Takes in what can be; returns how many events. */
  int look() throws SQLException {
    Instant now = bounds.clock().instant();
    int taken =
        HeldEventRows.takeIn(
            database, storage, now.minus(bounds.oldest()), now.plus(bounds.future()), PAGE);
    if (taken > 0) {
      log.info("{} events that were held for their time are counted now", taken);
    }
    return taken;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
