package io.billingsdk.server.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Objects as Stripe shows them, with each field that its document asks for. */
final class StripeObjects {
  static final long CREATED = 1_760_000_000L;

  private static final ObjectMapper JSON = new ObjectMapper();

  private StripeObjects() {}

  static ObjectNode intent(String id, JsonNode form, String status) {
    ObjectNode made = JSON.createObjectNode();
    long amount = form.path("amount").asLong();
    made.put("id", id).put("object", "payment_intent").put("amount", amount);
    made.put("amount_received", status.equals("succeeded") ? amount : 0);
    made.put("capture_method", "automatic").put("confirmation_method", "automatic");
    made.put("created", CREATED).put("currency", form.path("currency").asText());
    made.put("customer", form.path("customer").asText()).put("livemode", false);
    made.set("metadata", form.path("metadata").deepCopy());
    made.set("payment_method_types", JSON.createArrayNode().add("card"));
    made.put("status", status);
    return made;
  }

  static ObjectNode charge(String id, JsonNode intent) {
    ObjectNode made = JSON.createObjectNode();
    long amount = intent.path("amount").asLong();
    made.put("id", id).put("object", "charge").put("amount", amount);
    made.put("amount_captured", amount).put("amount_refunded", 0);
    made.set("billing_details", JSON.createObjectNode());
    made.put("captured", true).put("created", CREATED);
    made.put("currency", intent.path("currency").asText()).put("disputed", false);
    made.put("livemode", false).put("paid", true).put("refunded", false);
    made.put("status", "succeeded");
    made.set("metadata", JSON.createObjectNode());
    ObjectNode balance = JSON.createObjectNode();
    balance.put("id", "txn_" + id).put("object", "balance_transaction");
    balance.put("amount", amount).put("available_on", CREATED).put("created", CREATED);
    balance.put("currency", intent.path("currency").asText());
    long fee = Math.min(amount, 30 + amount * 29 / 1_000);
    balance.put("fee", fee).put("net", amount - fee);
    balance.set("fee_details", JSON.createArrayNode());
    balance.put("reporting_category", "charge").put("status", "available").put("type", "charge");
    made.set("balance_transaction", balance);
    return made;
  }

  static ObjectNode error(String type, String code, @Nullable String declined, String message) {
    ObjectNode error = JSON.createObjectNode();
    error.put("type", type).put("code", code).put("message", message);
    if (declined != null) {
      error.put("decline_code", declined);
    }
    ObjectNode made = JSON.createObjectNode();
    made.set("error", error);
    return made;
  }

  static ObjectNode refund(String id, JsonNode form, JsonNode intent, String status) {
    ObjectNode made = JSON.createObjectNode();
    made.put("id", id).put("object", "refund").put("amount", form.path("amount").asLong());
    made.put("created", CREATED).put("currency", intent.path("currency").asText());
    made.set("metadata", form.path("metadata").deepCopy());
    made.put("payment_intent", intent.path("id").asText());
    made.put("reason", "requested_by_customer").put("status", status);
    return made;
  }

  static ObjectNode customer(String id, JsonNode form) {
    ObjectNode made = JSON.createObjectNode();
    made.put("id", id).put("object", "customer").put("created", CREATED).put("livemode", false);
    made.put("name", form.path("name").asText());
    made.set("metadata", form.path("metadata").deepCopy());
    return made;
  }

  static ObjectNode method(String id) {
    ObjectNode made = JSON.createObjectNode();
    ObjectNode address = JSON.createObjectNode();
    for (String each : new String[] {"city", "country", "line1", "line2", "postal_code", "state"}) {
      address.putNull(each);
    }
    ObjectNode details = JSON.createObjectNode();
    details.set("address", address);
    details.putNull("email").putNull("name").putNull("phone").putNull("tax_id");
    made.put("id", id).put("object", "payment_method").put("created", CREATED);
    made.set("billing_details", details);
    made.put("livemode", false).put("type", "card");
    ObjectNode card = JSON.createObjectNode();
    card.put("brand", "visa").put("last4", "4242").put("exp_month", 11).put("exp_year", 2031);
    card.put("funding", "credit").putNull("checks").putNull("country").putNull("fingerprint");
    card.putNull("generated_from").putNull("networks").putNull("three_d_secure_usage");
    card.putNull("wallet").putNull("display_brand").putNull("regulated_status");
    made.set("card", card);
    return made;
  }

