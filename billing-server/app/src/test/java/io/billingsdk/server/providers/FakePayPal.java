package io.billingsdk.server.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** PayPal, as far as we use it. Tokens say how a charge ends. Thread-safe. */
public final class FakePayPal extends FakeProvider {
  static final String OK = "vault_ok";
  static final String BANK = "vault_bank";
  static final String ACTION = "vault_action";
  static final String DECLINED = "vault_declined_";

  private static final int NOT_FOUND = 404;
  private static final int UNPROCESSABLE = 422;

  private final Map<String, ObjectNode> orders = new LinkedHashMap<>();
  private final Map<String, ObjectNode> captures = new LinkedHashMap<>();
  private final Map<String, ObjectNode> refunds = new LinkedHashMap<>();
  private final Map<String, ObjectNode> setups = new LinkedHashMap<>();
  private final List<ObjectNode> events = new ArrayList<>();
  private int number;

  /** In a process of its own. */
  public static void main(String[] arguments) throws InterruptedException {
    serve(new FakePayPal());
  }

  /** The customer approves what a page asks for. */
  synchronized void approve(String id) {
    ObjectNode order = orders.get(id);
    ObjectNode approved = order == null ? setups.get(id) : order;
    Objects.requireNonNull(approved, id).put("status", "APPROVED");
  }

  /** Something happens to a payment, as when a bank has looked at it. */
  synchronized void status(String capture, String status) {
    ObjectNode changed = Objects.requireNonNull(captures.get(capture), capture);
    changed.put("status", status);
    events.add(PayPalObjects.event("WH-" + ++number, "PAYMENT.CAPTURE." + status, changed));
  }

  /** A refund that somebody makes at the console, or PayPal itself. */
  synchronized ObjectNode refundAtConsole(String capture, String value) {
    ObjectNode said = JSON.createObjectNode();
    said.putObject("amount").put("currency_code", "USD").put("value", value);
    ObjectNode made = PayPalObjects.refund(refundId(), capture, said, /* custom= */ null);
    refunds.put(made.path("id").asText(), made);
    return made.deepCopy();
  }

  synchronized List<ObjectNode> captures() {
    return captures.values().stream().map(ObjectNode::deepCopy).toList();
  }

  synchronized List<ObjectNode> orders() {
    return orders.values().stream().map(ObjectNode::deepCopy).toList();
  }

  synchronized List<ObjectNode> refunds() {
    return refunds.values().stream().map(ObjectNode::deepCopy).toList();
  }

  synchronized List<ObjectNode> events() {
    return events.stream().map(ObjectNode::deepCopy).toList();
  }

  /** As one whose webhooks and lists have nothing of it. */
  synchronized void forgetEvents() {
    events.clear();
  }

  @Override
  String keyHeader() {
    return "PayPal-Request-Id";
  }

  @Override
  boolean isMoney(String path) {
    return path.equals("/v2/checkout/orders") || path.endsWith("/refund");
  }

  @Override
  ObjectNode parsed(String method, String query, String body) {
    boolean isJson = method.equals("POST") && body.startsWith("{");
    return isJson ? (ObjectNode) tree(body) : FormTree.of(method.equals("POST") ? body : query);
  }

  @Override
  Answer error(int status) {
    String name = status == 401 ? "AUTHENTICATION_FAILURE" : "INTERNAL_SERVER_ERROR";
    return new Answer(status, PayPalObjects.error(name, null));
  }

  @Override
  Answer conflict() {
    return refused("DUPLICATE_REQUEST_ID");
  }

  @Override
  ObjectNode books() {
    ObjectNode said = JSON.createObjectNode();
    ArrayNode payments = said.putArray("payments");
    for (ObjectNode each : captures.values()) {
      String custom = each.path("custom_id").asText();
      payments
          .addObject()
          .put("intent", custom.substring(0, Math.max(0, custom.lastIndexOf('-'))))
          .put("paid", each.path("status").asText().equals("COMPLETED"));
    }
    ArrayNode given = said.putArray("refunds");
    for (ObjectNode each : refunds.values()) {
      given
          .addObject()
          .put("ours", each.path("custom_id").asText())
          .put("paid", each.path("status").asText().equals("COMPLETED"));
    }
    return said;
  }

  @Override
  Answer done(String method, String path, ObjectNode said) {
    String[] parts = path.split("/", -1);
    if (path.equals("/v1/oauth2/token")) {
      return new Answer(200, PayPalObjects.token());
    }
    if (path.equals("/v1/notifications/webhooks-events")) {
      return new Answer(200, PayPalObjects.events(events, said));
    }
    if (method.equals("POST")) {
      return posted(path, parts, said);
    }
    String id = parts[4];
    return switch (parts[3]) {
      case "orders" -> found(shownOrder(id));
      case "captures" -> found(captures.get(id));
      case "refunds" -> found(refunds.get(id));
      case "setup-tokens" -> found(setups.get(id));
      case "payment-tokens" -> found(PayPalObjects.paymentToken(id));
      default -> found(null);
    };
  }

