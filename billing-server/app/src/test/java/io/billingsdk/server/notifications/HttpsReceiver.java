package io.billingsdk.server.notifications;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.billingsdk.server.broker.ServerCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A receiver of webhooks over HTTPS, on a port that stays its own while it is away. */
final class HttpsReceiver implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SSLContext tls;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private HttpsServer server;
  private final int port;
  private volatile int status = 204;
  private volatile String location = "";
  private volatile String encoding = "";

  HttpsReceiver(ServerCertificate certificate) throws IOException, GeneralSecurityException {
    this.tls = tls(certificate);
    this.server = listen(0);
    this.port = server.getAddress().getPort();
  }

  /** A request as it came. */
  record Received(String path, Headers headers, String body) {
    String id() {
      return headers.getFirst("webhook-id");
    }

    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException malformed) {
        throw new AssertionError(body, malformed);
      }
    }

    /** How many of its signatures a secret has made, by a verifier of our own. */
    long signedBy(String secret) {
      String content = id() + "." + headers.getFirst("webhook-timestamp") + "." + body;
      String expected = "v1," + hmac(secret, content);
      return List.of(headers.getFirst("webhook-signature").split(" ", -1)).stream()
          .filter(expected::equals)
          .count();
    }

    Instant signedAt() {
      return Instant.ofEpochSecond(Long.parseLong(headers.getFirst("webhook-timestamp")));
    }

    private static String hmac(String secret, String content) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(
            new SecretKeySpec(
                Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
        return Base64.getEncoder()
            .encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
      } catch (GeneralSecurityException impossible) {
        throw new AssertionError(impossible);
      }
    }
  }

  static SSLContext tls(ServerCertificate certificate)
      throws IOException, GeneralSecurityException {
    char[] password = certificate.keyStorePassword().toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(certificate.keyStore())) {
      store.load(file, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private HttpsServer listen(int wanted) throws IOException {
    HttpsServer made =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 0);
    made.setHttpsConfigurator(new HttpsConfigurator(tls));
    made.setExecutor(threads);
    made.createContext("/", this::answer);
    made.start();
    return made;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    received.add(
        new Received(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body));
    if (!location.isEmpty()) {
      exchange.getResponseHeaders().add("Location", location);
    }
    if (!encoding.isEmpty()) {
      exchange.getResponseHeaders().add("Content-Encoding", encoding);
    }
    byte[] text = "said\u001b[31m by the receiver ".repeat(50).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, status == 204 ? -1 : text.length);
    if (status != 204) {
      exchange.getResponseBody().write(text);
    }
    exchange.close();
  }

  String url(String path) {
    return "https://localhost:" + port + path;
  }

  int port() {
    return port;
  }

  List<Received> received() {
    return received;
  }

  List<Received> received(String path) {
    return received.stream().filter(each -> each.path().equals(path)).toList();
  }

  void answerWith(int other) {
    status = other;
  }

  void redirectTo(String url) {
    status = 307;
    location = url;
  }

  /** From now on its answers say that they are encoded so; they are not. */
  void sayEncoding(String other) {
    encoding = other;
  }

  /** From now on nobody listens. */
  void leave() {
    server.stop(0);
  }

  void comeBack() throws IOException {
    server = listen(port);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
