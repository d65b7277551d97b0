package io.billingsdk.server.ingest;

import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the database that are tried again, with growing pauses, until they succeed or the
 * server stops. They run on the thread of a lane; {@link #stop} is for any.
 */
final class PersistentWrites {
  private static final Logger log = LoggerFactory.getLogger(PersistentWrites.class);

  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LAST_PAUSE_MILLIS = 2_000;

  private volatile boolean stopping;

  /** Work that is tried again, for as long as it fails. */
  @FunctionalInterface
  interface Write {
    void run() throws SQLException;
  }

  boolean isStopping() {
    return stopping;
  }

  /** Ends the tries after the present one; the caller interrupts the thread of the lane. */
  void stop() {
    stopping = true;
  }

  /** Runs a write until it succeeds; false when the server stops before. */
  boolean run(Write write) {
    long pause = FIRST_PAUSE_MILLIS;
    boolean failedBefore = false;
    while (!attempt(write, failedBefore)) {
      failedBefore = true;
      if (stopping || !slept(pause)) {
        return false;
      }
      pause = Math.min(LAST_PAUSE_MILLIS, pause * 2);
    }
    if (failedBefore) {
      log.info("the database accepts writes again");
    }
    return true;
  }

  /** Whether it succeeded; logs the first failure in a row. */
  private static boolean attempt(Write write, boolean failedBefore) {
    try {
      write.run();
      return true;
    } catch (SQLException failed) {
      if (!failedBefore) {
        log.warn("the database does not accept writes: {}; trying again", failed.getMessage());
      }
    } catch (RuntimeException failed) {
      // Out of here it would end the thread, and with it all collecting, in silence.
      if (!failedBefore) {
        log.error("a batch cannot be stored; trying again", failed);
      }
    }
    return false;
  }

  private boolean slept(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      return !stopping;
    }
  }
}
