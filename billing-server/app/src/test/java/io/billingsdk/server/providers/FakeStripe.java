package io.billingsdk.server.providers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stripe, as far as we use it. Tokens say how a charge ends. Thread-safe. */
public final class FakeStripe extends FakeProvider {
  private static final int DECLINED = 402;

  private final Map<String, ObjectNode> intents = new LinkedHashMap<>();
  private final Map<String, ObjectNode> refunds = new LinkedHashMap<>();
  private volatile boolean pagesAway;
  private int number;

  /** In a process of its own. */
  public static void main(String[] arguments) throws InterruptedException {
    serve(new FakeStripe());
  }

  /** Whether it opens no pages. */
  void pagesAway(boolean isAway) {
    pagesAway = isAway;
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

  @Override
  String keyHeader() {
    return "Idempotency-Key";
  }

  @Override
  boolean isMoney(String path) {
    return path.equals("/v1/payment_intents") || path.equals("/v1/refunds");
  }

  @Override
  ObjectNode parsed(String method, String query, String body) {
    return FormTree.of(method.equals("POST") ? body : query);
  }

  @Override
  ObjectNode shown(ObjectNode answer, ObjectNode form) {
    return StripeObjects.folded(answer, form);
  }

  @Override
  Answer error(int status) {
    String type = status == 401 ? "invalid_request_error" : "api_error";
    return new Answer(status, StripeObjects.error(type, "error_" + status, null, "try again"));
  }

  @Override
  Answer conflict() {
    return new Answer(
        400,
        StripeObjects.error(
            "idempotency_error", "idempotency_key_in_use", null, "another request"));
  }

  @Override
  ObjectNode books() {
    ObjectNode said = JSON.createObjectNode();
    ArrayNode payments = said.putArray("payments");
    for (ObjectNode each : intents.values()) {
      payments
          .addObject()
          .put("intent", each.path("metadata").path("intent").asText())
          .put("paid", each.path("status").asText().equals("succeeded"));
    }
    ArrayNode given = said.putArray("refunds");
    for (ObjectNode each : refunds.values()) {
      given
          .addObject()
          .put("ours", each.path("metadata").path("refund").asText())
          .put("paid", each.path("status").asText().equals("succeeded"));
    }
    return said;
  }

  @Override
  Answer done(String method, String path, ObjectNode form) {
    if (pagesAway && path.startsWith("/v1/checkout/")) {
      return error(503);
    }
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
}
