package io.billingsdk.server.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.Money;
import io.billingsdk.server.providers.ProviderHttp.HttpAnswer;
import io.billingsdk.server.providers.ProviderSettings.PayPalAccount;
import io.billingsdk.server.providers.RefundAnswer.SeenRefund;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * PayPal: orders with captures, refunds, and payment tokens of its vault. The reference of a
 * payment is its capture, and that of its order as long as there is none. Thread-safe.
 */
final class PayPalProvider implements PaymentProvider {
  /** PayPal remembers the key of an order for 6 hours. */
  private static final Duration REMEMBERED = Duration.ofHours(5);

  /** As far back as PayPal lists events. */
  private static final Duration LISTED = Duration.ofDays(29);

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String ORDERS = "/v2/checkout/orders";
  private static final String CAPTURES = "/v2/payments/captures/";
  private static final String EVENTS = "/v1/notifications/webhooks-events";
  private static final int MOST_SHOWN = 127;
  private static final int NOT_FOUND = 404;
  private static final int PAGE = 100;
  private static final int MOST_PAGES = 100;

  private final PayPalAccount account;
  private final PayPalCalls calls;
  private final PayPalSignature signature;
  private final InstantSource clock;

  PayPalProvider(PayPalAccount account, InstantSource clock) {
    this(account, clock, PATIENCE, PayPalCertificates.ofPayPal(clock));
  }

  PayPalProvider(
      PayPalAccount account,
      InstantSource clock,
      Duration patience,
      PayPalCertificates certificates) {
    this.account = account;
    this.clock = clock;
    this.calls = new PayPalCalls(account, clock, patience);
    this.signature = new PayPalSignature(account.webhookId(), certificates);
  }

  @Override
  public ProviderName name() {
    return ProviderName.PAYPAL;
  }

  @Override
  public Duration keys() {
    return REMEMBERED;
  }

  @Override
  public boolean hasLastingReferences() {
    return true;
  }

  /** PayPal keeps no customers of ours: each order and each payment has our names. */
  @Override
  public String ensureCustomer(String customer) {
    return customer;
  }

  @Override
  public ProviderAnswer charge(ChargeRequest request) {
    ObjectNode wallet = object().put("vault_id", request.token());
    ObjectNode order = order(request.key(), request.amount(), request.description(), wallet);
    return sent(
        () -> {
          HttpAnswer answer = calls.post(ORDERS, order, request.key());
          if (PayPalReader.issue(answer.body()).equals(PayPalReader.DUPLICATE)) {
            return madeBefore(request);
          }
          ProviderAnswer made = PayPalReader.order(answer);
          // One that PayPal has approved by itself, and not taken yet.
          return made instanceof ProviderAnswer.Approved approved
              ? capture(approved.payment().reference(), request.key())
              : made;
        });
  }

  /** The second guard: PayPal has forgotten the key, but not the id of the invoice. */
  private ProviderAnswer madeBefore(ChargeRequest request) {
    return since(request.providerCustomer(), clock.instant().minus(LISTED)).stream()
        .filter(each -> request.intent().equals(each.intent()))
        .filter(each -> each.attempt() == request.attempt())
        .max(Comparator.comparing(ProviderPayment::state))
        .<ProviderAnswer>map(ProviderAnswer.Known::new)
        .orElseGet(
            () -> new ProviderAnswer.Lost("PayPal has made this payment before: " + request.key()));
  }

  private static ObjectNode order(String key, Money amount, String description, ObjectNode wallet) {
    ObjectNode unit = object();
    unit.put("custom_id", key).put("invoice_id", key);
    unit.put("description", description.substring(0, Math.min(MOST_SHOWN, description.length())));
    unit.set("amount", money(amount));
    ObjectNode order = object().put("intent", "CAPTURE");
    order.putArray("purchase_units").add(unit);
    order.putObject("payment_source").set("paypal", wallet);
    return order;
  }

