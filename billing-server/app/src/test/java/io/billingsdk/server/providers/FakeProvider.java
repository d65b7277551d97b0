package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A payment provider with books of its own that survive the death of a server, and with faults.
 * Paths below {@code /_} are of the tests. Thread-safe.
 */
abstract class FakeProvider implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String FORGOTTEN = "/_forget";
  static final String FAULTS = "/_faults";
  static final String BOOKS = "/_books";
  static final String EXCHANGES = "/_exchanges";

  private static final long DELAY_MILLIS = 300;

  /** Longer than a child of the crash test waits. */
  private static final long TOO_LONG_MILLIS = 2500;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(8, FakeProvider::daemon);
  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(FakeProvider::daemon);
  private final Map<String, Answer> byKey = new LinkedHashMap<>();
  private final Map<String, String> bodies = new LinkedHashMap<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final List<ObjectNode> exchanges = new ArrayList<>();
  private volatile boolean away;
  private volatile boolean denied;

  /** On any port of this machine. */
  FakeProvider() {
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "fake-provider");
    thread.setDaemon(true);
    return thread;
  }

  /** In a process of its own: prints its port, and serves until it is killed. */
  static void serve(FakeProvider fake) throws InterruptedException {
    System.out.println("port " + fake.url().getPort());
    Thread.currentThread().join();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What goes wrong with the next change that moves money. */
  enum Fault {
    /** It is not done, and not answered. */
    LOST_BEFORE,
    /** It is done, and not answered. */
    LOST_AFTER,
    /** It is not done, and answered with 500. */
    ERROR_BEFORE,
    /** It is done, and answered with 500; the same request again is answered well. */
    ERROR_AFTER,
    /** It is answered late. */
    DELAYED,
    /** It is done, and answered when nobody waits for the answer. */
    TOO_LATE,
    /** It comes twice, as by a proxy that sends it again. */
    DOUBLED,
    /** Nothing goes wrong. */
    NONE
  }

  record Answer(int status, ObjectNode body) {}

  /** Whether it answers nothing but 503. */
  void away(boolean isAway) {
    away = isAway;
  }

  /** Whether it refuses the account of the server. */
  void denied(boolean isDenied) {
    denied = isDenied;
  }

  /** As a day after the requests. */
  synchronized void forgetKeys() {
    byKey.clear();
  }

  synchronized void fault(Fault fault) {
    faults.add(fault);
  }

  /** What came and what was answered. */
  synchronized List<ObjectNode> exchanges() {
    return List.copyOf(exchanges);
  }

  /** The header that has the key of a change. */
  abstract String keyHeader();

  /** Whether a change moves money, so that faults meet it. */
  abstract boolean isMoney(String path);

  /** What the text of a request says. */
  abstract ObjectNode parsed(String method, String query, String body);

  /** Does it. */
  abstract Answer done(String method, String path, ObjectNode said);

  /** As the requests of the test ask for, such as without what was not asked for. */
  ObjectNode shown(ObjectNode answer, ObjectNode said) {
    return answer;
  }

  /** An answer of a kind that says nothing of what was done. */
  abstract Answer error(int status);

  /** A key that comes with another request. */
  abstract Answer conflict();

  /** Payments with {@code intent} and {@code paid}, refunds with {@code ours} and {@code paid}. */
  abstract ObjectNode books();

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    if (path.startsWith("/_")) {
      send(exchange, new Answer(200, ofTests(path, body)));
      return;
    }
    if (away || denied) {
      send(exchange, error(away ? 503 : 401));
      return;
    }
    Fault fault = exchange.getRequestMethod().equals("POST") ? nextFault(path) : Fault.NONE;
    if (fault == Fault.LOST_BEFORE) {
      exchange.close();
      return;
    }
    if (fault == Fault.ERROR_BEFORE) {
      send(exchange, error(500));
      return;
    }
    Answer first = answered(exchange, path, body);
    Answer answer = fault == Fault.DOUBLED ? answered(exchange, path, body) : first;
    switch (fault) {
      case LOST_AFTER -> exchange.close();
      case ERROR_AFTER -> send(exchange, error(500));
      case DELAYED -> sendLate(exchange, answer, DELAY_MILLIS);
      case TOO_LATE -> sendLate(exchange, answer, TOO_LONG_MILLIS);
      default -> send(exchange, answer);
    }
  }

  private synchronized Fault nextFault(String path) {
    Fault next = isMoney(path) ? faults.poll() : null;
    return next == null ? Fault.NONE : next;
  }

  private void sendLate(HttpExchange exchange, Answer answer, long millis) {
    var unused =
        later.schedule(
            () -> {
              try {
                send(exchange, answer);
              } catch (IOException gone) {
                exchange.close();
              }
            },
            millis,
            TimeUnit.MILLISECONDS);
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(answer.body());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized ObjectNode ofTests(String path, String body) {
    if (path.equals(FAULTS)) {
      // One that nobody has met is not for the next run.
      faults.clear();
      for (String each : body.split(",", -1)) {
        faults.add(Fault.valueOf(each));
      }
    } else if (path.equals(FORGOTTEN)) {
      forgetKeys();
    } else if (path.equals(EXCHANGES)) {
      ObjectNode all = JSON.createObjectNode();
      all.set("exchanges", JSON.valueToTree(exchanges));
      return all;
    }
    return books();
  }

  private synchronized Answer answered(HttpExchange exchange, String path, String body) {
    String method = exchange.getRequestMethod();
    String query = exchange.getRequestURI().getRawQuery();
    ObjectNode said = parsed(method, query == null ? "" : query, body);
    String key = path + " " + exchange.getRequestHeaders().getFirst(keyHeader());
    Answer answer = method.equals("POST") ? once(path, key, said, body) : done(method, path, said);
    ObjectNode seen = JSON.createObjectNode();
    seen.put("method", method).put("path", path).put("status", answer.status()).put("key", key);
    seen.put("authorization", exchange.getRequestHeaders().getFirst("Authorization"));
    seen.set("said", said);
    Answer shown = new Answer(answer.status(), shown(answer.body(), said));
    seen.set("answer", shown.body());
    exchanges.add(seen);
    return shown;
  }

  private Answer once(String path, String key, ObjectNode said, String body) {
    Answer before = byKey.get(key);
    if (before != null) {
      return body.equals(bodies.get(key)) ? before : conflict();
    }
    Answer answer = done("POST", path, said);
    if (answer.status() < 500) {
      byKey.put(key, answer);
      bodies.put(key, body);
    }
    return answer;
  }

  @Override
  public void close() {
    server.stop(0);
    var unused = threads.shutdownNow();
    var unusedToo = later.shutdownNow();
  }

  /** Reads what a fake in another process says. */
  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }
}
