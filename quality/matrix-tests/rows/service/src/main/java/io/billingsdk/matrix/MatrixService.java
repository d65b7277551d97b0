package io.billingsdk.matrix;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.ClientStatus;
import io.billingsdk.DrainReport;
import io.billingsdk.grpc.ApiKeyInterceptor;
import io.billingsdk.grpc.Metering;
import io.billingsdk.grpc.MeteringInterceptor;
import io.billingsdk.grpc.UsageExtractor;
import io.billingsdk.matrix.desk.DeskGrpc;
import io.billingsdk.matrix.desk.Request;
import io.billingsdk.matrix.desk.Response;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A service and its client in one JVM, with whatever is on the class path: port of the broker, CA
 * file, user, password, client id, and {@code connected} or {@code unconnected}. Its last line says
 * how it went.
 */
final class MatrixService {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private MatrixService() {}

  /** See above. */
  public static void main(String[] arguments) throws Exception {
    BillingClient client;
    try {
      client = Billing.start(config(arguments));
    } catch (RuntimeException refused) {
      System.out.println("refused: " + refused.getMessage());
      return;
    }
    boolean connected = arguments[5].equals("connected");
    if (connected && !client.awaitReady(PATIENCE)) {
      System.out.println("never ready: " + client.status());
      System.exit(1);
    }
    DeskService service = new DeskService();
    Server server = serve(service);
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress(
                "localhost", server.getPort(), InsecureChannelCredentials.create())
            .build();
    Calls calls = new Calls(channel);
    if (connected) {
      calls.makeAll();
    } else {
      awaitProblem(client);
      calls.makeUnavailable();
    }
    channel.shutdownNow();
    server.shutdown().awaitTermination();
    ClientStatus status = client.status();
    DrainReport report = Billing.close(connected ? PATIENCE : Duration.ofSeconds(1));
    ClientStatus.Problem problem = status.lastProblem();
    System.out.println("state: " + status.state() + " " + (problem == null ? "" : problem));
    System.out.printf(
        "result calls=%d right=%d seen=%d delivered=%d held=%d%n",
        calls.made(), calls.right(), service.forbiddenModels(), report.delivered(), report.held());
    System.exit(0);
  }

  private static BillingConfig config(String[] arguments) {
    return BillingConfig.builder()
        .host("localhost")
        .port(Integer.parseInt(arguments[0]))
        .caCertificates(Path.of(arguments[1]))
        .credentials(arguments[2], arguments[3])
        .clientId(arguments[4])
        .journalInMemory(1 << 20)
        .build();
  }

  private static Server serve(DeskService service) throws Exception {
    return Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
        .intercept(metering())
        .intercept(ApiKeyInterceptor.create())
        .addService(service)
        .build()
        .start();
  }

  private static MeteringInterceptor metering() {
    Metering<Request, Response> tokens =
        Metering.<Request, Response>of(
                "llm", "unknown", UsageExtractor.lastResponse(Response::getTokens))
            .modelFrom(Request::getModel);
    Metering<Request, Response> bytes =
        Metering.<Request, Response>of("llm", "unknown", UsageExtractor.responseBytes())
            .modelFrom(Request::getModel);
    return MeteringInterceptor.builder()
        .method(DeskGrpc.getAskMethod(), tokens)
        .method(DeskGrpc.getFollowMethod(), tokens)
        .method(DeskGrpc.getCollectMethod(), tokens)
        .method(DeskGrpc.getTalkMethod(), bytes)
        .build();
  }

  private static void awaitProblem(BillingClient client) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (client.status().lastProblem() == null && System.nanoTime() < end) {
      Thread.sleep(20);
    }
  }
}
