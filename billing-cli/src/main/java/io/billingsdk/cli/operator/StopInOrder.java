package io.billingsdk.cli.operator;

import io.billingsdk.server.BillingServer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends a server when a signal ends the process, also while it starts: its PostgreSQL would else go
 * on without it. A server is for one thread, so a start that is under way ends first.
 */
final class StopInOrder {
  private static final long PATIENCE_SECONDS = 90;

  private final BillingServer server;
  private final Thread starting;
  private final CountDownLatch startEnded = new CountDownLatch(1);

  private volatile boolean stopping;

  private StopInOrder(BillingServer server) {
    this.server = server;
    this.starting = Thread.currentThread();
  }

  /** Of a server that this thread starts. */
  static StopInOrder of(BillingServer server) {
    StopInOrder stop = new StopInOrder(server);
    Runtime.getRuntime().addShutdownHook(new Thread(stop::stop, "billing-stop"));
    return stop;
  }

  /** Starts the server. */
  void start() {
    try {
      server.start();
    } finally {
      startEnded.countDown();
    }
  }

  /** Whether the process ends, and the start with it. */
  boolean isStopping() {
    return stopping;
  }

  private void stop() {
    stopping = true;
    server.stopStarting();
    try {
      if (startEnded.getCount() > 0) {
        // From now on it need not wait.
        starting.interrupt();
        if (!startEnded.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          return;
        }
      }
      server.close();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
