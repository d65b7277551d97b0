package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.UsageSource;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.tail.LiveTail;
import io.billingsdk.server.tail.LiveTail.Subscription;
import io.billingsdk.server.tail.LiveTail.TailFilter;
import io.billingsdk.server.tail.TailItem;
import io.billingsdk.testbed.Proof;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two servers on one database and one broker, each with its tail, and a real producer. */
@Tag("postgres")
class LiveTailTest {
  private static final int EVENTS = 4_000;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private World world;
  private Database database;
  private LiveTail here;
  private LiveTail there;
  private LightProducer producer;

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    database = world.database();
    open.add(database);
    KeyAdmin keys = new KeyAdmin(database, null);
    keys.createApp("acme", "Acme");
    keys.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    here = server("a", database);
    Database other = world.database();
    open.add(other);
    there = server("b", other);
    producer = new LightProducer(Testbed.get().broker("sdk"), world.prefix(), "instance-1");
    open.add(producer);
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private LiveTail server(String id, Database of) {
    Notifications notifications = new Notifications(of);
    notifications.start();
    open.add(notifications);
    LiveTail tail = new LiveTail(of, notifications);
    tail.start();
    open.add(tail);
    BrokerAddress broker = Testbed.get().broker("collector");
    Collector collector =
        new Collector(
            of,
            UsageSource.subscribed(broker, world.prefix() + id, world.prefix()),
            world.prefix(),
            tail,
            this::failSometimes,
            arrival -> arrival);
    open.add(collector);
    collector.start();
    await().atMost(PATIENCE).until(collector::isUp);
    return tail;
  }

  private void failSometimes(Failpoint reached) {
    if (reached == Failpoint.BEFORE_COMMIT && failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new IllegalStateException("planted");
    }
  }

  private Subscription watch(LiveTail tail, TailFilter filter) {
    Subscription made = tail.subscribe(filter).orElseThrow();
    open.add(made);
    // Both servers know that somebody watches.
    await().atMost(PATIENCE).until(() -> here.isWanted() && there.isWanted());
    return made;
  }

  private static List<TailItem> take(Subscription from, int items) throws Exception {
    List<TailItem> taken = new ArrayList<>();
    while (taken.size() < items) {
      TailItem next = from.poll(PATIENCE);
      assertThat(next).as("after %d items", taken.size()).isNotNull();
      if (!(next instanceof TailItem.Lost none && none.atLeast() == 0)) {
        taken.add(next);
      }
    }
    return taken;
  }

  private static List<Long> numbers(List<TailItem> items) {
    return items.stream().map(item -> ((TailItem.Usage) item).seq()).sorted().toList();
  }

