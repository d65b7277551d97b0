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
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stripe, as far as we use it, with books of its own that survive the death of a server. Tokens say
 * how a charge ends. Paths below {@code /_} are of the tests. Thread-safe.
 */
public final class FakeStripe implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long DELAY_MILLIS = 300;
  private static final int DECLINED = 402;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(8, FakeStripe::daemon);
  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(FakeStripe::daemon);
  private final Map<String, Answer> byKey = new LinkedHashMap<>();
  private final Map<String, String> bodies = new LinkedHashMap<>();
  private final Map<String, ObjectNode> intents = new LinkedHashMap<>();
  private final Map<String, ObjectNode> refunds = new LinkedHashMap<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final List<ObjectNode> exchanges = new ArrayList<>();
  private volatile boolean away;
  private volatile boolean pagesAway;
  private int number;

  /** On any port of this machine. */
  public FakeStripe() {
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
    Thread thread = new Thread(task, "fake-stripe");
    thread.setDaemon(true);
    return thread;
  }

  /** In a process of its own: prints its port, and serves until it is killed. */
  public static void main(String[] arguments) throws InterruptedException {
    FakeStripe fake = new FakeStripe();
    System.out.println("port " + fake.url().getPort());
    Thread.currentThread().join();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What goes wrong with the next change. */
  enum Fault {
    /** It is not done, and not answered. */
    LOST_BEFORE,
    /** It is done, and not answered. */
    LOST_AFTER,
    /** It is not done, and answered with 500. */
    ERROR_BEFORE,
    /** It is done, and answered with 500. */
    ERROR_AFTER,
    /** It is answered late. */
    DELAYED,
    /** Nothing goes wrong. */
    NONE
  }

  private record Answer(int status, ObjectNode body) {}

  /** Whether it answers nothing but 503. */
  void away(boolean isAway) {
    away = isAway;
  }

  /** Whether it opens no pages. */
  void pagesAway(boolean isAway) {
    pagesAway = isAway;
  }

  /** As a day after the requests. */
  synchronized void forgetKeys() {
    byKey.clear();
  }

  synchronized void fault(Fault fault) {
    faults.add(fault);
  }

  synchronized ObjectNode intent(String id) {
    return known(intents, id).deepCopy();
  }

  private static ObjectNode known(Map<String, ObjectNode> all, String id) {
    return Objects.requireNonNull(all.get(id), id);
  }

  synchronized List<ObjectNode> intents() {
    return intents.values().stream().map(ObjectNode::deepCopy).toList();
  }

  synchronized List<ObjectNode> refunds() {
    return refunds.values().stream().map(ObjectNode::deepCopy).toList();
  }

  synchronized List<ObjectNode> exchanges() {
    return List.copyOf(exchanges);
  }

  /** Something happens at the provider, as at its console. */
  synchronized void status(String intent, String status) {
    ObjectNode changed = known(intents, intent);
    changed.put("status", status);
    if (status.equals("succeeded")) {
      changed.put("amount_received", changed.path("amount").asLong());
      changed.remove("last_payment_error");
      changed.set("latest_charge", StripeObjects.charge("ch_" + intent, changed));
    }
  }

  /** A refund that somebody makes at the console. */
  synchronized ObjectNode refundAtConsole(String intent, long amount) {
    ObjectNode form = JSON.createObjectNode().put("amount", amount);
    form.set("metadata", JSON.createObjectNode());
    ObjectNode made =
        StripeObjects.refund("re_console_" + ++number, form, known(intents, intent), "succeeded");
    refunds.put(made.path("id").asText(), made);
    return made.deepCopy();
  }

  synchronized void refundFails(String refund) {
    known(refunds, refund).put("status", "failed").put("failure_reason", "lost_or_stolen_card");
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    if (away || (pagesAway && path.startsWith("/v1/checkout/"))) {
      send(exchange, new Answer(503, StripeObjects.error("api_error", "away", null, "later")));
      return;
    }
    if (path.startsWith("/_")) {
      send(exchange, new Answer(200, ofTests(path, new String(bytes, UTF_8))));
      return;
    }
    Fault fault = exchange.getRequestMethod().equals("POST") ? nextFault(path) : Fault.NONE;
    if (fault == Fault.LOST_BEFORE) {
      exchange.close();
      return;
    }
    if (fault == Fault.ERROR_BEFORE) {
      send(exchange, error());
      return;
    }
    Answer answer = answered(exchange, path, new String(bytes, UTF_8));
    switch (fault) {
      case LOST_AFTER -> exchange.close();
      case ERROR_AFTER -> send(exchange, error());
      case DELAYED -> {
        var unused =
            later.schedule(() -> sendLate(exchange, answer), DELAY_MILLIS, TimeUnit.MILLISECONDS);
      }
      default -> send(exchange, answer);
    }
  }

  private synchronized Fault nextFault(String path) {
    boolean isMoney = path.equals("/v1/payment_intents") || path.equals("/v1/refunds");
    Fault next = isMoney ? faults.poll() : null;
    return next == null ? Fault.NONE : next;
  }

  private static Answer error() {
    return new Answer(500, StripeObjects.error("api_error", "internal", null, "try again"));
  }

  private static void sendLate(HttpExchange exchange, Answer answer) {
    try {
      send(exchange, answer);
    } catch (IOException gone) {
      exchange.close();
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(answer.body());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized ObjectNode ofTests(String path, String body) {
    ObjectNode said = JSON.createObjectNode();
    if (path.equals("/_faults")) {
      // One that nobody has met is not for the next run.
      faults.clear();
      for (String each : body.split(",", -1)) {
        faults.add(Fault.valueOf(each));
      }
      return said;
    }
    if (path.equals("/_forget")) {
      forgetKeys();
      return said;
    }
    said.set("intents", JSON.valueToTree(intents.values()));
    said.set("refunds", JSON.valueToTree(refunds.values()));
    return said;
  }

  private synchronized Answer answered(HttpExchange exchange, String path, String body) {
    String method = exchange.getRequestMethod();
    String query = exchange.getRequestURI().getRawQuery();
    ObjectNode form = FormTree.of(method.equals("POST") ? body : query == null ? "" : query);
    String key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
    Answer answer;
    if (method.equals("POST") && byKey.containsKey(key)) {
      answer =
          body.equals(bodies.get(key))
              ? byKey.getOrDefault(key, error())
              : new Answer(
                  400,
                  StripeObjects.error(
                      "idempotency_error", "idempotency_key_in_use", null, "another request"));
    } else {
      answer = done(method, path, form);
      if (method.equals("POST")) {
        byKey.put(key, answer);
        bodies.put(key, body);
      }
    }
    ObjectNode seen = JSON.createObjectNode();
    seen.put("method", method).put("path", path).put("status", answer.status()).put("key", key);
    seen.put("authorization", exchange.getRequestHeaders().getFirst("Authorization"));
    seen.set("form", form);
    Answer shown = new Answer(answer.status(), StripeObjects.folded(answer.body(), form));
    seen.set("answer", shown.body());
    exchanges.add(seen);
    return shown;
  }

  private Answer done(String method, String path, ObjectNode form) {
    String[] parts = path.split("/", -1);
    String last = parts[parts.length - 1];
    if (method.equals("POST")) {
      return switch (path) {
        case "/v1/payment_intents" -> charge(form);
        case "/v1/refunds" -> refund(form);
        case "/v1/customers" -> ok(StripeObjects.customer("cus_" + ++number, form));
        case "/v1/checkout/sessions" -> ok(StripeObjects.session("cs_test_" + ++number, form));
        default -> missing(path);
      };
    }
    if (path.equals("/v1/payment_intents")) {
      return ok(
          StripeObjects.list(
              path,
              intents.values().stream()
                  .filter(each -> each.path("customer").equals(form.path("customer")))
                  .toList()));
    }
    if (path.equals("/v1/refunds")) {
      return ok(
          StripeObjects.list(
              path,
              refunds.values().stream()
                  .filter(each -> each.path("payment_intent").equals(form.path("payment_intent")))
                  .toList()));
    }
    return switch (parts[2]) {
      case "payment_intents" -> found(intents.get(last), path);
      case "refunds" -> found(refunds.get(last), path);
      case "payment_methods" -> ok(StripeObjects.method(last));
      default -> missing(path);
    };
  }

  private Answer charge(ObjectNode form) {
    String token = form.path("payment_method").asText();
    String id = "pi_" + ++number;
    if (token.startsWith("pm_declined_")) {
      String code = token.substring("pm_declined_".length());
      ObjectNode intent = StripeObjects.intent(id, form, "requires_payment_method");
      ObjectNode error =
          code.equals("authentication_required")
              ? StripeObjects.error("card_error", code, code, "confirm it")
              : StripeObjects.error("card_error", "card_declined", code, "declined");
      intent.set("last_payment_error", error.path("error").deepCopy());
      intents.put(id, intent);
      ((ObjectNode) error.path("error")).set("payment_intent", intent.deepCopy());
      return new Answer(DECLINED, error);
    }
    boolean isSlow = token.startsWith("pm_bank");
    ObjectNode intent = StripeObjects.intent(id, form, isSlow ? "processing" : "succeeded");
    if (!isSlow) {
      intent.set("latest_charge", StripeObjects.charge("ch_" + id, intent));
    }
    intents.put(id, intent);
    return ok(intent.deepCopy());
  }

  private Answer refund(ObjectNode form) {
    ObjectNode intent = intents.get(form.path("payment_intent").asText());
    if (intent == null) {
      return missing(form.path("payment_intent").asText());
    }
    long given =
        refunds.values().stream()
            .filter(each -> each.path("payment_intent").equals(intent.path("id")))
            .filter(each -> each.path("status").asText().equals("succeeded"))
            .mapToLong(each -> each.path("amount").asLong())
            .sum();
    if (given + form.path("amount").asLong() > intent.path("amount_received").asLong()) {
      return new Answer(
          400,
          StripeObjects.error(
              "invalid_request_error", "charge_already_refunded", null, "too much"));
    }
    ObjectNode made = StripeObjects.refund("re_" + ++number, form, intent, "succeeded");
    refunds.put(made.path("id").asText(), made);
    return ok(made.deepCopy());
  }

  private static Answer ok(ObjectNode body) {
    return new Answer(200, body);
  }

  private static Answer found(@Nullable ObjectNode object, String path) {
    return object == null ? missing(path) : ok(object.deepCopy());
  }

  private static Answer missing(String path) {
    return new Answer(
        404, StripeObjects.error("invalid_request_error", "resource_missing", null, "no " + path));
  }

  @Override
  public void close() {
    server.stop(0);
    var unused = threads.shutdownNow();
    var unusedToo = later.shutdownNow();
  }

  /** Reads what the fake in another process says. */
  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }
}