  private Answer posted(String path, String[] parts, ObjectNode said) {
    if (path.endsWith("/refund")) {
      return refund(parts[4], said);
    }
    if (path.endsWith("/capture")) {
      return capture(parts[4]);
    }
    return switch (path) {
      case "/v2/checkout/orders" -> order(said);
      case "/v3/vault/setup-tokens" -> setup();
      case "/v3/vault/payment-tokens" -> exchange(said);
      default -> found(null);
    };
  }

  private Answer order(ObjectNode said) {
    JsonNode unit = said.path("purchase_units").path(0);
    boolean isPaid =
        captures.values().stream()
            .filter(each -> each.path("invoice_id").equals(unit.path("invoice_id")))
            .anyMatch(each -> each.path("status").asText().equals("COMPLETED"));
    if (isPaid) {
      return refused("DUPLICATE_INVOICE_ID");
    }
    String token = said.path("payment_source").path("paypal").path("vault_id").asText("");
    if (token.startsWith(DECLINED)) {
      return refused(token.substring(DECLINED.length()).toUpperCase(Locale.ROOT));
    }
    String id = "ORDER%012d".formatted(++number);
    boolean isPage = token.isEmpty() || token.equals(ACTION);
    ObjectNode order =
        PayPalObjects.order(id, unit, isPage ? "PAYER_ACTION_REQUIRED" : "COMPLETED");
    orders.put(id, order);
    if (!isPage) {
      captured(order, token.equals(BANK) ? "PENDING" : "COMPLETED");
    }
    return new Answer(201, Objects.requireNonNull(shownOrder(id), id));
  }

  private void captured(ObjectNode order, String status) {
    String id = "CAPTURE%010d".formatted(++number);
    ObjectNode capture = PayPalObjects.capture(id, order, status);
    captures.put(id, capture);
    events.add(PayPalObjects.event("WH-" + ++number, "PAYMENT.CAPTURE." + status, capture));
  }

  /** With its payments as they are now. */
  private @Nullable ObjectNode shownOrder(String id) {
    ObjectNode order = orders.get(id);
    return order == null
        ? null
        : PayPalObjects.withPayments(order, captures.values(), refunds.values());
  }

  private Answer capture(String id) {
    ObjectNode order = orders.get(id);
    if (order == null) {
      return found(null);
    }
    if (order.path("status").asText().equals("COMPLETED")) {
      return refused("ORDER_ALREADY_CAPTURED");
    }
    if (!order.path("status").asText().equals("APPROVED")) {
      return refused("ORDER_NOT_APPROVED");
    }
    order.put("status", "COMPLETED");
    captured(order, "COMPLETED");
    return new Answer(201, Objects.requireNonNull(shownOrder(id), id));
  }

  private Answer refund(String capture, ObjectNode said) {
    ObjectNode paid = captures.get(capture);
    if (paid == null) {
      return found(null);
    }
    BigDecimal given =
        refunds.values().stream()
            .filter(each -> PayPalObjects.isOf(each, capture))
            .map(PayPalObjects::value)
            .reduce(PayPalObjects.value(said), BigDecimal::add);
    if (given.compareTo(PayPalObjects.value(paid)) > 0) {
      return refused("REFUND_AMOUNT_EXCEEDED");
    }
    ObjectNode made =
        PayPalObjects.refund(refundId(), capture, said, said.path("custom_id").asText());
    refunds.put(made.path("id").asText(), made);
    return new Answer(201, made.deepCopy());
  }

  private String refundId() {
    return "REFUND%011d".formatted(++number);
  }

  private Answer setup() {
    String id = "SETUP%012d".formatted(++number);
    ObjectNode made = PayPalObjects.setup(id);
    setups.put(id, made);
    return new Answer(201, made.deepCopy());
  }

  private Answer exchange(ObjectNode said) {
    String id = said.path("payment_source").path("token").path("id").asText();
    ObjectNode setup = setups.get(id);
    if (setup == null || !setup.path("status").asText().equals("APPROVED")) {
      return refused("TOKEN_NOT_APPROVED");
    }
    setup.put("status", "VAULTED");
    return new Answer(201, PayPalObjects.paymentToken(OK));
  }

  private static Answer refused(String issue) {
    return new Answer(UNPROCESSABLE, PayPalObjects.error("UNPROCESSABLE_ENTITY", issue));
  }

  private static Answer found(@Nullable ObjectNode object) {
    return object == null
        ? new Answer(NOT_FOUND, PayPalObjects.error("RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID"))
        : new Answer(200, object.deepCopy());
  }
}
