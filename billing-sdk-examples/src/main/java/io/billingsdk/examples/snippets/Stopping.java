package io.billingsdk.examples.snippets;

import io.billingsdk.Billing;
import io.billingsdk.DrainReport;
import io.grpc.Server;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Closing at shutdown: the server first, since its calls still report. */
final class Stopping {
  private Stopping() {}

  static DrainReport stop(Server server) throws InterruptedException {
    // region close
    server.shutdown();
    if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
      server.shutdownNow();
    }
    DrainReport report = Billing.close(Duration.ofSeconds(10));
    if (!report.complete()) {
      System.err.println("not everything is delivered: " + report);
    }
    // endregion
    return report;
  }
}
