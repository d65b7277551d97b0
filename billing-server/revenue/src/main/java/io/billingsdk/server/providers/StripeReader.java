package io.billingsdk.server.providers;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Money;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.providers.ProviderEvent.EventMatter;
import io.billingsdk.server.providers.ProviderEvent.OfDispute;
import io.billingsdk.server.providers.ProviderEvent.OfMethod;
import io.billingsdk.server.providers.ProviderEvent.OfNothing;
import io.billingsdk.server.providers.ProviderEvent.OfPayment;
import io.billingsdk.server.providers.ProviderEvent.OfRefund;
import io.billingsdk.server.providers.ProviderEvent.Strange;
import io.billingsdk.server.providers.ProviderHttp.HttpAnswer;
import io.billingsdk.server.providers.RefundAnswer.RefundState;
import io.billingsdk.server.providers.RefundAnswer.SeenRefund;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what Stripe says. */
final class StripeReader {
  private static final String AUTHENTICATION = "authentication_required";
  private static final int CONFLICT = 409;
  private static final int TOO_MANY = 429;
  private static final int SERVER = 500;
  private static final int SHOWN = 200;

  /** Reasons of disputes that are debits which the bank did not honour. */
  private static final Set<String> RETURNS =
      Set.of(
          "bank_cannot_process",
          "debit_not_authorized",
          "incorrect_account_details",
          "insufficient_funds");

  private StripeReader() {}

  static String currency(Money amount) {
    return amount.currency().toLowerCase(Locale.ROOT);
  }

  static ProviderAnswer answer(HttpAnswer answer) {
    JsonNode body = answer.body();
    if (answer.isOk() && body.path("object").asText().equals("payment_intent")) {
      return new ProviderAnswer.Known(payment(body));
    }
    JsonNode error = body.path("error");
    JsonNode declined = error.path("payment_intent");
    if (declined.isObject()) {
      return new ProviderAnswer.Known(declined(declined, error));
    }
    if (answer.isDenied()) {
      return new ProviderAnswer.Denied(denied(answer));
    }
    if (isLost(answer)) {
      return new ProviderAnswer.Lost("Stripe answered " + answer.status() + " " + problem(body));
    }
    return new ProviderAnswer.Rejected(
        error.has("code") ? code(error) : error.path("type").asText("error"), problem(body));
  }

  /** A wrong key of ours is no decline: the same request is sent again once it is right. */
  static String denied(HttpAnswer answer) {
    String why = ("Stripe answered " + answer.status() + " " + problem(answer.body())).strip();
    return why + "; give the server a key of Stripe that is valid and may do this";
  }

  /** Whether the request may still have been done, or may be done when it comes again. */
  private static boolean isLost(HttpAnswer answer) {
    return answer.isOk()
        || answer.status() == CONFLICT
        || answer.status() == TOO_MANY
        || answer.status() >= SERVER
        // The key has done something before, which is not what this request says.
        || answer.body().path("error").path("type").asText().equals("idempotency_error")
        || answer.body().isMissingNode();
  }

  private static ProviderPayment declined(JsonNode intent, JsonNode error) {
    ProviderPayment seen = payment(intent);
    String code = code(error);
    if (code.equals(AUTHENTICATION)) {
      return with(seen, ChargeState.REQUIRES_ACTION, null);
    }
    return with(seen, ChargeState.FAILED, code);
  }

  private static ProviderPayment with(
      ProviderPayment seen, ChargeState state, @Nullable String code) {
    return new ProviderPayment(
        seen.reference(),
        seen.intent(),
        seen.attempt(),
        state,
        seen.amount(),
        null,
        code,
        seen.url());
  }

  private static String code(JsonNode error) {
    String declined = error.path("decline_code").asText("");
    return declined.isEmpty() || error.path("code").asText().equals(AUTHENTICATION)
        ? error.path("code").asText("declined")
        : declined;
  }

  static ProviderPayment payment(JsonNode intent) {
    String currency = intent.path("currency").asText().toUpperCase(Locale.ROOT);
    JsonNode metadata = intent.path("metadata");
    String ours = metadata.path(StripeProvider.INTENT).asText("");
    JsonNode error = intent.path("last_payment_error");
    ChargeState state = state(intent, error);
    BigInteger units =
        state == ChargeState.SUCCEEDED ? units(intent, "amount_received") : units(intent, "amount");
    String url = intent.path("next_action").path("redirect_to_url").path("url").asText("");
    return new ProviderPayment(
        intent.path("id").asText(),
        ours.isEmpty() ? null : ours,
        attempt(metadata.path(StripeProvider.ATTEMPT).asText("")),
        state,
        MinorUnits.ofUnits(currency, units),
        fee(intent, currency),
        state == ChargeState.FAILED ? failure(intent, error) : null,
        url.isEmpty() ? null : url);
  }

  private static BigInteger units(JsonNode intent, String field) {
    return intent.path(field).bigIntegerValue();
  }

  private static int attempt(String text) {
    return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
  }

  private static String failure(JsonNode intent, JsonNode error) {
    return error.isObject() ? code(error) : intent.path("status").asText();
  }

