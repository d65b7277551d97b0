package io.billingsdk.server.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Objects of PayPal, as its documents describe them. */
final class PayPalObjects {
  private static final String API = "https://api-m.sandbox.paypal.com";
  private static final String TIME = "2026-12-01T10:00:00Z";

  private PayPalObjects() {}

  private static ObjectNode object() {
    return FakeProvider.JSON.createObjectNode();
  }

  private static void link(ObjectNode of, String rel, String href, String method) {
    ArrayNode links =
        of.path("links").isArray() ? (ArrayNode) of.path("links") : of.putArray("links");
    links.addObject().put("href", href).put("rel", rel).put("method", method);
  }

  static ObjectNode token() {
    return object()
        .put("access_token", "A21_of_the_fake")
        .put("token_type", "Bearer")
        .put("expires_in", 32_400);
  }

  static ObjectNode error(String name, @Nullable String issue) {
    ObjectNode made = object();
    String message =
        switch (name) {
          case "AUTHENTICATION_FAILURE" ->
              "Authentication failed due to missing authorization header, or invalid"
                  + " authentication credentials.";
          case "UNPROCESSABLE_ENTITY" ->
              "The requested action could not be performed, semantically incorrect, or failed"
                  + " business validation.";
          case "RESOURCE_NOT_FOUND" -> "The specified resource does not exist.";
          default -> "An internal server error occurred.";
        };
    made.put("name", name).put("message", message).put("debug_id", "b1d1f06c7246c");
    if (issue != null) {
      made.putArray("details").addObject().put("issue", issue).put("description", described(issue));
    }
    link(made, "information_link", "https://developer.paypal.com/docs/api/orders/v2/", "GET");
    return made;
  }

  /** In the words of the documents, which allow no others. */
  private static String described(String issue) {
    return switch (issue) {
      case "INVALID_RESOURCE_ID" ->
          "Specified resource ID does not exist. Please check the resource ID and try again.";
      case "DUPLICATE_INVOICE_ID" ->
          "Duplicate Invoice ID detected. To avoid a potential duplicate transaction your account"
              + " setting requires that Invoice Id be unique for each transaction.";
      case "INSTRUMENT_DECLINED" ->
          "The instrument presented  was either declined by the processor or bank, or it can't be"
              + " used for this payment.";
      case "PAYER_CANNOT_PAY" ->
          "Combination of payer and payee settings mean that this buyer cannot pay this seller.";
      case "ORDER_NOT_APPROVED" ->
          "Payer has not yet approved the Order for payment. Please redirect the payer to the"
              + " 'rel':'approve' url returned as part of the HATEOAS links within the Create"
              + " Order call or provide a valid `payment_source` in the request.";
      case "ORDER_ALREADY_CAPTURED" ->
          "Order already captured.If 'intent=CAPTURE' only one capture per order is allowed.";
      case "REFUND_AMOUNT_EXCEEDED" ->
          "The refund amount must be less than or equal to the capture amount that has not yet"
              + " been refunded.";
      default -> "as it says";
    };
  }

  static ObjectNode order(String id, JsonNode unit, String status) {
    ObjectNode made = object().put("id", id).put("intent", "CAPTURE").put("status", status);
    made.put("create_time", TIME);
    ObjectNode shown = unit.deepCopy();
    shown.put("reference_id", "default");
    made.putArray("purchase_units").add(shown);
    link(made, "self", API + "/v2/checkout/orders/" + id, "GET");
    if (status.equals("PAYER_ACTION_REQUIRED")) {
      link(made, "payer-action", "https://www.sandbox.paypal.com/checkoutnow?token=" + id, "GET");
    }
    return made;
  }

  static ObjectNode capture(String id, JsonNode order, String status) {
    JsonNode unit = order.path("purchase_units").path(0);
    ObjectNode made = object().put("id", id).put("status", status);
    made.set("amount", unit.path("amount").deepCopy());
    made.put("invoice_id", unit.path("invoice_id").asText());
    made.put("custom_id", unit.path("custom_id").asText()).put("final_capture", true);
    made.put("create_time", TIME).put("update_time", TIME);
    if (status.equals("PENDING")) {
      made.putObject("status_details").put("reason", "ECHECK");
    } else {
      fee(made, unit.path("amount"));
    }
    made.putObject("supplementary_data")
        .putObject("related_ids")
        .put("order_id", order.path("id").asText());
    link(made, "self", API + "/v2/payments/captures/" + id, "GET");
    link(made, "up", API + "/v2/checkout/orders/" + order.path("id").asText(), "GET");
    return made;
  }

