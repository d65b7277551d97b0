package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.ledger.Strangers;
import io.billingsdk.server.tail.TailItem.TailSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class CollectorFaultsTest {
  private static final int FAULTS = 3;

  private final Testbed testbed = Testbed.get();

  @Test
  void batch_whoseStoringFailsByABug_isTriedAgain_andTheCollectorGoesOn() throws Exception {
    World world = testbed.world();
    AtomicInteger reached = new AtomicInteger();
    Failpoint.Hook fails =
        failpoint -> {
          if (failpoint == Failpoint.BEFORE_COMMIT && reached.incrementAndGet() <= FAULTS) {
            throw new IllegalStateException("planted");
          }
        };
    try (Database database = world.database();
        Collector collector =
            new Collector(
                database,
                testbed.broker("collector"),
                world.prefix() + "-collector",
                world.prefix(),
                fails,
                incomingMessage -> incomingMessage);
        LightProducer producer =
            new LightProducer(testbed.broker("sdk"), world.prefix(), "instance-1")) {
      collector.start();
      await().atMost(Duration.ofSeconds(30)).until(collector::isUp);
      producer.append(10);
      producer.drain();

      assertThat(reached.get()).isGreaterThan(FAULTS);
      assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(10);
      assertThat(world.count("SELECT sum(events) FROM usage_rollup")).isEqualTo(10);
    }
  }

  @Test
  void messagesOfQos0_beyondTheBound_areDroppedAndCounted_theOthersWait() throws Exception {
    World world = testbed.world();
    try (Database database = world.database()) {
      LedgerWriter writer =
          new LedgerWriter(
              database,
              TimeBounds.standard(),
              /* shard= */ 0,
              new Strangers(),
              Failpoint.Hook.NONE);
      // Not started: as with a database that is away, nothing is taken from what waits.
      QosZeroLimit limit = new QosZeroLimit();
      FairQueue queue = new FairQueue(1, limit);
      CollectorCounts counts = new CollectorCounts();
      CollectorLane stalled =
          new CollectorLane(
              0,
              database,
              writer,
              receipts -> {},
              TailSink.NONE,
              queue,
              counts,
              Failpoint.Hook.NONE);
      AtomicInteger confirmed = new AtomicInteger();
      int most = QosZeroLimit.WAITING / 2;
      for (int i = 0; i < most; i++) {
        assertThat(queue.add(arrival(/* repeated= */ false, confirmed))).isTrue();
      }
      assertThat(queue.add(arrival(/* repeated= */ false, confirmed))).isFalse();
      for (int i = 0; i < 10; i++) {
        assertThat(queue.add(arrival(/* repeated= */ true, confirmed))).isTrue();
      }

      assertThat(limit.dropped()).isEqualTo(1);
      assertThat(queue.waiting()).isEqualTo(most + 10);

      stalled.start();
      await().atMost(Duration.ofSeconds(60)).until(() -> queue.waiting() == 0);
      assertThat(queue.add(arrival(/* repeated= */ false, confirmed))).as("room again").isTrue();
      await().atMost(Duration.ofSeconds(30)).until(() -> confirmed.get() == most + 11);
      stalled.close();
    }
  }

  private static IncomingMessage arrival(boolean repeated, AtomicInteger confirmed) {
    return new IncomingMessage(
        "billing/report", 10, null, List.of(), null, repeated, confirmed::incrementAndGet);
  }
}
