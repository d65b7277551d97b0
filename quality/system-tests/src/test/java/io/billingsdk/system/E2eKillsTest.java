package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.MosquittoTestBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of everything at random moments: what was accepted is in the ledger, once. */
final class E2eKillsTest {
  private static final String PROOF = "e2e-kills";
  private static final long SEED = Size.seed();

  @TempDir Path directory;

  @BeforeAll
  static void require() {
    World.require(PROOF);
  }

  @Test
  void kill9_ofClientBrokerCollectorAndPostgres_losesAndDoublesNothing() throws Exception {
    rage("mosquitto-without-persistence");
  }

  /** A broker that drops what it has acknowledged, when ten wait. */
  @Test
  void kill9_withShortBrokerQueue_losesAndDoublesNothing() throws Exception {
    rage("mosquitto-queue-of-10", "max_queued_messages 10");
  }

  private void rage(String broker, String... brokerLines) throws Exception {
    MosquittoTestBroker mosquitto =
        MosquittoTestBroker.in(directory.resolve("broker"), brokerLines);
    try (World world = World.withServer(directory, mosquitto, Size.RATE)) {
      long started = System.nanoTime();
      Nemesis nemesis = new Nemesis(world.victims(), SEED, world.history());
      nemesis.rage(Size.KILLS);
      world.awaitAttempted(Size.EVENTS);
      Verdict verdict = world.verdict();

      verdict
          .to(Size.proof(PROOF).with("broker", broker).with("collector", world.backend().text()))
          .with("kills_client", nemesis.kills(Victim.Kind.CLIENT))
          .with("kills_broker", nemesis.kills(Victim.Kind.BROKER))
          .with("kills_collector", nemesis.kills(Victim.Kind.COLLECTOR))
          .with("kills_postgres", nemesis.kills(Victim.Kind.POSTGRES))
          .with("journal_left", world.services().left())
          .with("ms", (System.nanoTime() - started) / 1_000_000)
          .with("seed", SEED)
          .print();
      assertThat(verdict.holds()).isTrue();
      assertThat(world.services().left()).isZero();
    }
  }
}
