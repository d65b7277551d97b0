package io.billingsdk.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.notifications.WebhookLines.TakenWebhook;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which deliveries may be under way together. */
@Tag("postgres")
class WebhookLinesTest {
  private static final String URL = "https://hooks.example.com/in";
  private static final List<String> CUSTOMERS = List.of("acme", "bolt", "cord", "dune");
  private static final int THREADS = 8;

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private NotificationWorld world;

  @BeforeEach
  void start() throws Exception {
    world = new NotificationWorld(directory);
    for (String each : CUSTOMERS) {
      world.customer(each, each, "en");
    }
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    world.close();
  }

  private String endpoint(String owner) {
    return world.endpoints(owner).create(URL, List.of("*")).endpoint().id();
  }

  private void happens(String customer) {
    world.happens("subscription.renewed", customer, Map.of("plan", "pro"));
  }

  private Optional<TakenWebhook> take() {
    Instant now = world.instant();
    return world
        .database()
        .inTransaction(handle -> WebhookLines.take(handle, now, now.plus(Duration.ofMinutes(2))));
  }

  private <T> List<T> allAtOnce(Callable<T> work) throws Exception {
    List<T> found = new ArrayList<>();
    for (Future<T> each : threads.invokeAll(Collections.nCopies(THREADS, work))) {
      found.add(each.get());
    }
    return found;
  }

  @Test
  void take_byManyAtOnce_hasTwoOfAHealthyEndpoint_andOneOfAFailingOne() throws Exception {
    String hanging = endpoint("");
    CUSTOMERS.forEach(this::happens);
    assertThat(allAtOnce(this::take).stream().flatMap(Optional::stream)).hasSize(2);
    // Both hang until another server may have them.
    world.advance(Duration.ofMinutes(3));
    world
        .world()
        .execute(
            "UPDATE webhook_endpoint SET failing_since = now() WHERE endpoint_id = '"
                + hanging
                + "'");
    assertThat(allAtOnce(this::take).stream().flatMap(Optional::stream)).hasSize(1);
    String other = endpoint("acme");
    happens("acme");
    assertThat(take().map(TakenWebhook::endpointId)).contains(other);
    assertThat(take()).isEmpty();
  }

  @Test
  void replay_ofAnEarlierDelivery_waitsForALaterOneThatIsUnderWay() {
    String id = endpoint("acme");
    happens("acme");
    TakenWebhook first = take().orElseThrow();
    end(first);
    happens("acme");
    TakenWebhook second = take().orElseThrow();
    assertThat(world.endpoints("acme").replay(id, first.notice().eventId(), null)).isEqualTo(1);
    assertThat(take()).isEmpty();
    end(second);
    assertThat(take().map(TakenWebhook::number)).contains(first.number());
  }

  private void end(TakenWebhook taken) {
    Instant now = world.instant();
    WebhookLines.AttemptResult result =
        new WebhookLines.AttemptResult(now, Duration.ofMillis(1), 204, null, null);
    world
        .database()
        .useTransaction(
            handle -> {
              boolean unused = WebhookLines.delivered(handle, taken, result, now);
            });
  }

  @Test
  void databaseClock_asksTheDatabase() {
    Instant before = world.database().read(WebhookLinesTest::databaseTime);
    Instant found = new DatabaseClock(world.database()).instant();
    assertThat(found).isBetween(before, world.database().read(WebhookLinesTest::databaseTime));
  }

  private static Instant databaseTime(Handle handle) {
    return handle
        .createQuery("SELECT clock_timestamp() AS now")
        .map(ResultRow.to(row -> row.time("now")))
        .one();
  }

  @Test
  void create_byManyAtOnce_stopsAtTheBound() throws Exception {
    for (int i = 1; i < WebhookEndpoints.MOST; i++) {
      var unused = endpoint("");
    }
    List<Boolean> made = allAtOnce(this::isCreated);
    assertThat(made).containsOnlyOnce(true);
    assertThatThrownBy(() -> endpoint("")).isInstanceOf(RequestRefusedException.class);
  }

  private boolean isCreated() {
    try {
      var unused = endpoint("");
      return true;
    } catch (RequestRefusedException refused) {
      return false;
    }
  }
}
