package io.billingsdk.it;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.BillingListener;
import io.billingsdk.UsageEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

/** What a service does with the SDK in one life. Made by name in a class loader of its own. */
public final class LoaderDriver implements Callable<Long> {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int EVENTS = 20;

  private final BillingConfig config;
  private final boolean reachable;

  /** With host, port, authority, user, password and journal of a broker; port 1 is of none. */
  public LoaderDriver(
      String host, int port, String authority, String user, String password, String journal) {
    reachable = port != 1;
    config =
        BillingConfig.builder()
            .host(host)
            .port(port)
            .caCertificates(Path.of(authority))
            .credentials(user, password)
            .heartbeatInterval(Duration.ofSeconds(1))
            .journalDirectory(Path.of(journal))
            .build();
  }

  /** Starts, reports on this thread, and closes; how many reports the billing system has. */
  @Override
  public Long call() throws Exception {
    BillingClient client = Billing.start(config);
    client.addListener(new BillingListener() {});
    var durable = client.reportDurably(UsageEvent.of("sk-1", "llm", "m", 0.5)).get();
    for (int i = 1; i < EVENTS; i++) {
      Billing.reportUsage("sk-1", "llm", "m", i, Map.of("n", i, "durable", durable.toString()));
    }
    if (!reachable) {
      while (client.status().lastProblem() == null) {
        // Of the tests' classes this loader has none but this one.
        var unused = client.awaitReady(Duration.ofMillis(10));
      }
      return Billing.close(Duration.ofMillis(500)).delivered();
    }
    client.flush(PATIENCE);
    boolean ready = client.awaitReady(PATIENCE);
    client.check("sk-1");
    return ready ? Billing.close(PATIENCE).delivered() : -1;
  }
}
