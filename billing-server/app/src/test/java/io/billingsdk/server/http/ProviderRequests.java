package io.billingsdk.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.billingsdk.server.payments.BookedInvoice;
import io.billingsdk.server.providers.ProviderSettings;
import io.billingsdk.server.providers.ProviderSettings.PayPalAccount;
import io.billingsdk.server.providers.ProviderSettings.StripeAccount;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Requests of charges that succeed, by the sandbox, over the rows that they need. */
final class ProviderRequests {
  /** Of the endpoint at Stripe, which is never called. */
  static final String SECRET = "whsec_of_the_tests";

  /** The sandbox, and webhooks of Stripe. */
  static final ProviderSettings SETTINGS =
      new ProviderSettings(
          /* sandbox= */ true,
          new StripeAccount(
              URI.create("http://127.0.0.1:1"), "sk_test_of_the_tests", List.of(SECRET)),
          new PayPalAccount(
              URI.create("http://127.0.0.1:1"), "id_of_the_tests", "secret_of_the_tests", "WH1"),
          URI.create("https://billing.example.com"));

  private static final String BASE = "/api/v1";
  private static final String OK = "{\"provider\":\"sandbox\",\"token\":\"sandbox_ok\"}";
  private static final String PAGE = "{\"provider\":\"sandbox\"}";
  private static final String TOP_UP =
      "{\"customerId\":\"customer\",\"currency\":\"USD\",\"amount\":\"5\"}";

  private final HttpTestbed http;
  private int number;

  ProviderRequests(HttpTestbed http) {
    this.http = http;
  }

  /** Of a webhook that Stripe would have sent now. */
  static String signature(String body) {
    String time = Long.toString(Instant.now().getEpochSecond());
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
      byte[] hash = mac.doFinal((time + "." + body).getBytes(UTF_8));
      return "t=" + time + ",v1=" + HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** The path with something new for those that change it. */
  String path(String path) {
    String made = path;
    if (path.contains("{methodId}")) {
      made = path.replace("{methodId}", method());
    } else if (path.contains("{pageId}")) {
      made =
          path.replace(
              "{pageId}", text(BASE + "/customers/customer/payment-pages", PAGE, "pageId"));
    } else if (path.contains("{chargeId}")) {
      made = path.replace("{chargeId}", charge("chargeId"));
    } else if (path.contains("{refundId}")) {
      made = path.replace("{refundId}", text(BASE + "/refunds", refund(), "refundId"));
    } else if (path.contains("/parked-events/{position}")) {
      made = path.replace("{position}", parked());
    }
    return made.replace("{customerId}", "customer").replace("{provider}", "stripe");
  }

  private String method() {
    return text(BASE + "/customers/customer/payment-methods", OK, "methodId");
  }

  private String charge(String field) {
    String unused = method();
    return text(BASE + "/top-ups", TOP_UP, field);
  }

  private String refund() {
    String charge = charge("chargeId");
    String payment = http.get(BASE + "/charges/" + charge).json().path("paymentId").asText();
    return "{\"paymentId\":\"%s\",\"currency\":\"USD\",\"amount\":1,\"reason\":\"r\"}"
        .formatted(payment);
  }

  private String invoice() {
    String unused = method();
    String invoice = "charged-%06d".formatted(++number);
    BookedInvoice.invoice(http.database(), "customer", invoice, "7.50");
    return invoice;
  }

  /** One of a kind that nobody knows. */
  private String parked() {
    String body =
        "{\"id\":\"evt_%s\",\"type\":\"new.kind\",\"data\":{\"object\":{}}}"
            .formatted(UUID.randomUUID());
    var unused =
        http.send(
            "POST",
            BASE + "/provider-events/stripe",
            null,
            body,
            "Stripe-Signature",
            signature(body));
    var items = http.get(BASE + "/parked-events?limit=1000").json().path("items");
    return items.path(items.size() - 1).path("position").asText();
  }

  private String text(String path, String body, String field) {
    return http.send("POST", path, body).json().path(field).asText();
  }

  /** Null for other operations and those without a body. */
  @Nullable String body(String operation) {
    return switch (operation) {
      case "chargeInvoice" -> "{\"number\":\"%s\"}".formatted(invoice());
      case "topUp" -> {
        String unused = method();
        yield TOP_UP;
      }
      case "createRefund" -> refund();
      case "savePaymentMethod" -> OK;
      case "openPaymentPage" -> PAGE;
      case "takeProviderEvent" ->
          "{\"id\":\"evt_%d\",\"type\":\"charge.updated\",\"data\":{\"object\":{}}}"
              .formatted(++number);
      case "dismissParkedEvent" -> "{\"reason\":\"r\"}";
      default -> null;
    };
  }
}
