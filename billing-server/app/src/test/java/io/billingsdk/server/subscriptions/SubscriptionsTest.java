package io.billingsdk.server.subscriptions;

import static io.billingsdk.server.subscriptions.SubscriptionWorld.plain;
import static io.billingsdk.server.subscriptions.SubscriptionWorld.toPlan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.subscriptions.MigrationRows.Migration;
import io.billingsdk.server.subscriptions.Migrations.Forecast;
import io.billingsdk.server.subscriptions.Order.Alter;
import io.billingsdk.server.subscriptions.Order.Begin;
import io.billingsdk.server.subscriptions.Order.OrderKind;
import io.billingsdk.testbed.Proof;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a real PostgreSQL. */
@Tag("postgres")
class SubscriptionsTest {
  private SubscriptionWorld world;

  @BeforeEach
  void open() throws SQLException {
    world = new SubscriptionWorld();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void start_isStoredWithItsEventSegmentEntryAndNotice() throws SQLException {
    UUID id = world.start("acme", "pro");
    assertThat(world.contradictions(id)).isEmpty();
    assertThat(world.heard).containsExactly("acme Granted");
    assertThat(
            world.world.count(
                "SELECT count(*) FROM outbox_event WHERE kind = 'subscription.started'"
                    + " AND subject = 'customer/acme'"))
        .isEqualTo(1);
    List<SubscriptionEvent> events = world.subscriptions.events(id, 0, 10);
    assertThat(events).hasSize(1);
    assertThat(events.get(0).lines().get(0).amount()).hasToString("19.65 USD");
  }

  /** A payment has the lock of the customer's events first too, and the keys after it. */
  @Test
  void listeners_hearOfAChange_afterItsEvent() {
    List<Long> before = new ArrayList<>();
    EntitlementsListener keys =
        (handle, customer, access, at) ->
            before.add(
                handle
                    .createQuery(
                        "SELECT count(*) FROM outbox_event WHERE subject = 'customer/acme'")
                    .mapTo(Long.class)
                    .one());
    Subscriptions subscriptions =
        new Subscriptions(
            world.database,
            SubscriptionWorld.TESTER,
            world.surroundings,
            new ChangeNotices(List.of(keys)));
    UUID id =
        subscriptions
            .start(new Begin("acme", "pro", null, null, ProrationRule.DAYS, null))
            .after()
            .orElseThrow()
            .id();
    var unused =
        subscriptions.change(
            id, new Alter(OrderKind.CANCEL, null, null, Timing.NOW, null, null, null));
    assertThat(before).containsExactly(1L, 2L);
  }

  @Test
  void second_subscriptionOfACustomer_isRefused_untilTheFirstIsCancelled() {
    UUID id = world.start("acme", "pro");
    assertThatThrownBy(() -> world.start("acme", "free"))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("acme has a subscription that is not cancelled");
    world.change(id, new Alter(OrderKind.CANCEL, null, null, Timing.NOW, null, null, null));
    world.start("acme", "free");
    assertThatThrownBy(() -> world.change(id, plain(OrderKind.REACTIVATE)))
        .hasMessageContaining("acme has a subscription that is not cancelled");
  }

  @Test
  void start_backdatedIntoASubscriptionThatHasEnded_isRefused_andAtItsEndItHappens() {
    UUID old = world.start("acme", "pro");
    Instant end = world.surroundings.now.plus(Duration.ofMinutes(30));
    world.surroundings.now = end;
    world.change(old, new Alter(OrderKind.CANCEL, null, null, Timing.NOW, null, null, null));
    world.surroundings.now = end.plus(Duration.ofMinutes(20));
    assertThatThrownBy(() -> world.start("acme", "free", end.minusNanos(1_000)))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("at must be at or after " + end);
    UUID next = world.start("acme", "free", end);
    assertThat(world.subscriptions.require(next).segments().get(0).from()).isEqualTo(end);
    assertThat(world.start("other", "free", end.minusNanos(1_000))).isNotNull();
  }

  @Test
  void reactivation_backdatedIntoASubscriptionThatHasEnded_isRefused_andAtItsEndItHappens() {
    UUID first = world.start("acme", "pro");
    world.change(first, new Alter(OrderKind.CANCEL, null, null, Timing.NOW, null, null, null));
    UUID second = world.start("acme", "free");
    Instant end = world.surroundings.now.plus(Duration.ofMinutes(30));
    world.surroundings.now = end;
    world.change(second, new Alter(OrderKind.CANCEL, null, null, Timing.NOW, null, null, null));
    world.surroundings.now = end.plus(Duration.ofMinutes(20));
    assertThatThrownBy(() -> world.change(first, reactivated(end.minusSeconds(1))))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("at must be at or after " + end);
    world.change(first, reactivated(end));
    assertThat(world.subscriptions.require(first).state()).isEqualTo(SubscriptionState.ACTIVE);
  }

  private static Alter reactivated(Instant at) {
    return new Alter(OrderKind.REACTIVATE, null, null, null, null, null, at);
  }

  @Test
  void refused_change_leavesNothing() throws SQLException {
    UUID id = world.start("acme", "pro");
    assertThatThrownBy(() -> world.change(id, plain(OrderKind.RESUME)))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("not_paused");
    assertThatThrownBy(
            () ->
                world.change(
                    id,
                    new Alter(
                        OrderKind.PAUSE,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Instant.parse("2026-03-11T10:59:59Z"))))
        .hasMessageContaining("at must be from 2026-03-11T11:00:00Z");
    assertThatThrownBy(
            () -> world.change(id, new Alter(OrderKind.PAUSE, null, null, null, null, 7L, null)))
        .hasMessageContaining("revision 1");
    assertThat(world.subscriptions.require(id).revision()).isEqualTo(1);
    assertThat(world.contradictions(id)).isEmpty();
  }

  @Test
  void failingListener_takesTheChangeBack() throws SQLException {
    ChangeNotices failing =
        new ChangeNotices(
            List.of(
                (Handle handle, String customer, CustomerAccess access, Instant at) -> {
                  throw new IllegalStateException("planted");
                }));
    Subscriptions service =
        new Subscriptions(world.database, SubscriptionWorld.TESTER, world.surroundings, failing);
    UUID id = world.start("acme", "pro");
    assertThatThrownBy(() -> service.change(id, toPlan("enterprise"))).hasMessage("planted");
    assertThat(world.subscriptions.require(id).revision()).isEqualTo(1);
    assertThat(world.contradictions(id)).isEmpty();
  }

  @Test
  void twoChanges_atTheSameTime_oneHappensAndTheOtherIsRefused() throws Exception {
    int rounds = 25;
    int refused = 0;
    List<String> wrong = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      UUID id = world.start("c" + round, "free");
      CyclicBarrier bothHaveRead = new CyclicBarrier(2);
      world.surroundings.beforeCurrent = () -> await(bothHaveRead);
      List<String> said = together(id, toPlan("pro"), toPlan("enterprise"));
      world.surroundings.beforeCurrent = null;
      refused += (int) said.stream().filter(each -> each.contains("at the same time")).count();
      wrong.addAll(world.contradictions(id));
      if (said.stream().filter(each -> each.equals("done")).count() != 1) {
        wrong.add("round " + round + ": " + said);
      }
    }
    Proof.of("subscription-races")
        .with("rounds", rounds)
        .with("changes", 2 * rounds)
        .with("refused", refused)
        .with("wrong", wrong.size())
        .print();
    assertThat(wrong).isEmpty();
    assertThat(refused).isEqualTo(rounds);
  }

