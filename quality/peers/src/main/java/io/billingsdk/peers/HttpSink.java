package io.billingsdk.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Takes what the libraries send over HTTP, each in its own form, and answers as they expect. */
final class HttpSink {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ID = Pattern.compile("evt-\\d{9}");
  private static final int THREADS = 4;

  private final Intake intake;
  private final HttpServer server;

  private HttpSink(Intake intake, HttpServer server) {
    this.intake = intake;
    this.server = server;
  }

  /** Listens on a free port of the loopback address. */
  static HttpSink start(Intake intake) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    HttpSink sink = new HttpSink(intake, server);
    server.createContext("/", sink::answer);
    server.setExecutor(
        Executors.newFixedThreadPool(
            THREADS,
            work -> {
              Thread thread = new Thread(work, "http-sink");
              thread.setDaemon(true);
              return thread;
            }));
    server.start();
    return sink;
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = body(exchange);
      boolean isOtlp = exchange.getRequestURI().getPath().equals("/v1/logs");
      take(exchange.getRequestURI().getPath(), body);
      byte[] answer = isOtlp ? new byte[0] : "{\"success\":true}".getBytes(StandardCharsets.UTF_8);
      exchange
          .getResponseHeaders()
          .set("Content-Type", isOtlp ? "application/x-protobuf" : "application/json");
      exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    boolean isZipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream sent = exchange.getRequestBody();
        InputStream body = isZipped ? new GZIPInputStream(sent) : sent) {
      return body.readAllBytes();
    }
  }

  private void take(String path, byte[] body) throws IOException {
    if (path.startsWith("/v1/import")) {
      batch(JSON.readTree(body), "messageId");
    } else if (path.equals("/batch")) {
      batch(JSON.readTree(body), "uuid");
    } else if (path.endsWith("/envelope/")) {
      envelope(new String(body, StandardCharsets.UTF_8));
    } else if (path.equals("/v1/logs") || path.equals("/plain")) {
      all(new String(body, StandardCharsets.ISO_8859_1), null);
    }
  }

  private void batch(JsonNode body, String identity) {
    for (JsonNode event : body.path("batch")) {
      intake.add(event.path("properties").path("id").textValue(), event.path(identity).textValue());
    }
  }

  /** Lines of JSON: the first has the identity, where the envelope is of one event. */
  private void envelope(String body) throws IOException {
    String[] lines = body.split("\n", -1);
    String identity = JSON.readTree(lines[0]).path("event_id").textValue();
    for (int i = 1; i + 1 < lines.length; i += 2) {
      String type = JSON.readTree(lines[i]).path("type").asText();
      if (type.equals("event") || type.equals("log")) {
        all(lines[i + 1], type.equals("event") ? identity : null);
      }
    }
  }

  private void all(String text, @Nullable String identity) {
    Matcher id = ID.matcher(text);
    while (id.find()) {
      intake.add(id.group(), identity);
    }
  }
}