  private static ChargeState state(JsonNode intent, JsonNode error) {
    return switch (intent.path("status").asText()) {
      case "succeeded" -> ChargeState.SUCCEEDED;
      case "processing" -> ChargeState.PROCESSING;
      case "requires_action", "requires_confirmation", "requires_capture" ->
          ChargeState.REQUIRES_ACTION;
      case "canceled" -> ChargeState.FAILED;
      case "requires_payment_method" -> {
        if (error.isObject()) {
          yield code(error).equals(AUTHENTICATION)
              ? ChargeState.REQUIRES_ACTION
              : ChargeState.FAILED;
        }
        yield ChargeState.CREATED;
      }
      default -> ChargeState.CREATED;
    };
  }

  private static @Nullable Money fee(JsonNode intent, String currency) {
    JsonNode balance = intent.path("latest_charge").path("balance_transaction");
    if (!balance.isObject()
        || !balance.path("currency").asText().toUpperCase(Locale.ROOT).equals(currency)) {
      return null;
    }
    return MinorUnits.ofUnits(currency, balance.path("fee").bigIntegerValue());
  }

  static RefundAnswer refundAnswer(HttpAnswer answer) {
    JsonNode body = answer.body();
    if (answer.isOk() && body.path("object").asText().equals("refund")) {
      return new RefundAnswer.Known(refund(body));
    }
    if (answer.isDenied()) {
      return new RefundAnswer.Denied(denied(answer));
    }
    if (isLost(answer)) {
      return new RefundAnswer.Lost("Stripe answered " + answer.status() + " " + problem(body));
    }
    return new RefundAnswer.Rejected(
        body.path("error").path("code").asText("error"), problem(body));
  }

  static SeenRefund refund(JsonNode refund) {
    String currency = refund.path("currency").asText().toUpperCase(Locale.ROOT);
    String ours = refund.path("metadata").path(StripeProvider.REFUND).asText("");
    String problem = refund.path("failure_reason").asText("");
    RefundState state =
        switch (refund.path("status").asText()) {
          case "failed", "canceled" -> RefundState.FAILED;
          // The provider has taken it on, and says when it fails.
          default -> RefundState.SUCCEEDED;
        };
    return new SeenRefund(
        refund.path("id").asText(),
        refund.path("payment_intent").asText(""),
        ours.isEmpty() ? null : ours,
        MinorUnits.ofUnits(currency, refund.path("amount").bigIntegerValue()),
        state,
        problem.isEmpty() ? null : problem);
  }

  /** The type and code of an error, in the words of Stripe, which hold no secret of ours. */
  static String problem(JsonNode body) {
    JsonNode error = body.path("error");
    String said = error.path("type").asText("") + " " + error.path("code").asText("");
    String param = error.path("param").asText("");
    String whole = (said + (param.isEmpty() ? "" : " at " + param)).strip();
    return whole.substring(0, Math.min(SHOWN, whole.length()));
  }

  static ProviderEvent event(byte[] body) {
    JsonNode event;
    try {
      event = Json.exactTree(body);
    } catch (IOException malformed) {
      throw new ForgedEventException("it is signed, but no JSON");
    }
    String id = event.path("id").asText("");
    String type = event.path("type").asText("");
    if (id.isEmpty() || id.length() > SHOWN || type.isEmpty() || type.length() > SHOWN) {
      throw new ForgedEventException("it is signed, but has no id and no type");
    }
    return new ProviderEvent(id, type, matter(type, event.path("data").path("object")));
  }

  private static EventMatter matter(String type, JsonNode object) {
    String id = object.path("id").asText("");
    if (type.startsWith("payment_intent.")) {
      return new OfPayment(id);
    }
    if (object.path("object").asText().equals("refund")) {
      return new OfRefund(id);
    }
    return switch (type) {
      case "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated" ->
          dispute(type, object);
      case "setup_intent.succeeded" -> method(object);
      case "charge.dispute.created",
          "charge.dispute.updated",
          "charge.dispute.closed",
          "charge.succeeded",
          "charge.pending",
          "charge.failed",
          "charge.updated",
          "charge.refunded",
          "checkout.session.completed",
          "checkout.session.expired",
          "checkout.session.async_payment_succeeded",
          "checkout.session.async_payment_failed",
          "setup_intent.created",
          "setup_intent.requires_action",
          "setup_intent.setup_failed",
          "customer.created",
          "customer.updated",
          "payment_method.attached" ->
          new OfNothing(id);
      default -> new Strange(id, "this server knows no event " + type);
    };
  }

  private static EventMatter dispute(String type, JsonNode object) {
    String payment = object.path("payment_intent").asText("");
    String currency = object.path("currency").asText().toUpperCase(Locale.ROOT);
    return new OfDispute(
        object.path("id").asText(""),
        payment,
        MinorUnits.ofUnits(currency, object.path("amount").bigIntegerValue()),
        type.endsWith("reinstated"),
        RETURNS.contains(object.path("reason").asText("")));
  }

  private static EventMatter method(JsonNode object) {
    String customer = object.path("metadata").path(StripeProvider.CUSTOMER).asText("");
    String token = object.path("payment_method").asText("");
    String id = object.path("id").asText("");
    return customer.isEmpty() || token.isEmpty()
        ? new Strange(id, "the saved method names no customer of this server")
        : new OfMethod(id, customer, token);
  }
}
