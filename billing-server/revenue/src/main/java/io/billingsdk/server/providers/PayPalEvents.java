package io.billingsdk.server.providers;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.providers.ProviderEvent.EventMatter;
import io.billingsdk.server.providers.ProviderEvent.OfNothing;
import io.billingsdk.server.providers.ProviderEvent.OfPayment;
import io.billingsdk.server.providers.ProviderEvent.OfRefund;
import io.billingsdk.server.providers.ProviderEvent.OfReversal;
import io.billingsdk.server.providers.ProviderEvent.Strange;
import java.io.IOException;

/**
 * Reads webhooks of PayPal. The signature covers a CRC32 of the body, by which a forger could keep
 * it right: so an event only says which object to ask PayPal for.
 */
final class PayPalEvents {
  private static final int SHOWN = 200;

  private PayPalEvents() {}

  static ProviderEvent event(byte[] body) {
    JsonNode event;
    try {
      event = Json.exactTree(body);
    } catch (IOException malformed) {
      throw new ForgedEventException("it is signed, but no JSON");
    }
    String id = event.path("id").asText("");
    String type = event.path("event_type").asText("");
    if (id.isEmpty() || id.length() > SHOWN || type.isEmpty() || type.length() > SHOWN) {
      throw new ForgedEventException("it is signed, but has no id and no event_type");
    }
    return new ProviderEvent(id, type, matter(type, event.path("resource")));
  }

  private static EventMatter matter(String type, JsonNode resource) {
    String id = resource.path("id").asText("");
    return switch (type) {
      case "PAYMENT.CAPTURE.COMPLETED",
          "PAYMENT.CAPTURE.PENDING",
          "PAYMENT.CAPTURE.DENIED",
          "PAYMENT.CAPTURE.DECLINED",
          "CHECKOUT.ORDER.APPROVED",
          "CHECKOUT.ORDER.VOIDED" ->
          new OfPayment(id);
      case "PAYMENT.CAPTURE.REFUNDED", "PAYMENT.REFUND.FAILED", "PAYMENT.REFUND.PENDING" ->
          new OfRefund(id);
      case "PAYMENT.CAPTURE.REVERSED" -> new OfReversal(id);
      case "CUSTOMER.DISPUTE.RESOLVED" ->
          new Strange(
              resource.path("dispute_id").asText(id),
              "a dispute is resolved; look at PayPal whether money came back, and record it");
      case "CHECKOUT.ORDER.COMPLETED",
          "CHECKOUT.ORDER.SAVED",
          "CHECKOUT.ORDER.PROCESSED",
          "CHECKOUT.PAYMENT-APPROVAL.REVERSED",
          "CUSTOMER.DISPUTE.CREATED",
          "CUSTOMER.DISPUTE.UPDATED",
          "VAULT.PAYMENT-TOKEN.CREATED",
          "VAULT.PAYMENT-TOKEN.DELETED",
          "VAULT.PAYMENT-TOKEN.DELETION-INITIATED" ->
          new OfNothing(id);
      default -> new Strange(id, "this server knows no event " + type);
    };
  }
}
