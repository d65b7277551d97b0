package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.providers.EventRows.EventState;
import io.billingsdk.server.providers.EventRows.StoredEvent;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.time.Duration;
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

/** Parked events that are taken again. */
@Tag("postgres")
class ParkedReplayTest {
  private static final String IN = "/api/v1/provider-events/stripe";
  private static final String PARKED = "/api/v1/parked-events";
  private static final String TOKEN = "pm_secret_token";
  private static final int AT_ONCE = 16;

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

  /** A method of a customer that the server does not have yet. */
  private long park(String customer) {
    String body =
        StripeObjects.event(
                "evt_" + customer,
                "setup_intent.succeeded",
                FakeProvider.tree(
                    ("{\"id\":\"seti_1\",\"object\":\"setup_intent\",\"payment_method\":\"%s\","
                            + "\"metadata\":{\"customer\":\"%s\"}}")
                        .formatted(TOKEN, customer)))
            .toString();
    String time = Long.toString(Instant.now().getEpochSecond());
    String signature =
        "t="
            + time
            + ",v1="
            + StripeSignature.expected(ProviderWorld.SECRET, time, body.getBytes(UTF_8));
    assertThat(world.http.send("POST", IN, null, body, "Stripe-Signature", signature).body())
        .contains("parked");
    JsonNode items = parked();
    return items.path(items.size() - 1).path("position").asLong();
  }

  private JsonNode parked() {
    return world.http.get(PARKED).json().path("items");
  }

  private Reply post(String path) {
    return world.http.send("POST", path, world.http.writeToken(), null);
  }

  private StoredEvent stored(long position) {
    return world.database.read(handle -> EventRows.parked(handle, position - 1, 1)).get(0);
  }

  @Test
  void event_replayedByManyAtOnce_hasOneEffect() throws Exception {
    long position = park("late");
    StoredEvent event = stored(position);
    assertThat(world.count("provider_event WHERE position('" + TOKEN + "'::bytea IN body) > 0"))
        .as("rows that show the token")
        .isZero();
    assertThat(world.parts().events().replay(world.stripe(), event))
        .as("nothing has changed")
        .isEqualTo(EventState.PARKED);
    world.customer("late");

    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    List<Callable<EventState>> all = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      all.add(() -> world.parts().events().replay(world.stripe(), event));
    }
    int applied = 0;
    for (Future<EventState> each : threads.invokeAll(all)) {
      applied += each.get() == EventState.APPLIED ? 1 : 0;
    }
    threads.shutdown();
    long effects = world.count("outbox_event WHERE kind = 'payment_method.saved'");
    Proof.of("webhooks-in")
        .with("part", "parked-replay")
        .with("replays", AT_ONCE)
        .with("answered_applied", applied)
        .with("effects", effects)
        .print();
    assertThat(effects).isEqualTo(1);
    assertThat(applied).isEqualTo(AT_ONCE);
    assertThat(world.count("saved_method")).isEqualTo(1);
    assertThat(world.count("provider_event WHERE body IS NOT NULL")).isZero();
    assertThat(parked()).isEmpty();
  }

  @Test
  void replay_overHttp_isAudited_andTheEventLeavesTheList() {
    long position = park("late");
    world.customer("late");
    String path = PARKED + "/" + position + "/replay";
    assertThat(post(path).json().path("state").asText()).isEqualTo("parked");
    Await.until(Duration.ofSeconds(20), () -> parked().isEmpty());
    assertThat(world.count("saved_method")).isEqualTo(1);
    assertThat(world.count("audit_log WHERE action = 'provider_event.replay'")).isEqualTo(1);
    assertThat(post(path).status()).isEqualTo(404);
  }

  @Test
  void event_withoutItsBody_isNotReplayed_andTheProblemSaysWhatToDo() {
    world.database.useTransaction(
        handle ->
            handle.execute(
                "INSERT INTO provider_event (provider, event_id, kind, state, reason) VALUES"
                    + " ('stripe', 'evt_old', 'new.kind', 'parked', 'not known')"));
    long position = parked().path(0).path("position").asLong();
    Reply reply = post(PARKED + "/" + position + "/replay");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.body()).contains("dismiss");
  }
}