  private static ObjectNode money(Money amount) {
    return object().put("currency_code", amount.currency()).put("value", MinorUnits.text(amount));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  @Override
  public ProviderAnswer capture(String reference, String key) {
    return sent(
        () -> {
          String path = ORDERS + "/" + id(reference);
          HttpAnswer answer = calls.post(path + "/capture", object(), key + "-capture");
          if (PayPalReader.issue(answer.body()).equals(PayPalReader.CAPTURED)) {
            answer = calls.get(path);
          }
          ProviderAnswer taken = PayPalReader.order(answer);
          return taken instanceof ProviderAnswer.Approved
              ? new ProviderAnswer.Lost("PayPal has not taken the order yet")
              : taken;
        });
  }

  @Override
  public ProviderAnswer fetch(String reference) {
    return sent(
        () -> {
          HttpAnswer capture = calls.get(CAPTURES + id(reference));
          return capture.status() == NOT_FOUND
              ? PayPalReader.order(calls.get(ORDERS + "/" + id(reference)))
              : PayPalReader.capture(capture);
        });
  }

  private static ProviderAnswer sent(Supplier<ProviderAnswer> call) {
    try {
      return call.get();
    } catch (ProviderDeniedException denied) {
      return new ProviderAnswer.Denied(String.valueOf(denied.getMessage()));
    } catch (ProviderUnreachableException lost) {
      return new ProviderAnswer.Lost(String.valueOf(lost.getMessage()));
    }
  }

  /** PayPal lists no payments of a customer at once, but the events that it has sent. */
  @Override
  public List<ProviderPayment> since(String providerCustomer, Instant from) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant first = from.truncatedTo(ChronoUnit.SECONDS);
    Instant least = now.minus(LISTED);
    String path =
        EVENTS
            + ("?page_size=" + PAGE)
            + ("&start_time=" + (first.isBefore(least) ? least : first))
            + ("&end_time=" + now.plusSeconds(1));
    List<ProviderPayment> found = new ArrayList<>();
    for (int page = 0; page < MOST_PAGES; page++) {
      JsonNode list = required(calls.get(path));
      for (JsonNode each : list.path("events")) {
        if (isCapture(each)) {
          found.add(PayPalReader.capture(each.path("resource"), ""));
        }
      }
      Optional<String> next = PayPalReader.link(list, "next");
      if (next.isEmpty() || list.path("events").isEmpty()) {
        return found;
      }
      path = EVENTS + "?" + URI.create(next.get()).getRawQuery();
    }
    throw new ProviderUnreachableException(
        "PayPal lists more than " + MOST_PAGES * PAGE + " events since " + first);
  }

  private static boolean isCapture(JsonNode event) {
    return event.path("event_type").asText().startsWith("PAYMENT.CAPTURE.")
        && event.path("resource_type").asText().equals("capture")
        && PayPalReader.isOurs(event.path("resource"));
  }

  @Override
  public RefundAnswer refund(RefundRequest request) {
    ObjectNode body = object().put("custom_id", request.id());
    body.set("amount", money(request.amount()));
    String path = CAPTURES + id(request.reference()) + "/refund";
    return sentRefund(
        () -> {
          RefundAnswer answer = PayPalReader.refundAnswer(calls.post(path, body, request.id()));
          return answer instanceof RefundAnswer.Known known
              ? new RefundAnswer.Known(of(request, known.refund()))
              : answer;
        });
  }

  /** The answer to a refund names its payment in a link alone. */
  private static SeenRefund of(RefundRequest request, SeenRefund seen) {
    return new SeenRefund(
        seen.reference(),
        request.reference(),
        request.id(),
        seen.amount(),
        seen.state(),
        seen.problem());
  }

  @Override
  public RefundAnswer fetchRefund(String reference) {
    return sentRefund(
        () -> PayPalReader.refundAnswer(calls.get("/v2/payments/refunds/" + id(reference))));
  }

