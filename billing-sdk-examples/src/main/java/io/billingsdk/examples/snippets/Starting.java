package io.billingsdk.examples.snippets;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import java.nio.file.Path;
import java.time.Duration;

/** Starting the client of a process. */
final class Starting {
  private Starting() {}

  static BillingClient start(String host, int port, Path caFile, String password, Path journal) {
    // region start
    BillingConfig config =
        BillingConfig.builder()
            .host(host) // as the broker's certificate states it
            .port(port)
            .caCertificates(caFile) // left out: the JVM's trust store
            .credentials("gateway", password) // of this process alone: the client id is the user
            .journalDirectory(journal) // accepted events wait there
            .build(); // reads nothing else; fromEnvironment() before it fills what was left out
    BillingClient client = Billing.start(config); // returns at once; connects in the background
    if (!client.awaitReady(Duration.ofSeconds(30))) {
      System.err.println("no keys yet, all calls are refused: " + client.status());
    }
    // endregion
    return client;
  }
}