  static ObjectNode session(String id, JsonNode form) {
    ObjectNode made = JSON.createObjectNode();
    ObjectNode tax = JSON.createObjectNode();
    tax.put("enabled", false).putNull("liability").putNull("provider").putNull("status");
    made.set("automatic_tax", tax);
    made.put("id", id).put("object", "checkout.session").put("created", CREATED);
    made.set("custom_fields", JSON.createArrayNode());
    ObjectNode text = JSON.createObjectNode();
    text.putNull("after_submit").putNull("shipping_address").putNull("submit");
    text.putNull("terms_of_service_acceptance");
    made.set("custom_text", text);
    made.put("expires_at", CREATED + 86_400).put("livemode", false);
    made.put("mode", form.path("mode").asText());
    made.set("payment_method_types", JSON.createArrayNode().add("card"));
    made.put("payment_status", "unpaid");
    made.set("shipping_options", JSON.createArrayNode());
    made.put("success_url", form.path("success_url").asText());
    made.put("url", "https://checkout.stripe.example/" + id);
    return made;
  }

  static ObjectNode list(String url, Iterable<? extends JsonNode> items) {
    ObjectNode made = JSON.createObjectNode();
    ArrayNode data = JSON.createArrayNode();
    items.forEach(data::add);
    made.put("object", "list").put("url", url).put("has_more", false);
    made.set("data", data);
    return made;
  }

  /** A copy without the balances that were not asked for by {@code expand}. */
  static ObjectNode folded(ObjectNode answer, JsonNode form) {
    ObjectNode copy = answer.deepCopy();
    String asked = form.path("expand").toString();
    for (JsonNode each : copy.path("data")) {
      if (!asked.contains("\"data.latest_charge.balance_transaction\"")) {
        fold((ObjectNode) each);
      }
    }
    if (!asked.contains("\"latest_charge.balance_transaction\"")) {
      fold(copy);
    }
    return copy;
  }

  private static void fold(ObjectNode object) {
    if (object.path("latest_charge").isObject()) {
      object.put("latest_charge", object.path("latest_charge").path("id").asText());
    }
  }

  /** An event about an object. */
  static ObjectNode event(String id, String type, JsonNode object) {
    ObjectNode made = JSON.createObjectNode();
    made.put("id", id).put("object", "event").put("type", type).put("created", CREATED);
    made.put("livemode", false).put("pending_webhooks", 1);
    ObjectNode data = JSON.createObjectNode();
    data.set("object", object.deepCopy());
    made.set("data", data);
    return made;
  }

  static ObjectNode dispute(String id, JsonNode intent, long amount, String reason) {
    ObjectNode made = JSON.createObjectNode();
    made.put("id", id).put("object", "dispute").put("amount", amount);
    made.set("balance_transactions", JSON.createArrayNode());
    made.put("charge", "ch_1").put("created", CREATED);
    made.put("currency", intent.path("currency").asText());
    made.put("payment_intent", intent.path("id").asText());
    made.put("reason", reason).put("status", "needs_response").put("livemode", false);
    made.put("is_charge_refundable", false);
    made.set("metadata", JSON.createObjectNode());
    made.set("evidence", JSON.createObjectNode());
    ObjectNode details = JSON.createObjectNode();
    details.putNull("due_by").put("has_evidence", false).put("past_due", false);
    details.put("submission_count", 0);
    made.set("evidence_details", details);
    return made;
  }
}
