package io.billingsdk.server.seals;

import io.billingsdk.server.db.Database;
import org.jdbi.v3.core.Handle;

/** Lets a transaction read a whole day, which takes longer than other questions may. */
final class LongReads {
  private static final int MINUTES = 30;

  private LongReads() {}

  /** For this transaction alone; the pool resets the connection. */
  static void allow(Handle handle) {
    handle.execute("SET LOCAL statement_timeout = '" + MINUTES + "min'");
    var unused =
        Database.raw(
            handle,
            connection -> {
              connection.setNetworkTimeout(Runnable::run, MINUTES * 60_000);
              return true;
            });
  }
}
