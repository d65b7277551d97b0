package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.db.Notifications.ChannelSubscription;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.testbed.Proof;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class NotificationsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private World world;
  private Database database;
  private Notifications notifications;

  /** What a subscriber was given. */
  private static final class Given implements Notifications.NotificationListener {
    private final List<String> payloads = new CopyOnWriteArrayList<>();
    private final AtomicInteger looks = new AtomicInteger();

    @Override
    public void received(String payload) {
      payloads.add(payload);
    }

    @Override
    public void lookAgain() {
      looks.incrementAndGet();
    }
  }

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    database = world.database();
    notifications = new Notifications(database);
    notifications.start();
  }

  @AfterEach
  void stop() {
    notifications.close();
    database.close();
    executor.shutdownNow();
  }

  private Given subscribe(String channel) {
    Given given = new Given();
    notifications.subscribe(channel, executor, given);
    await().atMost(PATIENCE).until(() -> given.looks.get() == 1);
    return given;
  }

  private void say(String channel, List<String> payloads) {
    database.useTransaction(
        handle ->
            payloads.forEach(
                payload -> handle.execute("SELECT pg_notify(?, ?)", channel, payload)));
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  private long listeners() throws SQLException {
    return world.count(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND query LIKE 'LISTEN %'");
  }

  @Test
  void received_channelsOfTwo_eachHearsItsOwn_onOneConnection() throws Exception {
    Given one = subscribe("channel_one");
    Given two = subscribe("channel_two");
    Given twoToo = subscribe("channel_two");

    say("channel_one", List.of("a"));
    say("channel_two", List.of("b", "c"));

    await().atMost(PATIENCE).until(() -> twoToo.payloads.size() == 2 && two.payloads.size() == 2);
    await().atMost(PATIENCE).until(() -> one.payloads.size() == 1);
    assertThat(one.payloads).containsExactly("a");
    assertThat(two.payloads).containsExactly("b", "c");
    assertThat(twoToo.payloads).containsExactly("b", "c");
    assertThat(listeners()).isOne();
  }

  @Test
  void received_rolledBack_isNotHeard() throws Exception {
    Given given = subscribe("channel_one");
    assertThatThrownBy(
            () ->
                database.useTransaction(
                    handle -> {
                      handle.execute("NOTIFY channel_one, 'never'");
                      throw new IllegalStateException("planted");
                    }))
        .hasMessage("planted");
    say("channel_one", List.of("after"));

    await().atMost(PATIENCE).until(() -> !given.payloads.isEmpty());
    assertThat(given.payloads).containsExactly("after");
  }

  @Test
  void lookAgain_connectionKilled_comesAfterWhatWasHeard_andHearingGoesOn() throws Exception {
    Given given = subscribe("channel_one");
    say("channel_one", List.of("before"));
    await().atMost(PATIENCE).until(() -> given.payloads.size() == 1);

    world.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND query LIKE 'LISTEN %'");
    // Nobody listens now, perhaps: what is said is missed, and the subscriber looks again.
    say("channel_one", List.of("perhaps missed"));

    await().atMost(PATIENCE).until(() -> given.looks.get() == 2);
    say("channel_one", List.of("after"));
    await().atMost(PATIENCE).until(() -> given.payloads.contains("after"));
    assertThat(given.payloads).startsWith("before").endsWith("after");
  }

  /** Of a burst all are given or the subscriber looks again; the order is kept. */
  @Test
  void received_burst_isInOrder() throws Exception {
    Given given = subscribe("channel_one");
    List<String> burst = numbers(0, Notifications.WAITING);

    say("channel_one", burst);

    await().atMost(PATIENCE).until(() -> given.payloads.size() == burst.size());
    assertThat(given.payloads).containsExactlyElementsOf(burst);
  }

  @Test
  void slowSubscriber_losesTheNewest_looksAgain_andNobodyWaitsForIt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Given slow = new Given();
    notifications.subscribe(
        "channel_one",
        task ->
            executor.execute(
                () -> {
                  awaitUninterruptibly(go);
                  task.run();
                }),
        slow);
    Given quick = subscribe("channel_one");
    int said = 3 * Notifications.WAITING;
    for (int from = 0; from < said; from += 500) {
      say("channel_one", numbers(from, from + 500));
    }

    // What was lost at the quick one too, if it was held up, would hang this.
    await().atMost(PATIENCE).until(() -> quick.payloads.contains("" + (said - 1)));
    assertThat(slow.payloads).isEmpty();
    go.countDown();

    await().atMost(PATIENCE).until(() -> slow.looks.get() > 0 && slow.payloads.size() > 900);
    assertThat(slow.payloads).hasSizeLessThanOrEqualTo(Notifications.WAITING);
    assertThat(slow.payloads).containsExactlyElementsOf(numbers(0, slow.payloads.size()));
    Proof.of("notifications-slow")
        .with("said", said)
        .with("quick", quick.payloads.size())
        .with("slow", slow.payloads.size())
        .with("looked_again", slow.looks.get())
        .print();
  }

  @Test
  void received_listenerThatFails_isCalledAgain() throws Exception {
    Given given = new Given();
    notifications.subscribe(
        "channel_one",
        executor,
        new Notifications.NotificationListener() {
          @Override
          public void received(String payload) {
            given.received(payload);
            throw new IllegalStateException("planted");
          }

          @Override
          public void lookAgain() {
            given.lookAgain();
          }
        });
    await().atMost(PATIENCE).until(() -> given.looks.get() == 1);
    say("channel_one", List.of("a", "b"));

    await().atMost(PATIENCE).until(() -> given.payloads.size() == 2);
  }

  @Test
  void close_ofASubscription_andOfAll_endsTheCalls_andTheConnection() throws Exception {
    Given closed = new Given();
    ChannelSubscription subscription = notifications.subscribe("channel_one", executor, closed);
    Given open = subscribe("channel_one");
    subscription.close();
    say("channel_one", List.of("a"));
    await().atMost(PATIENCE).until(() -> open.payloads.size() == 1);
    assertThat(closed.payloads).isEmpty();

    notifications.close();

    await().atMost(PATIENCE).until(() -> listeners() == 0);
    say("channel_one", List.of("b"));
    assertThat(open.payloads).containsExactly("a");
  }

  @Test
  void subscribe_nameThatIsSql_isRefused() {
    assertThatThrownBy(() -> notifications.subscribe("a; DROP TABLE x", executor, new Given()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("channel must be");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
