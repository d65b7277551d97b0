package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.MosquittoTestBroker;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A subscription that is cancelled ends the calls of its customer everywhere at once. */
final class PlanRevocationTest {
  private static final String PROOF = "revocation-by-plan";
  private static final int PROCESSES = 4;

  /** Fewer than {@link KeyRevocationTest} has at each commit; as many at a release. */
  private static final int INSTANCES = Integer.getInteger("system.instances", 40);

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** The target, which is printed beside the figure. */
  private static final long TARGET_MILLIS = 1_000;

  /** What fails the test: with room for a machine that does ten other things. */
  private static final long LATEST_MILLIS = 30_000;

  @TempDir Path directory;

  @BeforeAll
  static void require() {
    World.require(PROOF);
  }

  @Test
  void cancelNow_manyInstances_allRefuseWithinASecond() throws Exception {
    MosquittoTestBroker mosquitto = MosquittoTestBroker.in(directory.resolve("broker"));
    try (World world = World.withServer(directory, mosquitto, 1)) {
      Servers server = (Servers) world.backend();
      PlanOperator plans = server.plans();
      plans.importShippedPlans();
      String subscription = plans.subscribe("acme", "app-1", "enterprise");
      try (Instances instances = new Instances(mosquitto, server.key())) {
        for (int i = 0; i < PROCESSES; i++) {
          instances.start("fleet-" + i, INSTANCES / PROCESSES);
          // One after another: a storm of handshakes is another test.
          instances.awaitReady();
        }
        long commanded = System.currentTimeMillis();
        plans.cancelNow(subscription);
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> instances.refusedAtMillis().size() == INSTANCES);
        report(instances, commanded);
      }
    }
  }

  private static void report(Instances instances, long commanded) {
    long[] millis =
        instances.refusedAtMillis().values().stream()
            .mapToLong(at -> at - commanded)
            .sorted()
            .toArray();
    Size.proof(PROOF)
        .with("instances", INSTANCES)
        .with("processes", PROCESSES)
        .with("target", "p99<" + TARGET_MILLIS + "ms")
        .with("p50_ms", millis[millis.length / 2])
        .with("p99_ms", millis[millis.length * 99 / 100])
        .with("max_ms", millis[millis.length - 1])
        .with("refused", millis.length)
        .print();
    assertThat(millis[millis.length * 99 / 100]).isLessThan(LATEST_MILLIS);
  }
}
