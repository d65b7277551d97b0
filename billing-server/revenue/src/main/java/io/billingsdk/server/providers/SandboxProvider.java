package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Money;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.providers.RefundAnswer.RefundState;
import io.billingsdk.server.providers.RefundAnswer.SeenRefund;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox: a provider for demos and tests, in this process. It moves no money. Its tokens say
 * how a charge ends: {@code sandbox_ok}, {@code sandbox_processing}, {@code sandbox_action}, or
 * {@code sandbox_declined_} and a code, as {@code sandbox_declined_insufficient_funds}.
 */
final class SandboxProvider implements PaymentProvider {
  static final String OK = "sandbox_ok";

  private static final String DECLINED = "sandbox_declined_";
  static final String TOKENS_SHOWN =
      OK + ", sandbox_processing, sandbox_action or " + DECLINED + "CODE";

  private static final Set<String> TOKENS = Set.of(OK, "sandbox_processing", "sandbox_action");

  private final SandboxRows rows;
  private final InstantSource clock;

  SandboxProvider(Database database, InstantSource clock) {
    this.rows = new SandboxRows(database);
    this.clock = clock;
  }

  @Override
  public ProviderName name() {
    return ProviderName.SANDBOX;
  }

  @Override
  public String ensureCustomer(String customer) {
    return "sandbox_" + customer;
  }

  @Override
  public ProviderAnswer charge(ChargeRequest request) {
    ProviderPayment made =
        new ProviderPayment(
            "sandbox_pay_" + UUID.randomUUID(),
            request.intent(),
            request.attempt(),
            state(request.token()),
            request.amount(),
            Money.zero(request.amount().currency()),
            code(request.token()),
            null);
    return new ProviderAnswer.Known(kept(request.key(), request.providerCustomer(), made));
  }

  private static ChargeState state(String token) {
    return switch (token) {
      case OK -> ChargeState.SUCCEEDED;
      case "sandbox_processing" -> ChargeState.PROCESSING;
      case "sandbox_action" -> ChargeState.REQUIRES_ACTION;
      default -> ChargeState.FAILED;
    };
  }

  private static @Nullable String code(String token) {
    return token.startsWith(DECLINED) ? token.substring(DECLINED.length()) : null;
  }

  private ProviderPayment kept(String key, String customer, ProviderPayment made) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("intent", made.intent());
    body.put("attempt", made.attempt());
    body.put("state", made.state().text());
    body.put("amount", made.amount().toString());
    body.put("code", made.code());
    return rows.add(made.reference(), key, customer, Json.bytes(body), now())
        .map(row -> payment(row.reference(), row.body()))
        .orElse(made);
  }

  private static ProviderPayment payment(String reference, String json) {
    JsonNode body = tree(json);
    Money amount = Money.parse(body.path("amount").asText());
    String intent = body.path("intent").asText("");
    String code = body.path("code").asText("");
    return new ProviderPayment(
        reference,
        intent.isEmpty() ? null : intent,
        body.path("attempt").asInt(),
        ChargeState.of(body.path("state").asText()),
        amount,
        Money.zero(amount.currency()),
        code.isEmpty() ? null : code,
        null);
  }

  private static JsonNode tree(String json) {
    try {
      return Json.exactTree(json.getBytes(UTF_8));
    } catch (IOException defect) {
      throw new UncheckedIOException("the sandbox has stored what is no JSON", defect);
    }
  }

  @Override
  public ProviderAnswer capture(String reference, String key) {
    return fetch(reference);
  }

  @Override
  public ProviderAnswer fetch(String reference) {
    return rows.find(reference)
        .<ProviderAnswer>map(row -> new ProviderAnswer.Known(payment(reference, row.body())))
        .orElseGet(
            () -> new ProviderAnswer.Rejected("not_found", "the sandbox has no such payment"));
  }

  @Override
  public List<ProviderPayment> since(String providerCustomer, Instant from) {
    return rows.since(providerCustomer, from).stream()
        .filter(row -> row.reference().startsWith("sandbox_pay_"))
        .map(row -> payment(row.reference(), row.body()))
        .toList();
  }

  @Override
  public RefundAnswer refund(RefundRequest request) {
    String reference = "sandbox_refund_" + UUID.randomUUID();
    Map<String, Object> body =
        Map.of(
            "payment",
            request.reference(),
            "ours",
            request.id(),
            "amount",
            request.amount().toString());
    Optional<SandboxRows.SandboxRow> before =
        rows.add(reference, request.id(), request.reference(), Json.bytes(body), now());
    return new RefundAnswer.Known(
        new SeenRefund(
            before.map(SandboxRows.SandboxRow::reference).orElse(reference),
            request.reference(),
            request.id(),
            request.amount(),
            RefundState.SUCCEEDED,
            null));
  }

  @Override
  public List<SeenRefund> refundsOf(String reference) {
    return rows.since(reference, Instant.EPOCH).stream().map(SandboxProvider::refund).toList();
  }

  @Override
  public RefundAnswer fetchRefund(String reference) {
    return rows.find(reference)
        .<RefundAnswer>map(row -> new RefundAnswer.Known(refund(row)))
        .orElseGet(() -> new RefundAnswer.Rejected("not_found", "the sandbox has no such refund"));
  }

  private static SeenRefund refund(SandboxRows.SandboxRow row) {
    JsonNode body = tree(row.body());
    return new SeenRefund(
        row.reference(),
        body.path("payment").asText(),
        body.path("ours").asText(),
        Money.parse(body.path("amount").asText()),
        RefundState.SUCCEEDED,
        null);
  }

  @Override
  public HostedPage page(PageRequest request) {
    // Nothing is asked there: a page that looked like one of a bank would be no demo.
    return new HostedPage("", request.back() + "#sandbox");
  }

  static boolean isToken(String token) {
    return TOKENS.contains(token) || token.matches(DECLINED + "[a-z_]{1,64}");
  }

  @Override
  public SavedToken describe(String customer, String token) {
    return new SavedToken(token, "sandbox", "0000", null);
  }

  @Override
  public ProviderEvent read(Map<String, List<String>> headers, byte[] body) {
    throw new ForgedEventException("the sandbox sends no webhooks");
  }

  @Override
  public ProviderEvent reread(byte[] body) {
    throw new ForgedEventException("the sandbox sends no webhooks");
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
