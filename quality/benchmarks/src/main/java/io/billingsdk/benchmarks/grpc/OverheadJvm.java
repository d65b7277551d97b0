package io.billingsdk.benchmarks.grpc;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.Protocol;
import io.billingsdk.grpc.ApiKeyInterceptor;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.WireSpy;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures once, in a JVM of its own, and prints a line of figures. The client is the SDK's own,
 * connected to a broker over TLS, from which it has its keys.
 */
final class OverheadJvm {
  private static final String GOOD = "bk_live_k7f3a_0123456789abcdef0123456789abcdef_9d2c";
  private static final String BLOCKED = "bk_live_k0000_0123456789abcdef0123456789abcdef_1111";
  private static final int OTHERS = 1_000;
  private static final int CALLS_A_ROUND = 500;

  private OverheadJvm() {}

  /** The transport, how many rounds, and a directory that is empty. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Transport transport = Transport.valueOf(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    try (EmbeddedTestBroker broker = EmbeddedTestBroker.in(Path.of(arguments[2]))) {
      broker.start();
      startClient(broker);
      try (EchoServer bare = transport.serve(List.of());
          EchoServer least = transport.serve(List.of(new MinimalInterceptor(callers())));
          EchoServer checked = transport.serve(List.of(ApiKeyInterceptor.create()))) {
        System.out.println(measure(bare, least, checked, rounds).line());
      }
      var unused = Billing.close(Duration.ofSeconds(5));
    }
    System.exit(0);
  }

  private static void startClient(EmbeddedTestBroker broker) {
    try (WireSpy system = WireSpy.on(broker, Role.SYSTEM, "billing/keys/request")) {
      system.publish(
          "billing/keys/update", keys().getBytes(StandardCharsets.UTF_8), /* retain= */ true);
      BillingClient client =
          Billing.start(
              BillingConfig.builder()
                  .host("localhost")
                  .port(broker.port())
                  .caCertificates(broker.caPem())
                  .credentials(Role.SDK.user(), Role.SDK.password())
                  .protocol(Protocol.V1)
                  .journalInMemory(1 << 20)
                  .build());
      if (!client.awaitReady(Duration.ofMinutes(1))) {
        throw new IllegalStateException("the client has no keys: " + client.status());
      }
    }
  }

  private static Map<String, String> callers() {
    Map<String, String> callers = new ConcurrentHashMap<>();
    callers.put(GOOD, "app");
    for (int i = 0; i < OTHERS; i++) {
      callers.put(GOOD + i, "app");
    }
    return callers;
  }

  /** The keys of all callers and one that is blocked, as the billing system sends them. */
  private static String keys() {
    return Stream.concat(
            callers().keySet().stream().map(key -> entry(key, "ok")),
            Stream.of(entry(BLOCKED, "blocked")))
        .collect(Collectors.joining(",", "{\"timestamp\":1,\"updates\":[", "]}"));
  }

  private static String entry(String apiKey, String status) {
    return "{\"app_id\":\"app\",\"api_key\":\"" + apiKey + "\",\"status\":\"" + status + "\"}";
  }

  private static OverheadFigures measure(
      EchoServer bare, EchoServer least, EchoServer checked, int rounds)
      throws InterruptedException {
    Lane[] lanes = {
      new Lane(bare, GOOD, Status.Code.OK, rounds),
      new Lane(least, GOOD, Status.Code.OK, rounds),
      new Lane(checked, GOOD, Status.Code.OK, rounds),
      new Lane(least, BLOCKED, Status.Code.UNAUTHENTICATED, rounds),
      new Lane(checked, BLOCKED, Status.Code.PERMISSION_DENIED, rounds),
      new Lane(checked, "unknown", Status.Code.UNAUTHENTICATED, rounds),
    };
    for (int warmup = 0; warmup < rounds / 2; warmup++) {
      for (Lane lane : lanes) {
        lane.round(-1, CALLS_A_ROUND);
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < lanes.length; i++) {
        lanes[(i + round) % lanes.length].round(round, CALLS_A_ROUND);
      }
    }
    return OverheadFigures.of(lanes, rounds * CALLS_A_ROUND);
  }
}
