package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.http.RequestMaker.MadeRequest;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Over every operation of the document that changes something for a caller. A webhook of a provider
 * has none: its entries are of the provider, as {@code WebhooksInTest} looks for.
 */
@Tag("postgres")
class AuditedRoutesTest {
  private static final int TRIES = 100;
  private static final int CHANGES = 3;
  private static final Set<String> CHANGING =
      Set.of("write", "catalog", "customer", "finance", "refund", "admin");
  private static final String STREAM = LedgerRows.STREAM;
  private static final long SEQ = 77;
  private static final String USED = "2026-01-15T10:30:00Z";

  @TempDir Path directory;

  @Test
  void change_ofAnyKind_leavesEntriesOfItsCaller_andARefusalNone() throws SQLException {
    long seed = Long.getLong("audit.seed", System.nanoTime());
    System.out.println("audit-routes seed=" + seed);
    Random random = new Random(seed);
    List<Operation> operations =
        Operation.all().stream()
            .filter(each -> CHANGING.contains(each.access()) && !each.method().equals("GET"))
            .toList();
    int refused = 0;
    int changes = 0;
    int silent = 0;
    try (HttpTestbed http = new HttpTestbed(directory)) {
      LedgerRows.addTo(http.world());
      counted(http);
      RevenueRequests revenue = new RevenueRequests(http);
      BilledCustomers customers = new BilledCustomers(http);
      NotificationRequests notifications = new NotificationRequests(http);
      PaymentRequests payments = new PaymentRequests(http);
      InvoiceRequests invoices = new InvoiceRequests(http);
      CreditRequests credits = new CreditRequests(http);
      CostRequests costs = new CostRequests(http);
      StatisticsRequests statistics = new StatisticsRequests(http);
      InsightRequests insight = new InsightRequests(http);
      for (Operation operation : operations) {
        int made = 0;
        for (int i = 0; i < TRIES && made < CHANGES; i++) {
          RequestMaker maker = new RequestMaker(random, known(http));
          revenue.prepare(operation.id());
          costs.prepare(operation.id());
          insight.prepare(operation.id());
          String tags = operation.node().path("tags").toString();
          @Nullable MadeRequest ofMoney = money(invoices, credits, operation);
          MadeRequest request;
          if (tags.contains("notifications")) {
            request = notification(notifications, operation);
          } else if (tags.contains("payments")) {
            request = json(payments.path(operation.path()), "" + payments.body(operation.id()));
          } else if (tags.contains("costs") || tags.contains("prices")) {
            request = json(CostRequests.path(operation.path()), "" + costs.body(operation.id()));
          } else if (tags.contains("statistics")) {
            request = json(statistics.path(operation.path()), "" + statistics.body(operation.id()));
          } else if (InsightRequests.body(operation.id()) != null) {
            request =
                json(
                    operation.path().replace("{id}", "1"),
                    "" + InsightRequests.body(operation.id()));
          } else if (ofMoney != null) {
            request = ofMoney;
          } else {
            request = request(http, maker, revenue, customers, operation, i);
          }
          long before = entries(http);
          long ofCaller = entriesOfCaller(http);
          Reply reply = send(http, operation, request);
          long added = entries(http) - before;
          if (reply.status() < 300) {
            silent += entriesOfCaller(http) > ofCaller ? 0 : 1;
            assertThat(silent).as("%s %s", operation.id(), reply.body()).isZero();
            made++;
          } else {
            assertThat(added).as("%s %s", operation.id(), reply.body()).isZero();
            refused++;
          }
        }
        assertThat(made).as("changes by %s; give it an example", operation.id()).isPositive();
        changes += made;
      }
      // The ledger gets another id by hand, as by a restore.
      assertThat(
              http.world()
                  .count(
                      "SELECT count(*) FROM audit_log"
                          + " WHERE actor <> 'tester' AND action <> 'ledger.renew'"
                          // What the sandbox says of a charge afterwards.
                          + " AND actor <> 'provider:sandbox'"))
          .isZero();
    }
    Proof.of("audit-routes")
        .with("operations", operations.size())
        .with("changes", changes)
        .with("without_entry", silent)
        .with("refused", refused)
        .with("seed", seed)
        .print();
  }

