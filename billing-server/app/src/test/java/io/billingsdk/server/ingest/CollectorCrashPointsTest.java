package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.testbed.FaultProxy;
import io.billingsdk.testbed.Proof;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("postgres")
class CollectorCrashPointsTest {
  private static final int EVENTS = 1_000;

  private final Testbed testbed = Testbed.get();

  @ParameterizedTest
  @EnumSource(Failpoint.class)
  void processThatDiesAt_anyPoint_countsEveryEventOnce(Failpoint failpoint) throws Exception {
    World world = testbed.world();
    BrokerAddress broker = testbed.broker("sdk");
    try (Database database = world.database();
        LightProducer producer = new LightProducer(broker, world.prefix(), "instance-1")) {
      producer.append(EVENTS);
      Process child = child(world, failpoint);
      producer.sendPending();
      // The first batches may have come before it subscribed.
      await()
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofSeconds(3))
          .until(
              () -> {
                if (child.isAlive()) {
                  producer.sendPending();
                }
                return !child.isAlive();
              });
      assertThat(child.exitValue()).isEqualTo(137);
      long storedAtTheKill = world.count("SELECT count(*) FROM usage_event");

      try (Collector next =
          new Collector(
              database,
              testbed.broker("collector"),
              world.prefix() + "-collector",
              world.prefix())) {
        next.start();
        producer.drain();
      }

      assertOnce(world);
      Proof.of("collector-crash-points")
          .with("point", failpoint)
          .with("events", EVENTS)
          .with("stored_at_kill", storedAtTheKill)
          .with("lost", Balance.lost(world, EVENTS))
          .with("double", Balance.doubled(world))
          .print();
    }
  }

  @Test
  void commitWhoseAnswerIsCut_isDoneAgain_countsEveryEventOnce() throws Exception {
    World world = testbed.world();
    AtomicInteger commits = new AtomicInteger();
    AtomicInteger cuts = new AtomicInteger();
    try (FaultProxy proxy = FaultProxy.to(testbed.databasePort());
        Database database = world.databaseVia(proxy.port());
        Collector collector =
            new Collector(
                database,
                testbed.broker("collector"),
                world.prefix() + "-collector",
                world.prefix(),
                reached -> {
                  if (reached == Failpoint.BEFORE_COMMIT && commits.incrementAndGet() == 1) {
                    // Each way takes a second now: the answer is still under way when it is cut.
                    proxy.delay(Duration.ofSeconds(1));
                    var unused =
                        CompletableFuture.runAsync(() -> cutOnceStored(world, proxy, cuts));
                  }
                },
                arrival -> arrival);
        LightProducer producer =
            new LightProducer(testbed.broker("sdk"), world.prefix(), "instance-1")) {
      collector.start();
      await().until(collector::isUp);
      producer.append(EVENTS);
      producer.drain();

      assertThat(cuts).as("cut while the answer was under way").hasValue(1);
      assertThat(commits.get()).isGreaterThan(1);
      assertOnce(world);
      Proof.of("collector-crash-points")
          .with("point", "COMMIT_ANSWER_CUT")
          .with("events", EVENTS)
          .with("commits", commits)
          .with("lost", Balance.lost(world, EVENTS))
          .with("double", Balance.doubled(world))
          .print();
    }
  }

  private static void cutOnceStored(World world, FaultProxy proxy, AtomicInteger cuts) {
    await()
        .pollInterval(Duration.ofMillis(50))
        .until(() -> world.count("SELECT count(*) FROM usage_event") > 0);
    proxy.cut();
    cuts.incrementAndGet();
    proxy.pass();
  }

  static void assertOnce(World world) throws Exception {
    assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(EVENTS);
    assertThat(world.count("SELECT count(DISTINCT (stream_id, seq)) FROM usage_event"))
        .isEqualTo(EVENTS);
    assertThat(world.count("SELECT sum(usage) FROM usage_event")).isEqualTo(EVENTS);
    assertThat(world.count("SELECT sum(events) FROM usage_rollup")).isEqualTo(EVENTS);
    assertThat(world.count("SELECT sum(usage) FROM usage_rollup")).isEqualTo(EVENTS);
    assertThat(world.count("SELECT highest_seq FROM stream")).isEqualTo(EVENTS);
    assertThat(world.count("SELECT count(*) FROM stream_gap")).isZero();
  }

  private Process child(World world, Failpoint failpoint) throws Exception {
    BrokerAddress broker = testbed.broker("collector");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            java,
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CollectorChild.class.getName(),
            world.server().url(),
            world.server().user(),
            Integer.toString(broker.port()),
            String.valueOf(broker.caPem()),
            world.prefix(),
            failpoint.name());
    builder.environment().put("DATABASE_PASSWORD", world.server().password());
    builder.redirectErrorStream(true);
    builder.redirectOutput(new File("target/collector-child-" + failpoint + ".log"));
    Process child = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(child::destroyForcibly));
    assertThat(child.waitFor(1, TimeUnit.MILLISECONDS)).isFalse();
    return child;
  }
}
