package io.billingsdk.broker;

import com.google.inject.Injector;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient.Reason;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of connections whose TLS handshake failed: the broker itself says so at a level that nobody
 * reads, and no extension of it hears of a client before its CONNECT. So a handler of ours sees
 * each connection that the listener accepts, and puts another one into its pipeline.
 */
final class TlsFailures extends ChannelInboundHandlerAdapter {
  /** As {@link BrokerConfigXml#BIND_ADDRESS}: the loopback of a JVM may be that of IPv6. */
  private static final byte[] BOUND = {127, 0, 0, 1};

  private static final String NAME = "billing_tls_failures";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int MOST_CAUSES = 10;

  private final Consumer<RefusedClient> refusals;

  private TlsFailures(Consumer<RefusedClient> refusals) {
    this.refusals = refusals;
  }

  /**
   * Begins to look at a port of a broker that listens.
   *
   * @return whether it was found: with another version of the broker it may not be
   */
  static boolean watch(Injector broker, int port, Consumer<RefusedClient> refusals)
      throws IOException {
    ChannelGroup connections = broker.getInstance(ChannelGroup.class);
    // The broker gives its listener away by a connection alone.
    try (Socket own = new Socket(InetAddress.getByAddress(BOUND), port)) {
      long end = System.nanoTime() + PATIENCE_NANOS;
      Channel listener = listenerOf(connections, own.getLocalPort());
      while (listener == null && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.sleep(1);
        listener = listenerOf(connections, own.getLocalPort());
      }
      if (listener != null) {
        listener.pipeline().addFirst(NAME, new TlsFailures(refusals));
      }
      return listener != null;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static @Nullable Channel listenerOf(ChannelGroup connections, int port) {
    return connections.stream()
        .filter(
            each ->
                each.remoteAddress() instanceof InetSocketAddress from && from.getPort() == port)
        .map(Channel::parent)
        .findFirst()
        .orElse(null);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Channel accepted) {
      // Behind it come the broker's own; its handler of TLS puts itself before it.
      accepted.pipeline().addLast(NAME, new OfConnection(refusals));
    }
    ctx.fireChannelRead(message);
  }

  /** Hears of the one handshake of a connection, and goes. */
  private static final class OfConnection extends ChannelInboundHandlerAdapter {
    private final Consumer<RefusedClient> refusals;

    OfConnection(Consumer<RefusedClient> refusals) {
      this.refusals = refusals;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (!handshake.isSuccess()) {
          refusals.accept(
              new RefusedClient(
                  Reason.TLS, "", "", addressOf(ctx.channel()), why(handshake.cause())));
        }
        ctx.pipeline().remove(this);
      }
      ctx.fireUserEventTriggered(event);
    }
  }

  private static String addressOf(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress from && from.getAddress() != null
        ? from.getAddress().getHostAddress()
        : "";
  }

  /** The innermost cause says it in a few words. */
  private static String why(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause.getCause() != null && i < MOST_CAUSES; i++) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    if (cause instanceof ClosedChannelException || message == null) {
      return "the client ended the connection";
    }
    // The bytes that came are no secret, and no text either.
    return message.startsWith("not an SSL/TLS record") ? "it did not send TLS" : message;
  }
}
