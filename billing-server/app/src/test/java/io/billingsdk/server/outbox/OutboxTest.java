package io.billingsdk.server.outbox;

import static io.billingsdk.server.outbox.OutboxWorld.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.common.Counts.Figure;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.outbox.OutboxSubscriber.DeliveredEvent;
import io.billingsdk.server.outbox.OutboxWorld.Noting;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("postgres")
class OutboxTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private OutboxWorld world;

  @BeforeEach
  void start() throws SQLException {
    world = new OutboxWorld();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private static Noting noting(String name) {
    return new Noting(name, event -> {});
  }

  @Test
  void add_committed_isDelivered_withWhatWasAdded() throws Exception {
    Noting subscriber = noting("one");
    world.know(subscriber);
    world.server(subscriber);
    DomainEvent added =
        DomainEvent.of(OutboxWorld.KIND, "a subject", Map.of("text", "ä\"'\\ :name"), "ann");
    world
        .database()
        .inTransaction(
            handle -> {
              Outbox.add(handle, added);
              return true;
            });

    await().atMost(PATIENCE).until(() -> subscriber.given().size() == 1);
    DeliveredEvent given = subscriber.given().get(0);
    assertThat(given.event().id()).isEqualTo(added.id());
    assertThat(given.event().kind()).isEqualTo(OutboxWorld.KIND);
    assertThat(given.event().subject()).isEqualTo("a subject");
    assertThat(given.event().payload()).isEqualTo("{\"text\": \"ä\\\"'\\\\ :name\"}");
    assertThat(given.event().actor()).isEqualTo("ann");
    assertThat(given.attempt()).isOne();
    await().atMost(PATIENCE).until(() -> world.count("state = 'delivered'") == 1);
  }

  @Test
  void add_rolledBack_leavesNothing() throws Exception {
    Noting subscriber = noting("one");
    world.know(subscriber);
    world.server(subscriber);
    assertThatThrownBy(
            () ->
                world
                    .database()
                    .inTransaction(
                        handle -> {
                          Outbox.add(handle, event("s", 1));
                          throw new IllegalStateException("planted");
                        }))
        .hasMessage("planted");
    world.add("s", 2);

    await().atMost(PATIENCE).until(() -> !subscriber.given().isEmpty());
    assertThat(subscriber.payloads()).containsExactly("{\"n\": 2}");
    assertThat(world.world().count("SELECT count(*) FROM outbox_event")).isOne();
    assertThat(world.count("true")).isOne();
  }

  @Test
  void add_kindThatNobodyWants_isKeptWithoutADelivery() throws Exception {
    Noting subscriber = noting("one");
    world.know(subscriber);
    world
        .database()
        .inTransaction(
            handle -> {
              Outbox.add(handle, DomainEvent.of("other.kind", "s", Map.of(), "ann"));
              return true;
            });

    assertThat(world.world().count("SELECT count(*) FROM outbox_event")).isOne();
    assertThat(world.count("true")).isZero();
  }

  /** An event that commits late stands below what was delivered, and is delivered all the same. */
  @Test
  void add_thatCommitsLate_isNotSkipped() throws Exception {
    Noting subscriber = noting("one");
    world.know(subscriber);
    world.server(subscriber);
    world
        .database()
        .inTransaction(
            late -> {
              Outbox.add(late, event("late", 1));
              world.add("early", 2);
              await().atMost(PATIENCE).until(() -> subscriber.given().size() == 1);
              return true;
            });

    await().atMost(PATIENCE).until(() -> subscriber.given().size() == 2);
    assertThat(subscriber.payloads()).containsExactly("{\"n\": 2}", "{\"n\": 1}");
    assertThat(subscriber.given().get(1).position())
        .isLessThan(subscriber.given().get(0).position());
  }

  /** Else a later position of a subject could be delivered before an earlier one. */
  @Test
  void add_toASubjectOfATransactionThatIsOpen_waitsForItsEnd() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<?> second =
          world
              .database()
              .inTransaction(
                  first -> {
                    Outbox.add(first, event("s", 1));
                    Future<?> begun =
                        other.submit(
                            () -> {
                              world.add("s", 2);
                              return true;
                            });
                    assertThatThrownBy(() -> begun.get(300, TimeUnit.MILLISECONDS))
                        .isInstanceOf(TimeoutException.class);
                    return begun;
                  });
      second.get(30, TimeUnit.SECONDS);
    } finally {
      other.shutdownNow();
    }
    assertThat(
            world
                .world()
                .count(
                    "SELECT count(*) FROM outbox_event a JOIN outbox_event b"
                        + " ON a.position < b.position WHERE a.payload->>'n' = '1'"
                        + " AND b.payload->>'n' = '2'"))
        .isOne();
  }

  @Test
  void poisonedEvent_isParkedAfterItsAttempts_andHoldsOnlyItsSubject_untilThen() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    Noting subscriber =
        new Noting(
            "one",
            event -> {
              if (event.event().payload().equals("{\"n\": 1}")) {
                attempts.incrementAndGet();
                throw new IllegalStateException("planted");
              }
            });
    world.know(subscriber);
    world.add("poisoned", 1);
    world.add("poisoned", 2);
    world.add("healthy", 3);
    world.add("healthy", 4);
    OutboxDelivery server = world.server(subscriber);

    await().atMost(PATIENCE).until(() -> subscriber.given().size() == 3);
    assertThat(subscriber.payloads())
        .containsExactlyInAnyOrder("{\"n\": 3}", "{\"n\": 4}", "{\"n\": 2}")
        .containsSubsequence("{\"n\": 3}", "{\"n\": 4}");
    assertThat(attempts).hasValue(OutboxWorld.QUICK.attempts());
    assertThat(world.count("state = 'parked' AND problem = 'IllegalStateException: planted'"))
        .isOne();
    await().atMost(PATIENCE).until(() -> figure(server, "billing.outbox.pending") == 0);
    assertThat(figure(server, "billing.outbox.parked")).isEqualTo(1);
  }

  private static double figure(OutboxDelivery server, String metric) {
    return server.figures().stream()
        .filter(each -> each.metric().equals(metric))
        .map(Figure::value)
        .findFirst()
        .orElseThrow()
        .getAsDouble();
  }

  /** A server that dies each time cannot count its attempts afterwards. */
  @Test
  void eventThatKillsItsServer_isParkedToo() throws Exception {
    Noting subscriber = noting("one");
    world.know(subscriber);
    world.add("deadly", 1);
    world.world().execute("UPDATE outbox_delivery SET attempts = " + OutboxWorld.QUICK.attempts());
    world.server(subscriber);

    await().atMost(PATIENCE).until(() -> world.count("state = 'parked'") == 1);
    assertThat(subscriber.given()).isEmpty();
  }

  @Test
  void eventThatFailedOnce_isGivenAgain_beforeTheNextOfItsSubject() throws Exception {
    AtomicBoolean failed = new AtomicBoolean();
    Noting subscriber =
        new Noting(
            "one",
            event -> {
              if (!failed.getAndSet(true)) {
                throw new IllegalStateException("planted");
              }
            });
    world.know(subscriber);
    world.add("s", 1);
    world.add("s", 2);
    world.server(subscriber);

    await().atMost(PATIENCE).until(() -> subscriber.given().size() == 2);
    assertThat(subscriber.payloads()).containsExactly("{\"n\": 1}", "{\"n\": 2}");
    assertThat(subscriber.given().get(0).attempt()).isEqualTo(2);
  }

  @Test
  void slowSubscriber_holdsUpNoOther() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Noting slow = new Noting("slow", event -> go.await());
    Noting quick = noting("quick");
    world.know(slow, quick);
    world.server(slow, quick);
    world.add("s", 1);
    world.add("s", 2);

    await().atMost(PATIENCE).until(() -> quick.given().size() == 2);
    assertThat(slow.given()).isEmpty();
    go.countDown();
    await().atMost(PATIENCE).until(() -> slow.given().size() == 2);
  }

  @Test
  void close_whileItDelivers_givesTheEventBack() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Noting hangs =
        new Noting(
            "one",
            event -> {
              begun.countDown();
              never.await();
            });
    world.know(hangs);
    world.add("s", 1);
    OutboxDelivery server = world.server(hangs);
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(world.count("attempts = 1 AND next_attempt_at > now()")).isOne();

    server.close();

    assertThat(world.count("attempts = 0 AND next_attempt_at <= now()")).isOne();
  }

  @Test
  void notification_thatWasMissed_theJobFindsTheEvent() throws Exception {
    Noting subscriber = noting("one");
    world.know(subscriber);
    Database database = world.database();
    // Not started: it hears nothing.
    Notifications deaf = new Notifications(database);
    try (OutboxDelivery server = new OutboxDelivery(database, deaf, List.of(subscriber))) {
      server.start();
      await().atMost(PATIENCE).until(() -> figure(server, "billing.outbox.pending") == 0);
      world.add("s", 1);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                server.jobs().get(0).run();
                return subscriber.given().size() == 1;
              });
    }
  }

  @Test
  void retention_deletesWhatIsOldAndDelivered_andNothingElse() throws Exception {
    Noting subscriber = noting("one");
    Noting gone = noting("gone");
    world.know(subscriber, gone);
    for (int n = 1; n <= 4; n++) {
      world.add("s" + n, n);
    }
    world.world().execute("UPDATE outbox_delivery SET state = 'delivered' WHERE position <> 3");
    world.world().execute("UPDATE outbox_delivery SET state = 'parked' WHERE position = 3");
    world
        .world()
        .execute(
            "UPDATE outbox_event SET created_at = now() - interval '31 days'"
                + " WHERE position <> 4");
    world
        .world()
        .execute(
            "UPDATE outbox_subscriber SET seen_at = now() - interval '15 days'"
                + " WHERE name = 'gone'");
    world.world().execute("UPDATE outbox_delivery SET state = 'pending' WHERE subscriber = 'gone'");

    new OutboxRetention(world.database()).run();

    assertThat(world.world().count("SELECT sum(position) FROM outbox_event")).isEqualTo(3 + 4);
    assertThat(world.count("subscriber = 'gone'")).isZero();
    assertThat(world.count("subscriber = 'one'")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "key", "Key.blocked", "key.blocked ", "key..blocked", ".blocked"})
  void event_kindThatIsNone_isRefused(String kind) {
    assertThatThrownBy(() -> DomainEvent.of(kind, "s", Map.of(), "ann"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kind must be");
  }

  @Test
  void delivery_twoSubscribersOfOneName_isRefused() {
    Notifications deaf = new Notifications(world.database());
    assertThatThrownBy(
            () ->
                new OutboxDelivery(world.database(), deaf, List.of(noting("same"), noting("same"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("same");
  }
}
