package io.billingsdk.server.notifications;

import io.billingsdk.server.common.ShownText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Posts over TLS. It connects to the very addresses that it has looked at: a name that leads
 * elsewhere at its second look-up gains nothing. It follows no redirect, keeps no cookie and
 * expands no answer. Thread-safe.
 */
final class WebhookTransport implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(15);

  private static final Duration DESTINATION_IDLE = Duration.ofMinutes(1);
  private static final int ANSWER_CHARS = 256;
  private static final int THREADS = 8;

  private final HttpClient client;
  private final NameLookUp names;
  private final boolean privateAddresses;

  /** Looks names up. */
  @FunctionalInterface
  interface NameLookUp {
    /** The addresses of a name. */
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  WebhookTransport(SSLContext tls, boolean privateAddresses, NameLookUp names) {
    this.names = names;
    this.privateAddresses = privateAddresses;
    SslContextFactory.Client ssl = new SslContextFactory.Client();
    ssl.setSslContext(tls);
    ClientConnector connector = new ClientConnector();
    connector.setSslContextFactory(ssl);
    connector.setConnectTimeout(TIMEOUT);
    this.client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    client.setExecutor(threads());
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setSocketAddressResolver(new CheckedResolver());
    client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, "billing-webhooks"));
    client.setIdleTimeout(TIMEOUT.toMillis());
    // Each host has a destination, and customers add hosts: those of long ago are let go of.
    client.setDestinationIdleTimeout(DESTINATION_IDLE.toMillis());
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("billing-webhook-io");
    threads.setDaemon(true);
    return threads;
  }

  /** A request that is ready. Bodies are not copied. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes it.
  record Outgoing(String url, String id, Instant at, String signature, byte[] body) {}

  /**
   * How it was answered.
   *
   * @param problem null when the receiver has it
   * @param body its beginning, as a person may be shown it
   */
  record Answer(@Nullable Integer status, @Nullable String problem, @Nullable String body) {
    static Answer none(String problem) {
      return new Answer(null, problem, null);
    }

    static Answer of(int status, String body) {
      boolean isSuccess = status >= 200 && status < 300;
      return new Answer(status, isSuccess ? null : "it answered " + status, body);
    }
  }

  void start() {
    try {
      client.start();
      // Its start adds one that expands answers.
      client.getContentDecoderFactories().clear();
    } catch (Exception failed) {
      throw new IllegalStateException("the client for webhooks does not start", failed);
    }
  }

  /** Sends it, and waits for the answer. */
  Answer send(Outgoing outgoing) throws InterruptedException {
    CompletableFuture<Result> done = new CompletableFuture<>();
    StringBuilder answer = new StringBuilder();
    request(outgoing)
        .onResponseContent((response, bytes) -> keep(answer, bytes))
        .send(done::complete);
    try {
      return answer(done.get(TIMEOUT.toMillis() * 2, TimeUnit.MILLISECONDS), answer);
    } catch (ExecutionException | TimeoutException late) {
      return Answer.none("no answer within " + TIMEOUT.toSeconds() + " s");
    }
  }

  private Request request(Outgoing outgoing) {
    return client
        .newRequest(outgoing.url())
        .method(HttpMethod.POST)
        .timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .headers(
            headers -> {
              headers.put("webhook-id", outgoing.id());
              headers.put("webhook-timestamp", Long.toString(outgoing.at().getEpochSecond()));
              headers.put("webhook-signature", outgoing.signature());
              // An answer that expands would be read without a bound.
              headers.put(HttpHeader.ACCEPT_ENCODING, "identity");
            })
        .body(new BytesRequestContent("application/json", outgoing.body()));
  }

  private static void keep(StringBuilder answer, ByteBuffer bytes) {
    synchronized (answer) {
      while (bytes.hasRemaining() && answer.length() < ANSWER_CHARS) {
        answer.append((char) (bytes.get() & 0xff));
      }
    }
  }

  private static Answer answer(Result result, StringBuilder kept) {
    Throwable failure = result.getFailure();
    if (failure != null) {
      return Answer.none(problem(failure));
    }
    String text;
    synchronized (kept) {
      text = kept.toString();
    }
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return Answer.of(
        result.getResponse().getStatus(), ShownText.of(new String(bytes, StandardCharsets.UTF_8)));
  }

  private static String problem(Throwable failure) {
    if (failure instanceof TimeoutException) {
      return "no answer within " + TIMEOUT.toSeconds() + " s";
    }
    if (failure instanceof PrivateAddressException refused) {
      return refused.getMessage();
    }
    String said = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    return ShownText.of(said.substring(0, Math.min(said.length(), ANSWER_CHARS)));
  }

  @Override
  public void close() {
    try {
      client.stop();
    } catch (Exception failed) {
      Thread.currentThread().interrupt();
    }
  }

  /** A name leads to an address that webhooks may not reach. */
  private static final class PrivateAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    PrivateAddressException(String host) {
      super("the name " + host + " leads to an address that is not public");
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /** One that is not public refuses them all: the next look-up might find it alone. */
  private final class CheckedResolver implements SocketAddressResolver {
    @Override
    public void resolve(
        String host,
        int port,
        Map<String, Object> context,
        Promise<List<InetSocketAddress>> promise) {
      List<InetSocketAddress> found = new ArrayList<>();
      try {
        for (InetAddress each : names.addresses(host)) {
          if (!privateAddresses && !PublicAddresses.has(each)) {
            throw new PrivateAddressException(host);
          }
          found.add(new InetSocketAddress(each, port));
        }
      } catch (UnknownHostException unknown) {
        promise.failed(unknown);
        return;
      }
      promise.succeeded(found);
    }
  }
}
