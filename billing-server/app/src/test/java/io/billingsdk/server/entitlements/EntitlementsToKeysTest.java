package io.billingsdk.server.entitlements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRecord.Status;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** From a change of a subscription, over HTTP, to the keys of its customer. */
@Tag("postgres")
@TestInstance(Lifecycle.PER_CLASS)
class EntitlementsToKeysTest {
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int CHANGES = RELEASE ? 100 : 20;
  private static final int KEYS = 20;

  private static final String PLANS =
      """
      meters:
        - {slug: calls, unit: call, value: one, aggregation: count}
        - {slug: tokens, unit: token, value: usage, aggregation: sum}
        - {slug: eu_tokens, unit: token, module: llm, models: [gpt-4*], metadata: {region: eu},
           value: quantities.input_tokens, aggregation: sum}
      plans:
        - plan: small
          name: Small
          currency: USD
          interval: month
          entitlements:
            models: [gpt-4o-mini*]
            rate: {perSecond: 5, burst: 20}
            quotas:
              - {meter: calls, limit: 100, mode: hard}
              - {meter: tokens, limit: 1000, mode: hard, scope: key}
              - {meter: eu_tokens, limit: 50, mode: notify, period: billingPeriod}
        - plan: large
          name: Large
          currency: USD
          interval: month
          entitlements:
            models: [gpt-4*]
            rate: {perSecond: 50, burst: 200}
            quotas:
              - {meter: calls, limit: 5000, mode: hard}
        - plan: capped
          name: Capped
          currency: USD
          interval: month
          entitlements:
            models: all
            quotas:
              - {meter: amount, limit: "10", mode: hard, period: billingPeriod}
          charges:
            - id: tokens
              name: Tokens
              kind: metered
              meter: tokens
              price: {model: graduated, tiers: [{upTo: 100, unitPrice: "0.05"}, {unitPrice: "0.02"}]}
      """;

  @TempDir static Path directory;
  private WiredServer server;

  @BeforeAll
  void open() throws Exception {
    server = new WiredServer(directory);
    server.importPlans(PLANS);
  }

  @AfterAll
  void close() {
    server.close();
  }

