package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key that is blocked is refused everywhere at once, stays so, and is known without a broker. */
final class KeyRevocationTest {
  private static final String PROOF = "key-revocation";
  private static final int PROCESSES = 4;
  private static final int INSTANCES = Integer.getInteger("system.instances", 1_000);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path directory;

  @BeforeAll
  static void require() {
    World.require(PROOF);
  }

  @Test
  void block_thousandInstances_allRefuseWithinASecondAndForGood() throws Exception {
    try (World world = World.start(directory, Plant.NONE, 2, 1);
        Instances instances = new Instances(world.broker())) {
      for (int i = 0; i < PROCESSES; i++) {
        instances.start("fleet-" + i, INSTANCES / PROCESSES);
      }
      instances.awaitReady();
      long commanded = System.currentTimeMillis();
      world.collectors().tell("BLOCK");
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> instances.refusedAtMillis().size() == INSTANCES);
      world.collectors().tell("REPLAY");
      world.collectors().tell("MARK");
      Awaitility.await().atMost(PATIENCE).until(() -> instances.marked() == INSTANCES);

      long[] millis =
          instances.refusedAtMillis().values().stream()
              .mapToLong(at -> at - commanded)
              .sorted()
              .toArray();
      String each = "CHECKED allowed=0 blocked=" + INSTANCES / PROCESSES + " unavailable=0";
      long changed = instances.check().stream().filter(answer -> !answer.equals(each)).count();
      Size.proof(PROOF)
          .with("collector", "model")
          .with("instances", INSTANCES)
          .with("processes", PROCESSES)
          .with("p50_ms", millis[millis.length / 2])
          .with("p99_ms", millis[millis.length * 99 / 100])
          .with("max_ms", millis[millis.length - 1])
          .with("refused", millis.length)
          .with("processes_revived_by_older_updates", changed)
          .print();
      assertThat(changed).isZero();
      assertThat(millis[millis.length * 99 / 100]).isLessThan(1_000);
    }
  }

  @Test
  void coldStart_withoutBroker_servesFromTheSnapshotUntilItIsTooOld() throws Exception {
    Path journal = directory.resolve("instance-journal");

    try (World world = World.start(directory, Plant.NONE, 2, 1)) {
      try (Instances before = new Instances(world.broker())) {
        before.start("cold", 1, "journal=" + journal, "staleness=20");
        before.awaitReady();
        Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(journal.resolve("keys")));
      }
      world.broker().kill();
      long started = System.nanoTime();
      try (Instances after = new Instances(world.broker())) {
        after.start("cold", 1, "journal=" + journal, "staleness=20", "awaitReady=0");
        after.awaitReady();
        String first = after.check().get(0);
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> after.check().get(0).endsWith("unavailable=1"));

        Size.proof(PROOF)
            .with(
                "cold_start",
                first.endsWith("allowed=1 blocked=0 unavailable=0") ? "served" : first)
            .with("unavailable_after_s", (System.nanoTime() - started) / 1_000_000_000)
            .print();
        assertThat(first).isEqualTo("CHECKED allowed=1 blocked=0 unavailable=0");
      }
    }
  }
}
