package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Event;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.testbed.Proof;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Five promises, and the bug that would break each, planted: the test of a promise must fail when
 * its bug is there, or it is no test.
 */
@Tag("simulation")
class PlantedBugsTest {
  private static final UnaryOperator<IncomingMessage> AS_IT_IS = UnaryOperator.identity();

  private final Testbed testbed = Testbed.get();

  @Test
  void receipt_whenItArrives_theLedgerHoldsItsEvents() throws Exception {
    receiptIsTrue(/* planted= */ false);
    assertCaught("receipt-before-commit", () -> receiptIsTrue(/* planted= */ true));
  }

  @Test
  void event_whoseCollectorDiesBeforeItsCommit_isCollectedByTheNext() throws Exception {
    survivesDeath(AS_IT_IS, new ConcurrentLinkedQueue<>());
    Queue<IncomingMessage> seen = new ConcurrentLinkedQueue<>();
    UnaryOperator<IncomingMessage> remember =
        arrival -> {
          seen.add(arrival);
          return arrival;
        };
    assertCaught("ack-before-commit", () -> survivesDeath(remember, seen));
  }

  @Test
  void event_thatWasTakenInAndNotStored_isNotAcknowledged() throws Exception {
    UnaryOperator<IncomingMessage> autoAck =
        arrival -> {
          arrival.confirmation().run();
          return arrival;
        };
    assertCaught("auto-ack", () -> survivesDeath(autoAck, new ConcurrentLinkedQueue<>()));
  }

  @Test
  void event_thatComesTwice_isCountedOnce() throws Exception {
    countsOnce(/* planted= */ false);
    assertCaught("no-unique-index", () -> countsOnce(/* planted= */ true));
  }

  @Test
  void messages_moreThanTheWindow_allOfThemMalformed_holdBackNoOther() throws Exception {
    goesOnAfterRefusals(AS_IT_IS);
    UnaryOperator<IncomingMessage> forget =
        arrival ->
            new IncomingMessage(
                arrival.topic(),
                arrival.bytes(),
                arrival.instance(),
                arrival.entries(),
                arrival.malformed(),
                arrival.repeated(),
                () -> {});
    assertCaught("confirm-forgotten", () -> goesOnAfterRefusals(forget));
  }

  /** A promise: throws an AssertionError when it is broken. */
  @FunctionalInterface
  private interface Promise {
    void check() throws Exception;
  }

  private static void assertCaught(String bug, Promise promise) {
    assertThatThrownBy(promise::check).isInstanceOf(AssertionError.class);
    String test =
        StackWalker.getInstance()
            .walk(frames -> frames.skip(1).findFirst().orElseThrow().getMethodName());
    Proof.of("collector-planted-bugs").with("bug", bug).with("caught_by", test).print();
  }

  private void receiptIsTrue(boolean planted) throws Exception {
    World world = testbed.world();
    AtomicReference<LightProducer> producers = new AtomicReference<>();
    AtomicReference<Long> storedAtTheReceipt = new AtomicReference<>();
    Failpoint.Hook hook =
        reached -> {
          if (planted && reached == Failpoint.BEFORE_COMMIT) {
            publishReceipt(world, Objects.requireNonNull(producers.get()).stream());
            // As long as a slow COMMIT takes.
            await().atMost(Duration.ofSeconds(20)).until(() -> storedAtTheReceipt.get() != null);
          }
        };
    try (Database database = world.database();
        Collector collector = collecting(world, database, "a", hook, AS_IT_IS);
        LightProducer producer = producer(world)) {
      producers.set(producer);
      producer.onReceipt(
          receipt -> {
            try {
              storedAtTheReceipt.compareAndSet(
                  null, world.count("SELECT count(*) FROM usage_event"));
            } catch (java.sql.SQLException e) {
              throw new AssertionError(e);
            }
          });
      up(collector);
      producer.append(10);
      producer.sendPending();
      await().atMost(Duration.ofSeconds(30)).until(() -> storedAtTheReceipt.get() != null);
      assertThat(storedAtTheReceipt.get()).isEqualTo(10);
    }
  }

