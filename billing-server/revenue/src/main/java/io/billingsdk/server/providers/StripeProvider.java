package io.billingsdk.server.providers;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.providers.ProviderHttp.HttpAnswer;
import io.billingsdk.server.providers.ProviderSettings.StripeAccount;
import io.billingsdk.server.providers.RefundAnswer.SeenRefund;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Stripe: PaymentIntents, SetupIntents, Checkout, Refunds and Customers. Thread-safe. */
final class StripeProvider implements PaymentProvider {
  /** The version of the API whose answers are read. */
  static final String VERSION = "2024-06-20";

  static final String INTENT = "intent";
  static final String ATTEMPT = "attempt";
  static final String CUSTOMER = "customer";
  static final String REFUND = "refund";

  private static final String PAYMENTS = "/v1/payment_intents";
  private static final String EXPANDED = "expand[]=latest_charge.balance_transaction";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PAGE = 100;
  private static final int MOST_PAGES = 50;

  private final StripeAccount account;
  private final InstantSource clock;
  private final ProviderHttp http;

  StripeProvider(StripeAccount account, InstantSource clock) {
    this(account, clock, PATIENCE);
  }

  StripeProvider(StripeAccount account, InstantSource clock, Duration patience) {
    this.account = account;
    this.clock = clock;
    this.http = new ProviderHttp(patience);
  }

  @Override
  public ProviderName name() {
    return ProviderName.STRIPE;
  }

  @Override
  public String ensureCustomer(String customer) {
    StripeForm form =
        new StripeForm().with("name", customer).with("metadata[" + CUSTOMER + "]", customer);
    HttpAnswer answer = post("/v1/customers", form, "customer-" + customer);
    return required(answer).path("id").asText();
  }

  @Override
  public ProviderAnswer charge(ChargeRequest request) {
    StripeForm form =
        new StripeForm()
            .with("amount", MinorUnits.units(request.amount()).toString())
            .with("currency", StripeReader.currency(request.amount()))
            .with("customer", request.providerCustomer())
            .with("payment_method", request.token())
            .with("confirm", "true")
            .with("off_session", "true")
            .with("description", request.description())
            .with("metadata[" + INTENT + "]", request.intent())
            .with("metadata[" + ATTEMPT + "]", Integer.toString(request.attempt()))
            .with("expand[]", "latest_charge.balance_transaction");
    return sent(() -> post(PAYMENTS, form, request.key()));
  }

  @Override
  public ProviderAnswer capture(String reference, String key) {
    return sent(() -> post(PAYMENTS + "/" + id(reference) + "/capture", new StripeForm(), key));
  }

  @Override
  public ProviderAnswer fetch(String reference) {
    return sent(() -> get(PAYMENTS + "/" + id(reference) + "?" + EXPANDED));
  }

  /** A call about a payment. */
  @FunctionalInterface
  private interface PaymentCall {
    HttpAnswer send();
  }

  private static ProviderAnswer sent(PaymentCall call) {
    try {
      return StripeReader.answer(call.send());
    } catch (ProviderUnreachableException lost) {
      return new ProviderAnswer.Lost(String.valueOf(lost.getMessage()));
    }
  }

  @Override
  public List<ProviderPayment> since(String providerCustomer, Instant from) {
    String list =
        PAYMENTS
            + "?customer="
            + id(providerCustomer)
            + "&created[gte]="
            + from.getEpochSecond()
            + "&expand[]=data.latest_charge.balance_transaction";
    return all(list).stream().map(StripeReader::payment).toList();
  }

  /** All pages of a list. */
  private List<JsonNode> all(String path) {
    List<JsonNode> found = new ArrayList<>();
    String after = "";
    for (int page = 0; page < MOST_PAGES; page++) {
      JsonNode list = required(get(path + "&limit=" + PAGE + after));
      list.path("data").forEach(found::add);
      if (!list.path("has_more").asBoolean() || list.path("data").isEmpty()) {
        return found;
      }
      JsonNode last = list.path("data").get(list.path("data").size() - 1);
      after = "&starting_after=" + id(last.path("id").asText());
    }
    throw new ProviderUnreachableException(
        "Stripe lists more than " + MOST_PAGES * PAGE + " objects at " + path);
  }

  @Override
  public RefundAnswer refund(RefundRequest request) {
    StripeForm form =
        new StripeForm()
            .with("payment_intent", request.reference())
            .with("amount", MinorUnits.units(request.amount()).toString())
            .with("reason", "requested_by_customer")
            .with("metadata[" + REFUND + "]", request.id());
    return sentRefund(() -> post("/v1/refunds", form, request.id()));
  }

