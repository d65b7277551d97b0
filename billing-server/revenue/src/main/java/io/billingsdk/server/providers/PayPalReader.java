package io.billingsdk.server.providers;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Money;
import io.billingsdk.server.providers.ProviderHttp.HttpAnswer;
import io.billingsdk.server.providers.RefundAnswer.RefundState;
import io.billingsdk.server.providers.RefundAnswer.SeenRefund;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads what PayPal says. */
final class PayPalReader {
  static final String CAPTURED = "ORDER_ALREADY_CAPTURED";

  /** That this payment was made before, under a key that PayPal has forgotten. */
  static final String DUPLICATE = "DUPLICATE_INVOICE_ID";

  /** What the request says is under way, or was done by another one: not known which. */
  private static final Set<String> DONE_BEFORE =
      Set.of(CAPTURED, DUPLICATE, "DUPLICATE_REQUEST_ID", "PREVIOUS_REQUEST_IN_PROGRESS");

  private static final Pattern OURS = Pattern.compile("(int_[0-9a-f]{32})-([0-9]{1,6})");
  private static final Pattern OUR_REFUND = Pattern.compile("rfd_[0-9a-f]{32}");
  private static final int CONFLICT = 409;
  private static final int TOO_MANY = 429;
  private static final int SERVER = 500;
  private static final int SHOWN = 200;

  private PayPalReader() {}

  /** What an answer says of an order. */
  static ProviderAnswer order(HttpAnswer answer) {
    JsonNode body = answer.body();
    if (!answer.isOk()) {
      return failed(answer);
    }
    JsonNode unit = body.path("purchase_units").path(0);
    Optional<ProviderPayment> captured =
        captures(unit).stream().max(Comparator.comparing(ProviderPayment::state));
    if (captured.isPresent()) {
      return new ProviderAnswer.Known(captured.get());
    }
    if (!unit.path("amount").has("value")) {
      return new ProviderAnswer.Lost("PayPal answered without the amount of the order");
    }
    return switch (body.path("status").asText()) {
      case "APPROVED" -> new ProviderAnswer.Approved(waiting(body, unit));
      case "CREATED", "SAVED", "PAYER_ACTION_REQUIRED" ->
          new ProviderAnswer.Known(waiting(body, unit));
      case "VOIDED" ->
          new ProviderAnswer.Known(
              payment(body, unit, ChargeState.FAILED, /* code= */ "voided", null));
      default -> new ProviderAnswer.Lost("PayPal shows an order without its payment");
    };
  }

  private static List<ProviderPayment> captures(JsonNode unit) {
    List<ProviderPayment> found = new ArrayList<>();
    for (JsonNode each : unit.path("payments").path("captures")) {
      found.add(capture(each, unit.path("custom_id").asText("")));
    }
    return found;
  }

  private static ProviderPayment waiting(JsonNode order, JsonNode unit) {
    String url = link(order, "payer-action").or(() -> link(order, "approve")).orElse("");
    return payment(order, unit, ChargeState.REQUIRES_ACTION, null, url.isEmpty() ? null : url);
  }

  private static ProviderPayment payment(
      JsonNode object,
      JsonNode unit,
      ChargeState state,
      @Nullable String code,
      @Nullable String url) {
    String custom = unit.path("custom_id").asText("");
    return new ProviderPayment(
        object.path("id").asText(),
        intent(custom),
        attempt(custom),
        state,
        money(unit.path("amount")),
        null,
        code,
        url);
  }

  /** What an answer says of a capture, which is the payment itself. */
  static ProviderAnswer capture(HttpAnswer answer) {
    return answer.isOk() && answer.body().has("amount")
        ? new ProviderAnswer.Known(capture(answer.body(), ""))
        : failed(answer);
  }

  /** A capture; the order has our name of it where the capture has not. */
  static ProviderPayment capture(JsonNode capture, String ofOrder) {
    String custom = capture.path("custom_id").asText(ofOrder);
    Money amount = money(capture.path("amount"));
    ChargeState state =
        switch (capture.path("status").asText()) {
          // Refunds are booked on their own.
          case "COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED" -> ChargeState.SUCCEEDED;
          case "DECLINED", "FAILED" -> ChargeState.FAILED;
          default -> ChargeState.PROCESSING;
        };
    JsonNode fee = capture.path("seller_receivable_breakdown").path("paypal_fee");
    boolean hasFee = fee.path("currency_code").asText().equals(amount.currency());
    return new ProviderPayment(
        capture.path("id").asText(),
        intent(custom),
        attempt(custom),
        state,
        amount,
        hasFee ? money(fee) : null,
        state == ChargeState.FAILED ? declined(capture) : null,
        null);
  }