  @Test
  void planChange_reachesEachKey_withinASecond() {
    server.createCustomer("fleet", "Europe/Berlin");
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      keys.add(server.createKey("fleet", "{}"));
    }
    String subscription = server.subscribe("fleet", "small");
    keys.forEach(
        each -> server.awaitKey(each, key -> key.models().equals(List.of("gpt-4o-mini*"))));
    long[] millis = new long[CHANGES * KEYS];
    for (int i = 0; i < CHANGES; i++) {
      boolean up = i % 2 == 0;
      long began = System.nanoTime();
      server.change(
          subscription,
          "{\"act\":\"switch\",\"plan\":\"%s\",\"timing\":\"now\"}"
              .formatted(up ? "large" : "small"));
      for (int k = 0; k < KEYS; k++) {
        long came =
            server.awaitKey(keys.get(k), key -> limit(key, "calls").equals(up ? "5000" : "100"));
        millis[i * KEYS + k] = (came - began) / 1_000_000;
      }
    }
    long[] sorted = LongStream.of(millis).sorted().toArray();
    Proof.sized("entitlements-to-keys", CHANGES, 100)
        .with("keys", KEYS)
        .with("changes", CHANGES)
        .with("p50_ms", sorted[sorted.length / 2])
        .with("p99_ms", sorted[sorted.length * 99 / 100])
        .with("max_ms", sorted[sorted.length - 1])
        .print();
    // The figure is the proof line; a machine with other work fails at a mistake alone.
    assertThat(sorted[sorted.length * 99 / 100]).isLessThan(60_000);
  }

  private static String limit(KeyRecord key, String meter) {
    return key.quotas().stream()
        .filter(each -> each.meter().equals(meter))
        .map(each -> each.limit().toPlainString())
        .findFirst()
        .orElse("none");
  }

  @Test
  void terms_ofKeyAndPlan_theTighterOnesHold_andBothQuotasApply() {
    server.createCustomer("tight", "UTC");
    String key =
        server.createKey(
            "tight",
            """
            {"models":["gpt-4o-mini-2026","llama"],"rate":{"perSecond":50,"burst":7},
             "quotas":[{"meter":"calls","limit":10,"overage":false}]}
            """);
    server.subscribe("tight", "small");
    server.awaitKey(key, each -> each.quotas().size() == 4);
    KeyRecord told = server.key(key);

    assertThat(told.models()).containsExactly("gpt-4o-mini-2026");
    assertThat(told.rate()).isEqualTo(new KeyRecord.Rate(new BigDecimal("5"), 7));
    assertThat(told.quotas())
        .extracting(
            each -> each.id() + " " + each.meter() + " " + each.limit() + " " + each.overage())
        .containsExactly(
            "key/" + key + "/calls calls 10 false",
            "customer/tight/calls calls 100 false",
            "plan/" + key + "/tokens usage 1000 false",
            "customer/tight/eu_tokens eu_tokens 50 true");
  }

  @Test
  void keyMadeLater_andAppThatMoves_haveThePlanOfTheirCustomer() {
    server.createCustomer("mover", "UTC");
    server.subscribe("mover", "large");
    String later = server.createKey("mover", "{}");
    server.awaitKey(later, key -> key.models().equals(List.of("gpt-4*")));

    server.createCustomer("taker", "UTC");
    server.subscribe("taker", "small");
    server.assign("taker", "mover");
    server.awaitKey(later, key -> key.models().equals(List.of("gpt-4o-mini*")));
    server.createCustomer("unmanaged", "UTC");
    server.assign("unmanaged", "mover");
    server.awaitKey(later, key -> key.models().isEmpty() && key.quotas().isEmpty());
  }

  @Test
  void pauseAndCancel_blockWithAReason_resumeAndReactivateFree() {
    server.createCustomer("pauser", "UTC");
    String key = server.createKey("pauser", "{}");
    String subscription = server.subscribe("pauser", "small");
    server.awaitKey(key, each -> each.status() == Status.OK && !each.models().isEmpty());
    server.change(subscription, "{\"act\":\"pause\"}");
    server.awaitKey(key, each -> each.status() == Status.BLOCKED);
    assertThat(server.key(key).reason()).isEqualTo("the subscription is paused");
    assertThat(server.get("/keys/" + key).at("/blocks/0/cause").asText()).isEqualTo("plan");
    String later = server.createKey("pauser", "{}");
    server.awaitKey(later, each -> each.status() == Status.BLOCKED);
    server.change(subscription, "{\"act\":\"resume\"}");
    server.awaitKey(key, each -> each.status() == Status.OK);
    server.awaitKey(later, each -> each.status() == Status.OK);
    server.change(subscription, "{\"act\":\"cancel\",\"timing\":\"now\"}");
    server.awaitKey(key, each -> each.status() == Status.BLOCKED);
    assertThat(server.key(key).reason()).isEqualTo("the subscription is cancelled");
    server.change(subscription, "{\"act\":\"reactivate\"}");
    server.awaitKey(key, each -> each.status() == Status.OK && !each.models().isEmpty());
  }

  @Test
  void quotaOfACustomer_isSharedByItsKeys_staysOverASwitch_andCountsByItsMeter() {
    server.createCustomer("sharer", "Asia/Tokyo");
    String one = server.createKey("sharer", "{}");
    String two = server.createKey("sharer", "{}");
    String subscription = server.subscribe("sharer", "small");
    send(one, "gpt-4o", 3, "{\"region\":\"eu\"}", "{\"input_tokens\":8}");
    send(two, "gpt-4o", 4, "{\"region\":\"us\"}", "{\"input_tokens\":9}");

    JsonNode calls = quota("sharer", "customer/sharer/calls");
    assertThat(calls.path("used").asText()).isEqualTo("2");
    assertThat(
            Instant.parse(calls.path("resetsAt").asText())
                .atZone(java.time.ZoneId.of("Asia/Tokyo")))
        .matches(at -> at.getDayOfMonth() == 1 && at.getHour() == 0);
    assertThat(quota("sharer", "plan/" + two + "/tokens").path("used").asText()).isEqualTo("4");
    assertThat(quota("sharer", "customer/sharer/eu_tokens").path("used").asText()).isEqualTo("8");
    server.change(subscription, "{\"act\":\"switch\",\"plan\":\"large\",\"timing\":\"now\"}");
    calls = quota("sharer", "customer/sharer/calls");
    assertThat(calls.path("used").asText()).isEqualTo("2");
    assertThat(calls.path("limit").asText()).isEqualTo("5000");
  }

  @Test
  void spendCap_countsPricesByTiers_refusesAndBlocks_andAnExtensionFrees() {
    server.createCustomer("spender", "UTC");
    String key = server.createKey("spender", "{}");
    server.subscribe("spender", "capped");
    // 100 at 0.05 and 150 at 0.02, over the border of the tiers in one event.
    send(key, "gpt-4o", 60, "{}", "{}");
    send(key, "gpt-4o", 190, "{}", "{}");
    assertThat(quota("spender", "customer/spender/amount").path("used").asText()).isEqualTo("8");
    assertThat(admitted(key, "2")).isTrue();
    assertThat(admitted(key, "2.01")).isFalse();
    send(key, "gpt-4o", 100, "{}", "{}");
    server.awaitKey(key, each -> each.status() == Status.BLOCKED);
    assertThat(server.key(key).reason()).contains("the spend cap of 10 USD is used up");
    server.post(
        "/quotas/grant",
        """
        {"quota":"customer/spender/amount","amount":5,"until":"2099-01-01T00:00:00Z","reason":"ok"}
        """);
    server.awaitKey(key, each -> each.status() == Status.OK);
    await().atMost(WiredServer.PATIENCE).until(() -> admitted(key, "5"));
  }

  private boolean admitted(String key, String amount) {
    return server
        .post(
            "/admissions",
            "{\"keyId\":\"%s\",\"meter\":\"amount\",\"amount\":%s,\"check\":true}"
                .formatted(key, amount))
        .path("admitted")
        .asBoolean();
  }

  private void send(String key, String model, int usage, String metadata, String quantities) {
    server.post(
        "/events",
        """
        {"keyId":"%s","module":"llm","model":"%s","usage":%d,"metadata":%s,"quantities":%s}
        """
            .formatted(key, model, usage, metadata, quantities));
  }

  private JsonNode quota(String customer, String id) {
    for (JsonNode each : server.get("/customers/" + customer + "/quotas").path("items")) {
      if (each.path("quota").asText().equals(id)) {
        return each;
      }
    }
    throw new AssertionError("no quota " + id);
  }
}
