package io.billingsdk.server.http;

import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** For each operation of the document a request that succeeds, over the rows that it needs. */
final class ValidRequests {
  private static final String EVENT =
      "{\"keyId\":\"%s\",\"module\":\"llm\",\"model\":\"x\",\"usage\":1,\"occurredAt\":\"%s\"%s}";

  private static final String COST_RECORD =
      """
      {"record_id":"c-1","execution_id":"e-1","user_id":"u-1","service":"whisper",
       "operation":"transcribe","quantity":3,"unit":"minutes","total_cost":0.02,"duration":900}
      """;

  private static final String PERFORMANCE_RECORD =
      """
      {"record_id":"p-1","execution_id":"e-1","task_type":"video_generation",
       "step_name":"render","duration":1200,"status":"success"}
      """;

  private static final String FULL_KEY =
      """
      {"models":["gpt-*"],"expiresAt":"2099-01-01T00:00:00Z","rate":{"perSecond":1,"burst":2},
       "quotas":[{"meter":"m","limit":5,"resetsAt":"2099-01-01T00:00:00Z","overage":true}]}
      """;

  private static final KeyEntitlements TERMS =
      KeyEntitlements.UNLIMITED.withQuotas(
          List.of(Quota.unused("m", BigDecimal.TEN, null, /* overage= */ false)));

  private final HttpTestbed http;
  private final String key;
  private final RevenueRequests revenue;
  private final BilledCustomers customers;
  private final NotificationRequests notifications;
  private final InvoiceRequests invoices;
  private final PaymentRequests payments;
  private final CreditRequests credits;
  private final CostRequests costs;
  private final StatisticsRequests statistics;
  private final InsightRequests insight;
  private final String subscription;
  private final String migration;

  /** Adds the rows. */
  ValidRequests(HttpTestbed http) throws SQLException {
    this.http = http;
    LedgerRows.addTo(http.world());
    this.key = newKey();
    http.send("POST", "/api/v1/apps/mine/keys", FULL_KEY);
    this.revenue = new RevenueRequests(http);
    this.customers = new BilledCustomers(http);
    this.notifications = new NotificationRequests(http);
    this.invoices = new InvoiceRequests(http);
    this.payments = new PaymentRequests(http);
    this.credits = new CreditRequests(http);
    this.costs = new CostRequests(http);
    this.statistics = new StatisticsRequests(http);
    this.insight = new InsightRequests(http);
    this.subscription = customers.subscription("pro");
    this.migration = customers.migration();
  }

  private String newKey() throws SQLException {
    return new KeyAdmin(http.database(), null, HttpTestbed.TESTER)
        .create("mine", TERMS, /* legacy= */ false)
        .keyId();
  }