  @Override
  public RefundAnswer fetchRefund(String reference) {
    return sentRefund(() -> get("/v1/refunds/" + id(reference)));
  }

  @Override
  public List<SeenRefund> refundsOf(String reference) {
    return all("/v1/refunds?payment_intent=" + id(reference)).stream()
        .map(StripeReader::refund)
        .toList();
  }

  private static RefundAnswer sentRefund(PaymentCall call) {
    try {
      return StripeReader.refundAnswer(call.send());
    } catch (ProviderUnreachableException lost) {
      return new RefundAnswer.Lost(String.valueOf(lost.getMessage()));
    }
  }

  @Override
  public HostedPage page(PageRequest request) {
    StripeForm form =
        new StripeForm()
            .with("customer", request.providerCustomer())
            .with("success_url", request.back().toString())
            .with("cancel_url", request.back().toString());
    PayPart pay = request.pay();
    if (pay == null) {
      form.with("mode", "setup")
          .with("currency", request.currency().toLowerCase(java.util.Locale.ROOT))
          .with("setup_intent_data[metadata][" + CUSTOMER + "]", request.customer());
    } else {
      form.with("mode", "payment")
          .with("line_items[0][quantity]", "1")
          .with("line_items[0][price_data][currency]", StripeReader.currency(pay.amount()))
          .with("line_items[0][price_data][unit_amount]", MinorUnits.units(pay.amount()).toString())
          .with("line_items[0][price_data][product_data][name]", pay.description())
          .with("payment_intent_data[metadata][" + INTENT + "]", pay.intent())
          .with("payment_intent_data[metadata][" + ATTEMPT + "]", Integer.toString(pay.attempt()));
    }
    JsonNode made = required(post("/v1/checkout/sessions", form, request.key()));
    // A page makes a payment of its own, which the list of payments has.
    return new HostedPage("", made.path("url").asText());
  }

  @Override
  public SavedToken describe(String customer, String token) {
    JsonNode method = required(get("/v1/payment_methods/" + id(token)));
    JsonNode card = method.path("card");
    if (card.isMissingNode()) {
      JsonNode bank = method.path("us_bank_account");
      return new SavedToken(
          token, method.path("type").asText("other"), bank.path("last4").asText(""), null);
    }
    YearMonth last =
        YearMonth.of(card.path("exp_year").asInt(), Math.max(1, card.path("exp_month").asInt()));
    return new SavedToken(
        token,
        card.path("brand").asText("card"),
        card.path("last4").asText(""),
        last.atEndOfMonth().toString());
  }

  @Override
  public ProviderEvent read(Map<String, List<String>> headers, byte[] body) {
    String signature =
        headers.entrySet().stream()
            .filter(each -> each.getKey().equalsIgnoreCase("Stripe-Signature"))
            .flatMap(each -> each.getValue().stream())
            .findFirst()
            .orElseThrow(() -> new ForgedEventException("it has no Stripe-Signature"));
    StripeSignature.require(signature, body, account.webhookSecrets(), clock.instant());
    return StripeReader.event(body);
  }

  @Override
  public ProviderEvent reread(byte[] body) {
    return StripeReader.event(body);
  }

  private HttpAnswer post(String path, StripeForm form, String key) {
    return http.send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(form.text()))
            .build());
  }

  private HttpAnswer get(String path) {
    return http.send(request(path).GET().build());
  }

  private HttpRequest.Builder request(String path) {
    URI uri = URI.create(account.url() + path.replace("[", "%5B").replace("]", "%5D"));
    return HttpRequest.newBuilder(uri)
        .header("Authorization", "Bearer " + account.key())
        .header("Stripe-Version", VERSION)
        .header("Accept", "application/json");
  }

  private static JsonNode required(HttpAnswer answer) {
    if (answer.isDenied()) {
      throw new ProviderDeniedException(StripeReader.denied(answer));
    }
    if (!answer.isOk() || answer.body().isMissingNode()) {
      throw new ProviderUnreachableException(
          "Stripe answered " + answer.status() + " " + StripeReader.problem(answer.body()));
    }
    return answer.body();
  }

  /** A part of a path must not be more of it. */
  private static String id(String reference) {
    return URLEncoder.encode(reference, StandardCharsets.UTF_8);
  }
}
