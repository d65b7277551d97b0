package io.billingsdk.testkit;

import static java.util.Objects.requireNonNull;

import io.billingsdk.BillingClient;
import io.billingsdk.grpc.ApiKeyCallCredentials;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC server in this process, with the key check around its services, and channels to it.
 *
 * <p>Calls go through the interceptors and gRPC's own code as on a network, except for the
 * transport: there is no port and no TLS. Handlers run on gRPC's threads, so that a call may be
 * over for its client a moment before it is charged.
 *
 * <p>Needs {@code billing-sdk-grpc} and {@code io.grpc:grpc-inprocess} on the class path, the
 * latter in the version of gRPC that the service has. Thread-safe. {@link #close} it.
 */
public final class InProcessGrpc implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final Server server;
  private final ManagedChannel channel;

  private InProcessGrpc(Server server, ManagedChannel channel) {
    this.server = server;
    this.channel = channel;
  }

  /** Serves with the key check of {@link io.billingsdk.Billing}: see {@link BillingTest}. */
  public static InProcessGrpc serving(BindableService... services) {
    return builder().services(services).start();
  }

  /** Serves with the key check of a client that is not installed in {@code Billing}. */
  public static InProcessGrpc serving(BillingClient client, BindableService... services) {
    return builder().client(client).services(services).start();
  }

  /** For interceptors of your own, metering included. */
  public static InProcessGrpcBuilder builder() {
    return new InProcessGrpcBuilder();
  }

  /** Starts a server that was built, and a channel to it. */
  static InProcessGrpc start(String name, InProcessServerBuilder built) {
    try {
      return new InProcessGrpc(
          built.build().start(), InProcessChannelBuilder.forName(name).build());
    } catch (IOException failed) {
      throw new UncheckedIOException("the server in this process cannot be started", failed);
    }
  }

  /** A channel without a key. */
  public Channel channel() {
    return channel;
  }

  /**
   * A channel whose calls present a key.
   *
   * @throws IllegalArgumentException when it is not of 1 to 256 printable ASCII characters
   */
  public Channel channel(String apiKey) {
    ApiKeyCallCredentials key =
        ApiKeyCallCredentials.of(requireNonNull(apiKey, "apiKey")).allowingPlaintext();
    return ClientInterceptors.intercept(channel, new WithKey(key));
  }

  /** Ends the calls that run, and the server; waits for both, 10 seconds at most each. */
  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    try {
      channel.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
      server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Attaches a key to each call. */
  private record WithKey(ApiKeyCallCredentials key) implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      return next.newCall(method, options.withCallCredentials(key));
    }
  }
}
