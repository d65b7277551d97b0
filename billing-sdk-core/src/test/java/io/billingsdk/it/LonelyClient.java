package io.billingsdk.it;

import io.billingsdk.BillingConfig;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import io.billingsdk.Protocol;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.LogCapture;
import io.billingsdk.testbed.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * A client in a class loader of its own: connects, reports, and tells how it stands as soon as it
 * has delivered or has something to say.
 */
public final class LonelyClient implements Function<String[], String> {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Port and CA file; the answer is one line of state, problem and errors in the log. */
  @Override
  public String apply(String[] arguments) {
    try (LogCapture logs = LogCapture.start()) {
      DefaultBillingClient client = DefaultBillingClient.create(config(arguments));
      client.start();
      var unused = client.report(UsageEvent.of("key", "llm", "m", 1));
      ClientStatus status = await(client);
      client.close(Duration.ZERO);
      return said(status, logs.text().lines().toList());
    }
  }

  private static BillingConfig config(String[] arguments) {
    return BillingConfig.builder()
        .host("localhost")
        .port(Integer.parseInt(arguments[0]))
        .caCertificates(Path.of(arguments[1]))
        .credentials(Role.SDK.user(), Role.SDK.password())
        .protocol(Protocol.V1)
        .connectTimeout(Duration.ofSeconds(1))
        .journalInMemory(1 << 20)
        .build();
  }

  private static ClientStatus await(DefaultBillingClient client) {
    Await.until(
        PATIENCE,
        () -> {
          ClientStatus status = client.status();
          return status.lastProblem() != null || status.delivery().delivered() > 0;
        });
    return client.status();
  }

  private static String said(ClientStatus status, List<String> log) {
    ClientStatus.Problem problem = status.lastProblem();
    long errors =
        log.stream()
            .filter(line -> line.startsWith("ERROR | io.billingsdk"))
            .filter(line -> line.contains("failed inside"))
            .count();
    boolean delivered =
        status.state() == ConnectionState.CONNECTED && status.delivery().delivered() == 1;
    return (delivered ? "delivered" : "kept")
        + (problem == null ? " silent" : " " + problem.kind() + " " + problem.message())
        + " errors="
        + errors;
  }
}