  @Test
  void twoStarts_atTheSameTime_makeOneSubscription() throws Exception {
    CyclicBarrier bothHaveRead = new CyclicBarrier(2);
    world.surroundings.beforeCurrent = () -> await(bothHaveRead);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<String>> both = new ArrayList<>();
      for (String plan : List.of("pro", "free")) {
        both.add(threads.submit(() -> said(() -> world.start("acme", plan))));
      }
      List<String> said = List.of(both.get(0).get(), both.get(1).get());
      assertThat(said).containsOnlyOnce("done");
      assertThat(said).anyMatch(each -> each.contains("a subscription that is not cancelled"));
    } finally {
      threads.shutdownNow();
    }
    assertThat(world.world.count("SELECT count(*) FROM subscription")).isEqualTo(1);
    assertThat(world.world.count("SELECT count(*) FROM subscription_event")).isEqualTo(1);
  }

  @Test
  void start_andReactivation_atTheSameTime_leaveOneThatIsNotCancelled() throws Exception {
    UUID old = world.start("acme", "pro");
    world.change(old, new Alter(OrderKind.CANCEL, null, null, Timing.NOW, null, null, null));
    CyclicBarrier bothHaveRead = new CyclicBarrier(2);
    world.surroundings.beforeNow = () -> await(bothHaveRead);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<String> one = threads.submit(() -> said(() -> world.start("acme", "free")));
      Future<String> other =
          threads.submit(() -> said(() -> world.change(old, plain(OrderKind.REACTIVATE))));
      assertThat(List.of(one.get(60, TimeUnit.SECONDS), other.get(60, TimeUnit.SECONDS)))
          .containsOnlyOnce("done")
          .anyMatch(each -> each.contains("a subscription that is not cancelled"));
    } finally {
      threads.shutdownNow();
    }
    assertThat(world.world.count("SELECT count(*) FROM subscription WHERE state <> 'cancelled'"))
        .isEqualTo(1);
  }

  @Test
  void year_inOneCall_happensInOrder() throws SQLException {
    world.surroundings.zone("acme", ZoneId.of("Europe/Berlin"));
    UUID id = world.start("acme", "enterprise");
    world.change(id, toPlan("pro"));
    world.surroundings.now = world.surroundings.now.plus(Duration.ofDays(365));
    world.subscriptions.catchUpOf("acme");
    List<SubscriptionEvent> events = world.subscriptions.events(id, 0, 100);
    assertThat(events).hasSize(14);
    assertThat(events).extracting(SubscriptionEvent::at).isSorted();
    assertThat(events.get(2).at()).isEqualTo("2026-03-31T22:00:00Z");
    assertThat(events.get(2).actor()).isEqualTo("time");
    assertThat(events.subList(2, 14))
        .allSatisfy(each -> assertThat(each.lines().get(0).amount()).hasToString("29.00 USD"));
    assertThat(world.heard).containsExactly("acme Granted", "acme Granted");
    assertThat(world.contradictions(id)).isEmpty();
    world.subscriptions.catchUpOf("acme");
    assertThat(world.subscriptions.require(id).revision()).isEqualTo(14);
  }

  @Test
  void clock_ofTheServer_letsEndsHappen_alsoAfterAPause() throws SQLException {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(world.start("c" + i, i == 0 ? "free" : "pro"));
    }
    world.change(ids.get(1), plain(OrderKind.CANCEL));
    world.surroundings.now = Instant.parse("2026-06-15T00:00:00Z");
    Subscriptions byTime =
        new Subscriptions(
            world.database, new Actor(Subscriptions.TIME), world.surroundings, world.notices);
    new SubscriptionClock(world.database, byTime).run();
    assertThat(world.subscriptions.require(ids.get(0)).revision()).isEqualTo(4);
    assertThat(world.subscriptions.require(ids.get(1)).state())
        .isEqualTo(SubscriptionState.CANCELLED);
    for (UUID id : ids) {
      assertThat(world.contradictions(id)).isEmpty();
    }
    assertThat(world.heard).contains("c1 cancelled");
  }

  @Test
  void access_andPeriod_areThoseOfTheMoment() {
    assertThat(world.subscriptions.accessOf("acme", world.surroundings.now))
        .isInstanceOf(CustomerAccess.Unmanaged.class);
    UUID id = world.start("acme", "pro");
    Instant start = world.surroundings.now;
    world.surroundings.now = start.plus(Duration.ofDays(2));
    world.change(id, new Alter(OrderKind.CANCEL, null, null, Timing.NOW, null, null, null));
    assertThat(world.subscriptions.accessOf("acme", start.plus(Duration.ofDays(1))))
        .isInstanceOf(CustomerAccess.Granted.class);
    assertThat(world.subscriptions.accessOf("acme", world.surroundings.now))
        .isEqualTo(new CustomerAccess.Barred("cancelled"));
    assertThat(world.subscriptions.accessOf("acme", start.minusSeconds(1)))
        .isInstanceOf(CustomerAccess.Unmanaged.class);
    assertThat(world.subscriptions.billingPeriod("acme", start).orElseThrow().end())
        .isEqualTo("2026-04-01T00:00:00Z");
  }

  @Test
  void newVersion_touchesNobody_andAMigrationIsResumed() throws SQLException {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      ids.add(world.start("c" + i, "pro"));
    }
    for (UUID id : ids.subList(0, 3)) {
      world.change(id, plain(OrderKind.CANCEL));
    }
    world.surroundings.publish("pro", 2, "31.00");
    assertThat(ids).allMatch(id -> world.subscriptions.require(id).plan().version() == 1);

    MigrationTerms terms = new MigrationTerms("pro", 1, 2, Timing.AT_PERIOD_END);
    Forecast forecast = migrations().preview(terms);
    assertThat(forecast.subscriptions()).isEqualTo(30);
    assertThat(forecast.refused()).containsExactly(java.util.Map.entry("cancel_pending", 3L));
    assertThat(forecast.lines()).hasToString("0.00 USD");
    assertThat(forecast.perPeriod()).hasToString("54.00 USD");
    assertThat(world.world.count("SELECT count(*) FROM subscription_event")).isEqualTo(33);

    Migration started = migrations().start(terms);
    assertThat(migrations().goOn(11)).isEqualTo(11);
    assertThat(migrations().require(started.id()).finishedAt()).isNull();
    // Another server, after the first one has stopped.
    assertThat(migrations().goOn(1_000)).isEqualTo(19);
    Migration done = migrations().require(started.id());
    assertThat(done.finishedAt()).isNotNull();
    assertThat(done.migrated()).isEqualTo(27);
    assertThat(done.refused()).isEqualTo(3);
    assertThat(migrations().goOn(1_000)).isZero();
    long again = migratedTwice();
    assertThat(again).isZero();
    for (UUID id : ids) {
      assertThat(world.contradictions(id)).isEmpty();
    }
    // A migration that forgets its place does it twice, and is found.
    world.world.execute("UPDATE subscription_migration SET done_up_to = NULL, finished_at = NULL");
    assertThat(migrations().goOn(5)).isEqualTo(5);
    long planted = migratedTwice();
    assertThat(planted).isBetween(2L, 5L);
    Proof.of("subscription-migration")
        .with("subscriptions", 30)
        .with("migrated", done.migrated())
        .with("refused", done.refused())
        .with("twice", again)
        .with("plantedFound", planted)
        .print();
  }

  private long migratedTwice() throws SQLException {
    return world.world.count(
        "SELECT count(*) FROM (SELECT 1 FROM subscription_event WHERE act = 'migrate'"
            + " GROUP BY subscription_id HAVING count(*) > 1) AS twice");
  }

  @Test
  void migrationNow_bringsTheLinesOfItsForecast() {
    UUID id = world.start("acme", "pro");
    world.surroundings.publish("pro", 2, "31.00");
    MigrationTerms terms = new MigrationTerms("pro", 1, 2, Timing.NOW);
    // 19.65 come back, and 31.00 x 21/31 is 21.00.
    assertThat(migrations().preview(terms).lines()).hasToString("1.35 USD");
    var unused = migrations().start(terms);
    assertThat(migrations().goOn(10)).isEqualTo(1);
    assertThat(world.subscriptions.events(id, 1, 10).get(0).lines())
        .extracting(line -> line.amount().toString())
        .containsExactly("-19.65 USD", "21.00 USD");
  }

  @Test
  void migration_ofOneVersion_leavesASubscriptionThatHasAnotherByNow() {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(world.start("c" + i, "pro"));
    }
    ids.sort(Comparator.comparing(UUID::toString));
    world.surroundings.publish("pro", 2, "31.00");
    world.surroundings.publish("pro", 3, "33.00");
    Migration started = migrations().start(new MigrationTerms("pro", 1, 3, Timing.NOW));
    // After the migration has listed all three, an operator is faster with the last one.
    world.surroundings.beforeNow =
        () -> {
          world.surroundings.beforeNow = null;
          world.change(
              ids.get(2), new Alter(OrderKind.MIGRATE, null, 2, Timing.NOW, null, null, null));
        };
    assertThat(migrations().goOn(10)).isEqualTo(3);
    assertThat(ids)
        .extracting(id -> world.subscriptions.require(id).plan().version())
        .containsExactly(3, 3, 2);
    assertThat(migrations().require(started.id()).migrated()).isEqualTo(2);
    assertThat(migrations().require(started.id()).refused()).isEqualTo(1);
  }

  private Migrations migrations() {
    return new Migrations(
        world.database, SubscriptionWorld.TESTER, world.surroundings, world.notices);
  }

  private List<String> together(UUID id, Alter one, Alter other) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<String> first = threads.submit(() -> said(() -> world.change(id, one)));
      Future<String> second = threads.submit(() -> said(() -> world.change(id, other)));
      return List.of(first.get(60, TimeUnit.SECONDS), second.get(60, TimeUnit.SECONDS));
    } finally {
      threads.shutdownNow();
    }
  }

  private static String said(Runnable work) {
    try {
      work.run();
      return "done";
    } catch (RequestRefusedException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      int unused = barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception broken) {
      throw new IllegalStateException(broken);
    }
  }
}