  /** Sends it; of an answer that does not end only the beginning is waited for. */
  HttpTestbed.Reply send(
      Operation operation,
      String path,
      @Nullable String body,
      @Nullable String token,
      String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + http.port() + path))
            .method(
                operation.method(),
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (body != null && !List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", operation.mediaTypes().get(0));
    }
    if (body != null && operation.id().equals("takeProviderEvent")) {
      request.header("Stripe-Signature", ProviderRequests.signature(body));
    }
    if (token != null && operation.isHolder()) {
      request.headers(statistics.headers(operation));
    } else if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return operation.isStreamed() ? http.begin(request.build()) : http.send(request.build());
  }

  /** A token by which an operation can be read. */
  String readerToken(Operation operation) {
    if (operation.isHolder()) {
      return statistics.user("ann");
    }
    return operation.access().equals("admin") ? http.writeToken() : http.readToken();
  }

  /** With a key of its own, since some do away with it. */
  String pathOfItsOwn(Operation operation) throws SQLException {
    revenue.prepare(operation.id());
    invoices.prepare(operation.id());
    credits.prepare(operation.id());
    costs.prepare(operation.id());
    insight.prepare(operation.id());
    return path(operation, newKey());
  }

  /** With a key that all share. */
  String path(Operation operation) {
    return path(operation, key);
  }

  private String path(Operation operation, String key) {
    String query =
        switch (operation.id()) {
          case "previewSubscription" -> "?customerId=" + customers.customer() + "&plan=pro";
          case "previewSubscriptionChange" -> "?act=switch&plan=enterprise";
          case "getForecast" -> "?by=app&name=mine";
          case "previewMigration" -> "?plan=pro&version=1";
          default -> "";
        };
    return withoutQuery(operation, key) + query;
  }

  /** The path with another value for one of its parts. */
  String with(Operation operation, String name, String value) {
    return notified(operation, operation.path().replace("{" + name + "}", value));
  }

  private String notified(Operation operation, String path) {
    try {
      String mine = payments.path(RevenueRequests.path(CostRequests.path(statistics.path(path))));
      return credits.path(invoices.path(notifications.path(operation, mine)));
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  /** The path with one parameter more, in place of the one that it has. */
  static String withParameter(String path, String name, String value) {
    String without =
        path.replaceAll("(?<=[?&])" + name + "=[^&]*(&|$)", "").replaceAll("[?&]$", "");
    return without + (without.contains("?") ? "&" : "?") + name + "=" + value;
  }

  private String withoutQuery(Operation operation, String key) {
    return notified(operation, operation.path())
        .replace("{subscriptionId}", subscription)
        .replace("{migrationId}", migration)
        .replace("{appId}", "mine")
        .replace("{customerId}", "acme")
        .replace("{keyId}", key)
        .replace("{stream}", LedgerRows.STREAM)
        .replace("{id}", "1");
  }

  /** Null for those that have none. */
  @Nullable String body(String operation) {
    String now = Instant.now().toString();
    return switch (operation) {
      case "createApp" -> "{\"appId\":\"fresh\"}";
      case "renameApp" -> "{\"name\":\"New\"}";
      case "createKey", "changeKey" -> FULL_KEY;
      case "blockKey" -> "{\"reason\":\"r\"}";
      case "unblockKey" -> "{\"cause\":\"operator\"}";
      case "grantQuota" ->
          "{\"quota\":\"key/%s/m\",\"amount\":5,\"until\":\"2099-01-01T00:00:00Z\",\"reason\":\"r\"}"
              .formatted(key);
      case "releaseLeases" -> "{\"quota\":\"key/%s/m\",\"reason\":\"r\"}".formatted(key);
      case "admitCall" -> "{\"keyId\":\"%s\",\"meter\":\"m\"}".formatted(key);
      case "settleAdmission" -> "{\"admission\":[\"0123456789abcdef-1\"],\"used\":1}";
      case "expireKey" -> "{\"at\":\"2099-01-01T00:00:00Z\"}";
      case "rotateKey" -> "{\"overlapHours\":1}";
      case "startSubscription" -> BilledCustomers.start(customers.customer(), "pro");
      case "changeSubscription" -> "{\"act\":\"switch\",\"plan\":\"enterprise\"}";
      case "migrateSubscriptions" -> "{\"plan\":\"pro\",\"version\":1}";
      case "writeOff" -> "{\"reason\":\"lost\"}";
      case "handOver" -> "{\"instance\":\"gateway-9\",\"reason\":\"r\"}";
      case "replayRejected" -> EVENT.formatted(key, now, "");
      case "replayAllRejected" -> "{\"dryRun\":true}";
      case "attribute" -> "{\"reason\":\"r\",\"appId\":\"mine\",\"named\":\"k_lost\"}";
      case "sealLedger" -> "{}";
      case "correct" -> correction();
      case "sendEvent" -> EVENT.formatted(key, now, ",\"idempotencyKey\":\"once\"");
      case "sendEvents" ->
          "{\"events\":[" + EVENT.formatted(key, now, "") + ",{\"module\":\"no\"}]}";
      case "dismissRecommendation" ->
          "{\"type\":\"user_cost_alert\",\"subject\":\"ann\",\"reason\":\"a test\"}";
      case "sendCostRecords" -> COST_RECORD;
      case "sendPerformanceRecords" -> "[" + PERFORMANCE_RECORD + "]";
      case "streamEvents" -> EVENT.formatted(key, now, "") + "\n{\"module\":\"no\"}\n";
      default -> {
        String body = notifications.body(operation);
        body = body == null ? invoices.body(operation) : body;
        body = body == null ? payments.body(operation) : body;
        body = body == null ? credits.body(operation) : body;
        body = body == null ? costs.body(operation) : body;
        body = body == null ? statistics.body(operation) : body;
        body = body == null ? InsightRequests.body(operation) : body;
        yield body == null ? revenue.body(operation) : body;
      }
    };
  }

  private static String correction() {
    return "{\"stream\":\"%s\",\"seq\":%s,\"occurredAt\":\"%s\",\"usage\":9,\"reason\":\"r\"}"
        .formatted(LedgerRows.STREAM, LedgerRows.SEQ, LedgerRows.OCCURRED_AT);
  }
}
