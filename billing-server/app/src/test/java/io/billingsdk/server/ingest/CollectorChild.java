package io.billingsdk.server.ingest;

import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import java.nio.file.Path;

/** A collector in a process of its own that dies at a failpoint, without a farewell. */
public final class CollectorChild {
  private static final int KILLED = 137;

  private CollectorChild() {}

  /** Collects until the failpoint, or until it is killed. */
  public static void main(String[] arguments) throws InterruptedException {
    DatabaseAddress database =
        new DatabaseAddress(arguments[0], arguments[1], System.getenv("DATABASE_PASSWORD"));
    BrokerAddress broker =
        new BrokerAddress(
            "localhost",
            Integer.parseInt(arguments[2]),
            Path.of(arguments[3]),
            "collector",
            "collector-password");
    Failpoint fatal = Failpoint.valueOf(arguments[5]);
    Collector collector =
        new Collector(
            Database.at(database),
            broker,
            arguments[4] + "-collector",
            arguments[4],
            reached -> {
              if (reached == fatal) {
                Runtime.getRuntime().halt(KILLED);
              }
            },
            arrival -> arrival);
    collector.start();
    Thread.currentThread().join();
  }
}