  private List<Long> reported(int events) throws Exception {
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      numbers.add(producer.append(1, System.currentTimeMillis(), null));
      producer.sendPending();
    }
    producer.drain();
    return numbers;
  }

  @Test
  void tail_twoServers_eachShowsWhatBothStore_onceAndCommitted() throws Exception {
    try (Subscription one = watch(here, TailFilter.ALL);
        Subscription two = watch(there, TailFilter.ALL)) {
      // Transactions that end before their COMMIT are done again, and are shown once.
      failures.set(3);
      List<Long> numbers = reported(60);

      assertThat(numbers(take(one, 60))).isEqualTo(numbers);
      assertThat(numbers(take(two, 60))).isEqualTo(numbers);
      assertThat(failures).hasValue(0);
      assertThat(one.poll(Duration.ofMillis(300))).isNull();
    }
    Proof.of("tail-two-servers").with("events", 60).with("missed", 0).with("twice", 0).print();
  }

  @Test
  void tail_event_hasWhatTheLedgerHas() throws Exception {
    Subscription all = watch(here, TailFilter.ALL);
    producer.append(2.5, System.currentTimeMillis(), null);
    reported(1);

    assertThat(take(all, 2))
        .anySatisfy(
            item -> {
              TailItem.Usage event = (TailItem.Usage) item;
              assertThat(event.usage()).isEqualByComparingTo("2.5");
              assertThat(event.app()).isEqualTo("acme");
              assertThat(event.key()).isEqualTo("k_1");
              assertThat(event.module()).isEqualTo("llm");
              assertThat(event.model()).isEqualTo("gpt-4");
              assertThat(event.instance()).isEqualTo("instance-1");
              assertThat(event.stream()).isEqualTo(producer.stream());
              assertThat(event.metadata()).contains("prompt_tokens");
            });
  }

  @Test
  void tail_refused_isShownWithItsReason() throws Exception {
    Subscription all = watch(here, TailFilter.ALL);
    long old =
        producer.append(1, System.currentTimeMillis() - Duration.ofDays(401).toMillis(), null);
    producer.drain();
    producer.publish(
        V2Topics.under(world.prefix()).usage("instance-1"),
        "not json".getBytes(StandardCharsets.UTF_8));

    List<TailItem> items = take(all, 2);

    assertThat(items.get(0))
        .isInstanceOfSatisfying(
            TailItem.Rejected.class,
            refused -> {
              assertThat(refused.code()).isEqualTo("TOO_OLD");
              assertThat(refused.detail()).contains("400 days");
              assertThat(refused.seq()).isEqualTo(old);
            });
    assertThat(items.get(1))
        .isInstanceOfSatisfying(
            TailItem.Rejected.class, refused -> assertThat(refused.code()).isEqualTo("MALFORMED"));
  }

  @Test
  void tail_listenerThatTakesNothing_losesAndIsTold_andNothingElseWaits() throws Exception {
    Subscription slow = watch(here, TailFilter.ALL);
    Subscription quick = watch(here, TailFilter.ALL);
    producer.append(EVENTS);
    producer.drain();
    assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(EVENTS);
    // What the quick one has heard of has been offered to the slow one too.
    assertThat(count(quick).total()).isEqualTo(EVENTS);

    TailCounts counts = count(slow);

    assertThat(counts.total()).isEqualTo(EVENTS);
    assertThat(counts.lost()).isPositive();
    Proof.of("tail-slow-listener")
        .with("events", EVENTS)
        .with("shown", counts.shown())
        .with("told_lost", counts.lost())
        .with("stored", EVENTS)
        .print();
  }

  private record TailCounts(long shown, long lost) {
    long total() {
      return shown + lost;
    }
  }

  private static TailCounts count(Subscription from) throws Exception {
    long shown = 0;
    long lost = 0;
    while (shown + lost < EVENTS) {
      TailItem next = from.poll(PATIENCE);
      assertThat(next).as("%d shown, %d lost", shown, lost).isNotNull();
      if (next instanceof TailItem.Lost some) {
        lost += some.atLeast();
      } else {
        shown++;
      }
    }
    return new TailCounts(shown, lost);
  }

  @Test
  void tail_connectionLost_isTold_andShownAgainAfterwards() throws Exception {
    Subscription all = watch(here, TailFilter.ALL);
    world.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            + " AND datname = current_database()"
            + " AND (query LIKE 'LISTEN %' OR query LIKE '%pg_notify%')");

    await().atMost(PATIENCE).until(() -> all.poll(Duration.ofMillis(100)) instanceof TailItem.Lost);
    await().atMost(PATIENCE).until(() -> here.isWanted() && there.isWanted());
    List<Long> numbers = reported(5);
    assertThat(numbers(take(all, 5))).isEqualTo(numbers);
  }

  @Test
  void tail_nobodyWatches_asksNothingOfTheCollector_andTooManyAreRefused() {
    assertThat(here.isWanted()).isFalse();
    for (int i = 0; i < LiveTail.PLACES; i++) {
      open.add(here.subscribe(TailFilter.ALL).orElseThrow());
    }
    assertThat(here.subscribe(TailFilter.ALL)).isEmpty();
  }
}
