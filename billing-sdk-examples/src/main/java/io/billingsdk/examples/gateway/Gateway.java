package io.billingsdk.examples.gateway;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.grpc.ApiKeyInterceptor;
import io.billingsdk.grpc.BillingInterceptors;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The example AI gateway: {@code llm}, {@code tts} and {@code asr} behind one API-key check, with
 * TLS, on the loopback interface. Two of them are metered, the third reports by hand, and a
 * narrator runs all three as the steps of an execution.
 *
 * <p>It uses the client of this process: start that before, close it after. Thread-safe.
 */
public final class Gateway implements AutoCloseable {
  private static final int STOP_SECONDS = 5;

  private final Server server;

  private Gateway(Server server) {
    this.server = server;
  }

  /**
   * Starts serving.
   *
   * @param port 0 for any free one
   * @param tally receives every report
   * @throws java.util.NoSuchElementException when no client was started
   * @throws IOException when the port is taken, or a PEM file cannot be used
   */
  public static Gateway start(int port, GatewayTls tls, UsageTally tally) throws IOException {
    BillingClient client = new CountingClient(Billing.client().orElseThrow(), tally);
    ApiKeyInterceptor keys = ApiKeyInterceptor.builder().client(client).build();
    Server server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                TlsServerCredentials.create(tls.certificate().toFile(), tls.key().toFile()))
            .addService(BillingInterceptors.protect(new LlmService(), keys, LlmService.metering()))
            .addService(BillingInterceptors.protect(new TtsService(), keys, TtsService.metering()))
            .addService(BillingInterceptors.protect(new AsrService(new BilledCalls()), keys))
            .addService(BillingInterceptors.protect(new NarratorService(), keys))
            .build()
            .start();
    return new Gateway(server);
  }

  /** The port that it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Lets running calls finish, for up to five seconds, then cancels them. */
  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