  /** A key that is as good as new, and another that nobody can change any more. */
  private static Map<String, List<String>> known(HttpTestbed http) throws SQLException {
    KeyAdmin admin = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    List<String> keys = new ArrayList<>();
    keys.add(admin.create("acme", KeyEntitlements.UNLIMITED, /* legacy= */ false).keyId());
    keys.add("k_none");
    return new TreeMap<>(Map.of("appId", List.of("acme"), "keyId", keys));
  }

  /** One that the document allows; by hand where its schema alone does not lead to a change. */
  private static MadeRequest request(
      HttpTestbed http,
      RequestMaker maker,
      RevenueRequests revenue,
      BilledCustomers customers,
      Operation operation,
      int number)
      throws SQLException {
    String ofRevenue = revenue.body(operation.id());
    if (ofRevenue != null) {
      return json(RevenueRequests.path(operation.path()), ofRevenue);
    }
    return switch (operation.id()) {
      case "startSubscription" ->
          json(operation.path(), BilledCustomers.start(customers.customer(), "pro"));
      case "changeSubscription" ->
          json(
              operation.path().replace("{subscriptionId}", customers.subscription("pro")),
              "{\"act\":\"pause\"}");
      case "sealLedger" -> json(operation.path(), "{}");
      case "runInvoices" -> json(operation.path(), "{}");
      case "migrateSubscriptions" -> json(operation.path(), "{\"plan\":\"pro\",\"version\":1}");
      case "attribute" ->
          json(
              operation.path(),
              "{\"appId\":\"acme\",\"named\":\"k_lost\",\"reason\":\"made since\"}");
      case "correct" ->
          json(
              operation.path(),
              """
              {"stream":"%s","seq":%d,"occurredAt":"%s","usage":"%d","reason":"counted wrongly"}
              """
                  .formatted(STREAM, SEQ, USED, 100 + number));
      case "replayRejected" ->
          json(
              operation.path().replace("{id}", rejected(http)),
              """
              {"keyId":"k_known","module":"llm","model":"m","usage":1,"occurredAt":"%s"}
              """
                  .formatted(Instant.now()));
      case "writeOff" -> {
        int missing = 100 + number;
        http.world()
            .execute(
                "INSERT INTO stream_gap SELECT stream_id, %1$d, %1$d FROM stream WHERE uuid = '%2$s'"
                    .formatted(missing, STREAM));
        yield json(operation.path().replace("{stream}", STREAM), "{\"reason\":\"never sent\"}");
      }
      case "handOver" ->
          json(
              operation.path().replace("{stream}", STREAM),
              "{\"instance\":\"gateway-9\",\"reason\":\"host replaced\"}");
      case "replayAllRejected" -> {
        rejectedForItsTime(http);
        yield json(operation.path(), "{\"occurredAtOffsetSeconds\":-90000}");
      }
      case "removePlanDraft" ->
          new MadeRequest(RevenueRequests.path(operation.path()), null, List.of());
      case "grantQuota" ->
          json(
              operation.path(),
              """
              {"quota":"%s","amount":"2.5","until":"2099-01-01T00:00:00Z","reason":"ticket 7"}
              """
                  .formatted(quota(http)));
      case "releaseLeases" ->
          json(
              operation.path(),
              "{\"quota\":\"%s\",\"reason\":\"host is gone\"}".formatted(quota(http)));
      default -> maker.valid(operation);
    };
  }

  /** Of coupons, credits and corrections of invoices; null for others. */
  private static @Nullable MadeRequest money(
      InvoiceRequests invoices, CreditRequests credits, Operation operation) {
    invoices.prepare(operation.id());
    credits.prepare(operation.id());
    if (operation.node().path("tags").toString().contains("credits")) {
      String path = credits.path(RevenueRequests.path(operation.path()));
      String body = credits.body(operation.id());
      return body == null ? new MadeRequest(path, null, List.of()) : json(path, body);
    }
    String body = invoices.body(operation.id());
    if (body == null || !operation.path().contains("{number}")) {
      return null;
    }
    return json(invoices.path(operation.path()), body);
  }

