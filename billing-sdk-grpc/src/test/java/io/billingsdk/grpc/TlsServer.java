package io.billingsdk.grpc;

import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.CertificateAuthority.IssuedCertificate;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A server over Netty with TLS, and channels to it. When it is closed, all that its calls had to do
 * is done: a client hears of the end of a call before the server is through with it.
 */
final class TlsServer implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  private final ExecutorService handlers;
  private final Server server;
  private final Path ca;
  private final List<ManagedChannel> channels = new ArrayList<>();

  private TlsServer(ExecutorService handlers, Server server, Path ca) {
    this.handlers = handlers;
    this.server = server;
    this.ca = ca;
  }

  /** Starts a server that {@code setUp} gives its services and interceptors. */
  static TlsServer start(UnaryOperator<ServerBuilder<?>> setUp) throws IOException {
    Path directory = Files.createTempDirectory("grpc-tls");
    CertificateAuthority authority = CertificateAuthority.create("gRPC tests");
    IssuedCertificate certificate = authority.issueServer("localhost");
    Path ca = directory.resolve("ca.pem");
    authority.writeCertificate(ca);
    certificate.writeCertificatePem(directory.resolve("server.pem"));
    certificate.writeKeyPem(directory.resolve("server.key"));
    ExecutorService handlers = Executors.newCachedThreadPool();
    Server server =
        setUp
            .apply(
                Grpc.newServerBuilderForPort(
                        0,
                        TlsServerCredentials.create(
                            directory.resolve("server.pem").toFile(),
                            directory.resolve("server.key").toFile()))
                    .executor(handlers))
            .build()
            .start();
    return new TlsServer(handlers, server, ca);
  }

  /** A connection of its own. */
  ManagedChannel channel() throws IOException {
    return channel(server.getPort());
  }

  /** The same through a proxy at another port. */
  ManagedChannel channel(int port) throws IOException {
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress(
                "localhost",
                port,
                TlsChannelCredentials.newBuilder().trustManager(ca.toFile()).build())
            .build();
    channels.add(channel);
    return channel;
  }

  Server server() {
    return server;
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.shutdownNow();
    try {
      boolean ended = server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
      handlers.shutdown();
      if (!ended || !handlers.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("a call of the server does not end");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