  /** What a collector that sends receipts too early would send. */
  private void publishReceipt(World world, UUID stream) {
    Receipt receipt = new Receipt(stream, List.of(new SeqRange(1, 10)), List.of(), List.of());
    try (LightProducer voice =
        new LightProducer(testbed.broker("collector"), world.prefix(), "early-collector")) {
      voice.publish(V2Topics.under(world.prefix()).receipts("instance-1"), receipt.encode());
    }
  }

  /** Events of protocol v1: nobody sends them again when they were acknowledged. */
  private void survivesDeath(
      UnaryOperator<IncomingMessage> arrivals, Queue<IncomingMessage> ackedEarly) throws Exception {
    World world = testbed.world();
    CountDownLatch died = new CountDownLatch(1);
    Failpoint.Hook dies =
        reached -> {
          if (reached == Failpoint.BEFORE_COMMIT) {
            ackedEarly.forEach(arrival -> arrival.confirmation().run());
            died.countDown();
            throw new Death();
          }
        };
    try (Database database = world.database();
        LightProducer producer = producer(world)) {
      try (Collector first = collecting(world, database, "same", dies, arrivals)) {
        up(first);
        for (int seq = 1; seq <= 20; seq++) {
          producer.publish(world.prefix() + "/report", report(producer.stream(), seq));
        }
        // What was acknowledged before is on its way: the connection ends in order.
        assertThat(died.await(30, TimeUnit.SECONDS)).as("the collector has died").isTrue();
      }
      assertThat(world.count("SELECT count(*) FROM usage_event")).isZero();
      try (Collector next = collecting(world, database, "same", Failpoint.Hook.NONE, AS_IT_IS)) {
        up(next);
        assertArrive(world, 20);
      }
    }
  }

  private void countsOnce(boolean planted) throws Exception {
    World world = testbed.world();
    if (planted) {
      world.execute("ALTER TABLE event_identity DROP CONSTRAINT event_identity_is_unique");
    }
    try (Database database = world.database();
        Collector collector = collecting(world, database, "a", Failpoint.Hook.NONE, AS_IT_IS);
        LightProducer producer = producer(world)) {
      up(collector);
      for (int time = 0; time < 2; time++) {
        producer.put(1, 1, 1_790_000_000_000L, null);
        producer.drain();
        // What the row of a stream says is a shortcut: alone it must not count anything twice.
        world.execute("UPDATE stream SET highest_seq = 0");
      }
      assertThat(world.count("SELECT count(*) FROM usage_event")).isOne();
    }
  }

  private void goesOnAfterRefusals(UnaryOperator<IncomingMessage> arrivals) throws Exception {
    World world = testbed.world();
    try (Database database = world.database();
        Collector collector = collecting(world, database, "a", Failpoint.Hook.NONE, arrivals);
        LightProducer producer = producer(world)) {
      up(collector);
      for (int i = 0; i < 300; i++) {
        producer.send("no JSON".getBytes(StandardCharsets.UTF_8));
      }
      producer.append(10);
      producer.sendPending();
      assertArrive(world, 10);
    }
  }

  private static void assertArrive(World world, int events) {
    try {
      await()
          .atMost(Duration.ofSeconds(8))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> world.count("SELECT count(*) FROM usage_event") >= events);
    } catch (org.awaitility.core.ConditionTimeoutException missing) {
      throw new AssertionError("events are missing", missing);
    }
  }

  private Collector collecting(
      World world,
      Database database,
      String id,
      Failpoint.Hook failpoints,
      UnaryOperator<IncomingMessage> arrivals) {
    Collector collector =
        new Collector(
            database,
            testbed.broker("collector"),
            world.prefix() + "-" + id,
            world.prefix(),
            failpoints,
            arrivals);
    collector.start();
    return collector;
  }

  private LightProducer producer(World world) {
    return new LightProducer(testbed.broker("sdk"), world.prefix(), "instance-1");
  }

  private static void up(Collector collector) {
    await().atMost(Duration.ofSeconds(30)).until(collector::isUp);
  }

  private static byte[] report(UUID stream, long seq) throws Exception {
    byte[] event =
        V1Codec.encode(
                new V1Event(
                    null,
                    "bk_test_" + KeyRef.sha256("any").substring(0, 8),
                    "llm",
                    "gpt-4",
                    1,
                    System.currentTimeMillis(),
                    null))
            .orElseThrow();
    return V1Codec.message(event, stream, seq);
  }

  /** The collector's thread ends as if its process had. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }
}
