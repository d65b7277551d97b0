package io.billingsdk.it;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.ConnectionState;
import io.billingsdk.testbed.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A service that has configured no logging. It goes on when a line comes on its standard input, and
 * says so in lines that begin with {@code ##}.
 *
 * <p>Arguments: host, port, authority, user, password, journal.
 */
public final class QuietChild {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private QuietChild() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    BillingClient client =
        Billing.start(
            BillingConfig.builder()
                .host(args[0])
                .port(Integer.parseInt(args[1]))
                .caCertificates(Path.of(args[2]))
                .credentials(args[3], args[4])
                .keepAlive(Duration.ofSeconds(1))
                .journalDirectory(Path.of(args[5]))
                .build());
    report();
    client.awaitReady(PATIENCE);
    client.flush(PATIENCE);
    say("up");
    await(client, ConnectionState.DISCONNECTED);
    report();
    say("down");
    await(client, ConnectionState.CONNECTED);
    say("flushed " + client.flush(PATIENCE).delivered());
    Billing.close(PATIENCE);
    say("closed");
  }

  private static void report() {
    for (int i = 0; i < 5; i++) {
      Billing.reportUsage("sk-1", "llm", "m", 1);
    }
    // Refused, each time.
    for (int i = 0; i < 5; i++) {
      Billing.reportUsage("sk-1", "llm", "m", -1);
    }
  }

  private static void say(String what) throws IOException {
    System.out.println("## " + what);
    var unused = System.in.read();
  }

  private static void await(BillingClient client, ConnectionState state) {
    Await.until(() -> client.status().state() == state);
  }
}