  private static MadeRequest notification(NotificationRequests requests, Operation operation)
      throws SQLException {
    String path = requests.path(operation, RevenueRequests.path(operation.path()));
    String body = requests.body(operation.id());
    return body == null ? new MadeRequest(path, null, List.of()) : json(path, body);
  }

  /** The quota of one more key. */
  private static String quota(HttpTestbed http) throws SQLException {
    KeyEntitlements terms =
        KeyEntitlements.UNLIMITED.withQuotas(
            List.of(KeyEntitlements.Quota.unused("m", BigDecimal.TEN, null, /* overage= */ false)));
    String key =
        new KeyAdmin(http.database(), null, HttpTestbed.TESTER)
            .create("acme", terms, /* legacy= */ false)
            .keyId();
    return KeyEntitlements.quotaId(key, "m");
  }

  /** One more that can be stored an hour before the time that it has. */
  private static void rejectedForItsTime(HttpTestbed http) throws SQLException {
    http.world()
        .execute(
            """
            INSERT INTO rejected_event (stream, seq, instance, code, detail, content)
            SELECT uuid, 5000 + (SELECT count(*) FROM rejected_event), 'gateway-1', 'IN_FUTURE',
              'ahead', json_build_object('ts', %d, 'key_id', 'k_1', 'module', 'llm', 'model', 'm',
              'usage', 1) FROM stream WHERE uuid = '%s'
            """
                .formatted(Instant.now().plus(Duration.ofHours(25)).toEpochMilli(), STREAM));
  }

  /** An event that can be corrected. */
  private static void counted(HttpTestbed http) throws SQLException {
    new KeyAdmin(http.database(), null, HttpTestbed.TESTER).createApp("acme", "Acme");
    http.world()
        .execute(
            """
            INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, key_id, module, model, usage)
            SELECT '%s', stream_id, %d, 'acme', 'k_1', 'llm', 'm', 5 FROM stream WHERE uuid = '%s';
            INSERT INTO event_identity
            SELECT stream_id, %d, '\\x00112233445566778899aabbccddeeff'::bytea FROM stream
            WHERE uuid = '%s'
            """
                .formatted(USED, SEQ, STREAM, SEQ, STREAM));
  }

  private static MadeRequest json(String path, String body) {
    return new MadeRequest(path, body, List.of("Content-Type", "application/json"));
  }

  /** One more that its producer has given up. */
  private static String rejected(HttpTestbed http) throws SQLException {
    http.world()
        .execute(
            """
            INSERT INTO rejected_event (stream, seq, instance, code, detail, content)
            SELECT uuid, 1000 + (SELECT count(*) FROM rejected_event), 'gateway-1', 'TOO_OLD',
              'of 2001', '{}' FROM stream WHERE uuid = '%s'
            """
                .formatted(STREAM));
    return Long.toString(http.world().count("SELECT max(id) FROM rejected_event"));
  }

  private static long entries(HttpTestbed http) throws SQLException {
    return http.world().count("SELECT count(*) FROM audit_log");
  }

  /** Those that a provider adds afterwards say nothing of who has asked for it. */
  private static long entriesOfCaller(HttpTestbed http) throws SQLException {
    return http.world().count("SELECT count(*) FROM audit_log WHERE actor = 'tester'");
  }

  private static Reply send(HttpTestbed http, Operation operation, MadeRequest made) {
    byte[] body = made.body();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + http.port() + made.path()))
            .timeout(Duration.ofSeconds(30))
            .method(
                operation.method(),
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
            .header("Authorization", "Bearer " + http.writeToken());
    if (!made.headers().isEmpty()) {
      request.headers(made.headers().toArray(String[]::new));
    }
    return http.send(request.build());
  }
}