  private static String declined(JsonNode capture) {
    String code = capture.path("processor_response").path("response_code").asText("");
    return code.isEmpty() ? capture.path("status_details").path("reason").asText("declined") : code;
  }

  /** The answer of a call that has not done what it was sent for. */
  static ProviderAnswer failed(HttpAnswer answer) {
    if (answer.isDenied()) {
      return new ProviderAnswer.Denied(denied(answer));
    }
    return isLost(answer)
        ? new ProviderAnswer.Lost(shown(answer))
        : new ProviderAnswer.Rejected(issue(answer.body()), shown(answer));
  }

  /** A wrong key of ours is no decline: the same request is sent again once it is right. */
  static String denied(HttpAnswer answer) {
    return shown(answer)
        + "; give the server a client id and a secret of PayPal that are valid and may do this";
  }

  private static boolean isLost(HttpAnswer answer) {
    return answer.isOk()
        || answer.status() == CONFLICT
        || answer.status() == TOO_MANY
        || answer.status() >= SERVER
        || answer.body().isMissingNode()
        || DONE_BEFORE.contains(issue(answer.body()));
  }

  /** The finest name that PayPal gives to an error. */
  static String issue(JsonNode body) {
    String fine = body.path("details").path(0).path("issue").asText("");
    String issue = fine.isEmpty() ? body.path("name").asText("error") : fine;
    return issue.substring(0, Math.min(SHOWN, issue.length()));
  }

  private static String shown(HttpAnswer answer) {
    return ("PayPal answered " + answer.status() + " " + issue(answer.body())).strip();
  }

  static RefundAnswer refundAnswer(HttpAnswer answer) {
    if (answer.isOk() && answer.body().has("amount")) {
      return new RefundAnswer.Known(refund(answer.body()));
    }
    if (answer.isDenied()) {
      return new RefundAnswer.Denied(denied(answer));
    }
    return isLost(answer)
        ? new RefundAnswer.Lost(shown(answer))
        : new RefundAnswer.Rejected(issue(answer.body()), shown(answer));
  }

  static SeenRefund refund(JsonNode refund) {
    String ours = refund.path("custom_id").asText("");
    RefundState state =
        switch (refund.path("status").asText()) {
          case "FAILED", "CANCELLED" -> RefundState.FAILED;
          // PayPal has taken it on, and says when it fails.
          default -> RefundState.SUCCEEDED;
        };
    String reason = refund.path("status_details").path("reason").asText("");
    return new SeenRefund(
        refund.path("id").asText(),
        link(refund, "up").map(PayPalReader::last).orElse(""),
        OUR_REFUND.matcher(ours).matches() ? ours : null,
        money(refund.path("amount")),
        state,
        state == RefundState.FAILED && !reason.isEmpty() ? reason : null);
  }

  static Optional<String> link(JsonNode object, String rel) {
    return StreamSupport.stream(object.path("links").spliterator(), /* parallel= */ false)
        .filter(each -> each.path("rel").asText().equals(rel))
        .map(each -> each.path("href").asText())
        .findFirst();
  }

  private static String last(String href) {
    return href.substring(href.lastIndexOf('/') + 1);
  }

  static boolean isOurs(JsonNode capture) {
    return OURS.matcher(capture.path("custom_id").asText("")).matches();
  }

  private static @Nullable String intent(String custom) {
    Matcher ours = OURS.matcher(custom);
    return ours.matches() ? ours.group(1) : null;
  }

  private static int attempt(String custom) {
    Matcher ours = OURS.matcher(custom);
    return ours.matches() ? Integer.parseInt(ours.group(2)) : 0;
  }

  private static Money money(JsonNode amount) {
    return MinorUnits.ofText(amount.path("currency_code").asText(), amount.path("value").asText());
  }
}
