package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class DatabaseOutageTest {
  private static final Duration OUTAGE =
      Duration.ofSeconds(Integer.getInteger("outage.seconds", 30));
  private static final int EVENTS = 3_000;

  private final Testbed testbed = Testbed.get();

  @Test
  void database_awayWhileTheBrokerRestarts_losesNothing_andCatchesUpByItself() throws Exception {
    World world = testbed.world();
    try (Database database = world.database();
        Collector collector =
            new Collector(
                database,
                testbed.broker("collector"),
                world.prefix() + "-collector",
                world.prefix());
        LightProducer producer =
            new LightProducer(testbed.broker("sdk"), world.prefix(), "instance-1")) {
      collector.start();
      await().atMost(Duration.ofSeconds(30)).until(collector::isUp);
      producer.append(EVENTS / 3);
      producer.drain();

      testbed.stopDatabase();
      long begun = System.nanoTime();
      producer.append(EVENTS / 3);
      producer.sendPending();
      testbed.restartBroker();
      await().atMost(Duration.ofSeconds(60)).until(collector::isUp);
      int connections = collector.connections();
      producer.append(EVENTS / 3);
      producer.sendPending();
      Pace.until(begun + OUTAGE.toNanos());
      assertThat(producer.pending()).as("nothing is receipted meanwhile").isEqualTo(EVENTS * 2 / 3);
      int repeated = collector.connections() - connections;
      testbed.startDatabase();

      long back = System.nanoTime();
      producer.drain();
      long caughtUpMillis = (System.nanoTime() - back) / 1_000_000;
      assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(EVENTS);
      assertThat(world.count("SELECT sum(usage) FROM usage_rollup")).isEqualTo(EVENTS);
      assertThat(repeated).as("connections made again while the database was away").isZero();
      Proof.of("database-outage")
          .with("seconds", OUTAGE.toSeconds())
          .with("events", EVENTS)
          .with("lost", Balance.lost(world, EVENTS))
          .with("double", Balance.doubled(world))
          .with("reconnects_after_broker_restart", repeated)
          .with("caught_up_ms", caughtUpMillis)
          .print();
    }
  }
}
