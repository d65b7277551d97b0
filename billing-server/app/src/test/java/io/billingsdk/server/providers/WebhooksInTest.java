package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks of Stripe at the HTTP server: {@code -Dsize=release}. */
@Tag("postgres")
class WebhooksInTest {
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int DUPLICATES = RELEASE ? 10_000 : 200;
  private static final int SENDERS = 32;
  private static final String IN = "/api/v1/provider-events/stripe";
  private static final int STALE = 301;

  @TempDir Path directory;

  private ProviderWorld world;

  @BeforeEach
  void start() {
    world = new ProviderWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private String paid(String number) {
    ChargeResult unused = world.parts().charges().charge(number, 1);
    String reference = String.valueOf(world.charge(number, 1).reference());
    world.fake.status(reference, "succeeded");
    return reference;
  }

  private String body(String id, String type, String intent) {
    return StripeObjects.event(id, type, world.fake.intent(intent)).toString();
  }

  private static String signature(String body, long time, String secret) {
    String text = Long.toString(time);
    return "t=" + text + ",v1=" + StripeSignature.expected(secret, text, body.getBytes(UTF_8));
  }

  private int send(String body, String signature) {
    return world.http.send("POST", IN, null, body, "Stripe-Signature", signature).status();
  }

  private int send(String body) {
    return send(body, signature(body, Instant.now().getEpochSecond(), ProviderWorld.SECRET));
  }

  @Test
  void duplicates_atOnce_haveOneEffect() throws Exception {
    world.customer("c", "pm_bank");
    world.invoice("c", "i-1", "100");
    String body = body("evt_1", "payment_intent.succeeded", paid("i-1"));
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    List<Callable<Integer>> all = new ArrayList<>();
    for (int i = 0; i < DUPLICATES; i++) {
      all.add(() -> send(body));
    }
    int taken = 0;
    for (Future<Integer> each : senders.invokeAll(all)) {
      // Those that waited too long are sent again by the provider.
      taken += each.get() == 200 ? 1 : 0;
    }
    senders.shutdown();
    assertThat(taken).isEqualTo(DUPLICATES);
    assertThat(world.count("payment")).isEqualTo(1);
    assertThat(world.count("provider_event")).isEqualTo(1);
    assertThat(world.open("i-1").signum()).isZero();
    Proof.of("webhooks-in")
        .with("size", RELEASE ? "release" : "commit")
        .with("part", "duplicates")
        .with("sent", DUPLICATES)
        .with("taken", taken)
        .with("events", 1)
        .with("payments", 1)
        .print();
  }

  @Test
  void events_replayedAndOutOfOrder_leaveTheLatestState() {
    world.customer("c", "pm_bank");
    world.invoice("c", "i-1", "100");
    String intent = paid("i-1");
    String created = body("evt_0", "payment_intent.created", intent);
    String failed = body("evt_1", "payment_intent.payment_failed", intent);
    String succeeded = body("evt_2", "payment_intent.succeeded", intent);
    for (String each : List.of(failed, succeeded, failed, succeeded, created)) {
      assertThat(send(each)).isEqualTo(200);
    }
    assertThat(world.charge("i-1", 1).state()).isEqualTo(ChargeState.SUCCEEDED);
    assertThat(world.count("payment")).isEqualTo(1);
    assertThat(world.count("provider_event")).isEqualTo(3);
  }

  @Test
  void event_thatIsForgedStaleChangedOrForAnotherEndpoint_isRefused_andLeavesNoTrace() {
    world.customer("c", "pm_bank");
    world.invoice("c", "i-1", "100");
    String body = body("evt_1", "payment_intent.succeeded", paid("i-1"));
    long now = Instant.now().getEpochSecond();
    String right = signature(body, now, ProviderWorld.SECRET);
    List<String> changed = changed(body);
    for (String each : changed) {
      assertThat(send(each, right)).as(each).isEqualTo(400);
    }
    List<String> signatures =
        List.of(
            signature(body, now, "whsec_of_another_endpoint"),
            signature(body, now - STALE, ProviderWorld.SECRET),
            signature(body, now + 2 * STALE, ProviderWorld.SECRET),
            right.replace("v1=", "v0="),
            right.replace("t=", "t=1"),
            "t=" + now,
            "v1=" + "0".repeat(64),
            "",
            "t=" + now + ",v1=" + "0".repeat(64));
    for (String each : signatures) {
      assertThat(send(body, each)).as(each).isEqualTo(400);
    }
    assertThat(world.http.send("POST", IN, null, body).status()).as("unsigned").isEqualTo(400);
    assertThat(world.http.send("POST", IN.replace("stripe", "paypal"), null, body).status())
        .as("of a provider without an account")
        .isEqualTo(404);
    assertThat(world.count("provider_event")).isZero();
    assertThat(world.count("payment")).isZero();

    String second = right.substring(right.indexOf(','));
    assertThat(send(body, "t=" + now + ",v1=" + "0".repeat(64) + second))
        .as("any signature may be right")
        .isEqualTo(200);
    Proof.of("webhooks-in")
        .with("part", "forged")
        .with("bodies_changed_by_a_byte", changed.size())
        .with("signatures", signatures.size() + 2)
        .with("accepted", 0)
        .print();
  }

  private static List<String> changed(String body) {
    List<String> changed = new ArrayList<>();
    for (int i = 0; i < body.length(); i += RELEASE ? 1 : 29) {
      char other = body.charAt(i) == 'x' ? 'y' : 'x';
      changed.add(body.substring(0, i) + other + body.substring(i + 1));
    }
    changed.add(body + " ");
    changed.add(body.substring(1));
    return changed;
  }

  @Test
  void event_thatIsNotKnownOrNotOurs_isParkedWithItsReason_andDismissedByAPerson() {
    world.customer("c", "pm_bank");
    world.invoice("c", "i-1", "100");
    String intent = paid("i-1");
    String strange = body("evt_9", "treasury.new_thing", intent);
    assertThat(send(strange)).isEqualTo(200);
    assertThat(send(strange)).isEqualTo(200);
    String foreign = body("evt_8", "payment_intent.succeeded", intent).replace(intent, "pi_none");
    assertThat(send(foreign)).isEqualTo(200);
    assertThat(send(body("evt_7", "charge.updated", intent))).isEqualTo(200);

    JsonNode parked = world.http.get("/api/v1/parked-events").json().path("items");
    assertThat(parked).hasSize(2);
    assertThat(parked.path(0).path("reason").asText()).contains("treasury.new_thing");
    String position = parked.path(0).path("position").asText();
    assertThat(
            world
                .http
                .send(
                    "POST",
                    "/api/v1/parked-events/" + position + "/dismissal",
                    "{\"reason\":\"seen\"}")
                .status())
        .isEqualTo(200);
    assertThat(world.http.get("/api/v1/parked-events").json().path("items")).hasSize(1);
  }

  @Test
  void event_whileTheProviderIsAway_isAnsweredWith503_andTakenWhenItComesAgain() {
    world.customer("c", "pm_bank");
    world.invoice("c", "i-1", "100");
    String body = body("evt_1", "payment_intent.succeeded", paid("i-1"));
    world.fake.away(true);
    assertThat(send(body)).isEqualTo(503);
    assertThat(world.count("provider_event")).isZero();
    world.fake.away(false);
    assertThat(send(body)).isEqualTo(200);
    assertThat(world.open("i-1").signum()).isZero();
  }

  @Test
  void body_aboveTheLimit_isRefusedBeforeItIsKept() {
    assertThat(send("x".repeat(256 * 1024 + 1))).isEqualTo(413);
  }

  @Test
  void savedMethod_byAPage_isTheDefault_andItsTokenIsEncrypted() throws Exception {
    world.customer("c");
    String body =
        StripeObjects.event(
                "evt_1",
                "setup_intent.succeeded",
                FakeProvider.tree(
                    "{\"id\":\"seti_1\",\"object\":\"setup_intent\",\"payment_method\":"
                        + "\"pm_secret_token\",\"metadata\":{\"customer\":\"c\"}}"))
            .toString();
    assertThat(send(body)).isEqualTo(200);
    JsonNode saved =
        world.http.get("/api/v1/customers/c/payment-methods").json().path("items").path(0);
    assertThat(saved.path("last4").asText()).isEqualTo("4242");
    assertThat(saved.path("expiresOn").asText()).isEqualTo("2031-11-30");
    assertThat(saved.toString()).doesNotContain("pm_secret_token");
    assertThat(
            world
                .http
                .world()
                .count(
                    "SELECT count(*) FROM saved_method WHERE position('pm_secret_token'::bytea IN"
                        + " token) > 0"))
        .isZero();
    assertThat(
            world.count(
                "audit_log WHERE actor = 'provider:stripe' AND action = 'payment_method.saved'"))
        .isEqualTo(1);
    world.invoice("c", "i-1", "10");
    world.parts().job().run();
    assertThat(world.open("i-1").signum()).isZero();
  }
}