  private static RefundAnswer sentRefund(Supplier<RefundAnswer> call) {
    try {
      return call.get();
    } catch (ProviderDeniedException denied) {
      return new RefundAnswer.Denied(String.valueOf(denied.getMessage()));
    } catch (ProviderUnreachableException lost) {
      return new RefundAnswer.Lost(String.valueOf(lost.getMessage()));
    }
  }

  @Override
  public List<SeenRefund> refundsOf(String reference) {
    JsonNode capture = required(calls.get(CAPTURES + id(reference)));
    String order =
        capture.path("supplementary_data").path("related_ids").path("order_id").asText("");
    if (order.isEmpty()) {
      throw new ProviderUnreachableException("PayPal does not say the order of a payment");
    }
    List<SeenRefund> found = new ArrayList<>();
    JsonNode shown = required(calls.get(ORDERS + "/" + id(order)));
    for (JsonNode unit : shown.path("purchase_units")) {
      unit.path("payments").path("refunds").forEach(each -> found.add(PayPalReader.refund(each)));
    }
    return found;
  }

  @Override
  public HostedPage page(PageRequest request) {
    String back = request.back().toString();
    ObjectNode wallet = object();
    ObjectNode experience = wallet.putObject("experience_context");
    experience.put("return_url", back).put("cancel_url", back);
    PayPart pay = request.pay();
    JsonNode made;
    if (pay == null) {
      wallet.put("usage_type", "MERCHANT");
      ObjectNode body = object();
      body.putObject("payment_source").set("paypal", wallet);
      made = required(calls.post("/v3/vault/setup-tokens", body, request.key()));
    } else {
      experience.put("shipping_preference", "NO_SHIPPING").put("user_action", "PAY_NOW");
      String key = ChargeRequest.key(pay.intent(), pay.attempt());
      ObjectNode order = order(key, pay.amount(), pay.description(), wallet);
      made = required(calls.post(ORDERS, order, request.key()));
    }
    String url =
        PayPalReader.link(made, "payer-action")
            .or(() -> PayPalReader.link(made, "approve"))
            .orElseThrow(() -> new ProviderUnreachableException("PayPal gave no page"));
    return new HostedPage(made.path("id").asText(), url);
  }

  @Override
  public Optional<SavedToken> saved(String page, String key) {
    HttpAnswer setup = calls.get("/v3/vault/setup-tokens/" + id(page));
    if (setup.status() == NOT_FOUND
        || !required(setup).path("status").asText().equals("APPROVED")) {
      return Optional.empty();
    }
    ObjectNode body = object();
    body.putObject("payment_source").putObject("token").put("id", page).put("type", "SETUP_TOKEN");
    JsonNode made = required(calls.post("/v3/vault/payment-tokens", body, "token-" + key));
    return Optional.of(token(made.path("id").asText()));
  }

  @Override
  public SavedToken describe(String customer, String token) {
    return token(required(calls.get("/v3/vault/payment-tokens/" + id(token))).path("id").asText());
  }

  /** People see nothing of the account of a customer: its address is personal. */
  private static SavedToken token(String token) {
    return new SavedToken(token, "paypal", "", null);
  }

  @Override
  public ProviderEvent read(Map<String, List<String>> headers, byte[] body) {
    signature.require(headers, body, clock.instant());
    return PayPalEvents.event(body);
  }

  @Override
  public ProviderEvent reread(byte[] body) {
    return PayPalEvents.event(body);
  }

  private static JsonNode required(HttpAnswer answer) {
    if (answer.isDenied()) {
      throw new ProviderDeniedException(PayPalReader.denied(answer));
    }
    if (!answer.isOk() || answer.body().isMissingNode()) {
      throw new ProviderUnreachableException(
          "PayPal answered " + answer.status() + " " + PayPalReader.issue(answer.body()));
    }
    return answer.body();
  }

  /** A part of a path must not be more of it. */
  private static String id(String reference) {
    return URLEncoder.encode(reference, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "PayPalProvider[" + account + "]";
  }
}