  private static void fee(ObjectNode capture, JsonNode amount) {
    String currency = amount.path("currency_code").asText();
    ObjectNode all = capture.putObject("seller_receivable_breakdown");
    all.set("gross_amount", amount.deepCopy());
    all.putObject("paypal_fee").put("currency_code", currency).put("value", "3.98");
    BigDecimal net = new BigDecimal(amount.path("value").asText()).subtract(new BigDecimal("3.98"));
    all.putObject("net_amount").put("currency_code", currency).put("value", net.toPlainString());
  }

  static ObjectNode withPayments(
      ObjectNode order, Collection<ObjectNode> captures, Collection<ObjectNode> refunds) {
    ObjectNode shown = order.deepCopy();
    ObjectNode unit = (ObjectNode) shown.path("purchase_units").path(0);
    List<ObjectNode> own =
        captures.stream()
            .filter(
                each ->
                    each.path("supplementary_data")
                        .path("related_ids")
                        .path("order_id")
                        .equals(order.path("id")))
            .toList();
    if (own.isEmpty()) {
      return shown;
    }
    ObjectNode payments = unit.putObject("payments");
    ArrayNode paid = payments.putArray("captures");
    own.forEach(each -> paid.add(each.deepCopy()));
    ArrayNode given = payments.putArray("refunds");
    for (ObjectNode each : own) {
      refunds.stream()
          .filter(refund -> isOf(refund, each.path("id").asText()))
          .forEach(refund -> given.add(refund.deepCopy()));
    }
    return shown;
  }

  static ObjectNode refund(String id, String capture, JsonNode said, @Nullable String custom) {
    ObjectNode made = object().put("id", id).put("status", "COMPLETED");
    made.set("amount", said.path("amount").deepCopy());
    if (custom != null) {
      made.put("custom_id", custom);
    }
    made.put("create_time", TIME).put("update_time", TIME);
    link(made, "self", API + "/v2/payments/refunds/" + id, "GET");
    link(made, "up", API + "/v2/payments/captures/" + capture, "GET");
    return made;
  }

  static boolean isOf(JsonNode refund, String capture) {
    return PayPalReader.link(refund, "up").orElse("").endsWith("/" + capture);
  }

  static BigDecimal value(JsonNode object) {
    return new BigDecimal(object.path("amount").path("value").asText());
  }

  static ObjectNode setup(String id) {
    ObjectNode made = object().put("id", id).put("status", "PAYER_ACTION_REQUIRED");
    made.putObject("customer").put("id", "customer_4029352050");
    made.putObject("payment_source").putObject("paypal").put("usage_type", "MERCHANT");
    link(made, "approve", "https://www.sandbox.paypal.com/agreements/approve?t=" + id, "GET");
    link(made, "self", API + "/v3/vault/setup-tokens/" + id, "GET");
    return made;
  }

  static ObjectNode paymentToken(String id) {
    ObjectNode made = object().put("id", id);
    made.putObject("customer").put("id", "customer_4029352050");
    made.putObject("payment_source").putObject("paypal").put("usage_type", "MERCHANT");
    link(made, "self", API + "/v3/vault/payment-tokens/" + id, "GET");
    return made;
  }

  static ObjectNode event(String id, String type, JsonNode resource) {
    ObjectNode made = object().put("id", id).put("create_time", TIME);
    made.put("resource_type", type.contains("CAPTURE.RE") ? "refund" : "capture");
    made.put("event_version", "1.0").put("resource_version", "2.0");
    made.put("event_type", type).put("summary", "as it says");
    made.set("resource", resource.deepCopy());
    return made;
  }

  /** A page of two, so that there are several pages. */
  static ObjectNode events(List<ObjectNode> all, JsonNode query) {
    int from = Integer.parseInt(query.path("from").asText("0"));
    int to = Math.min(all.size(), from + 2);
    ObjectNode made = object().put("count", Math.max(0, to - from));
    ArrayNode shown = made.putArray("events");
    all.subList(Math.min(from, to), to).forEach(each -> shown.add(each.deepCopy()));
    if (to < all.size()) {
      link(made, "next", API + "/v1/notifications/webhooks-events?from=" + to, "GET");
    }
    return made;
  }
}
