package io.billingsdk.system;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Systems with a bug each: the checker that finds nothing in these would prove nothing. */
final class PlantedBugsTest {
  private static final String PROOF = "e2e-planted-bugs";
  private static final int RATE = 40;
  private static final int KILLS = 2;

  /** What the services attempt while nobody fetches: three seconds, a broker's answer takes ms. */
  private static final int HELD = 3 * RATE;

  private static final long SEED = Size.seed();

  @TempDir Path directory;

  @BeforeAll
  static void require() {
    World.require(PROOF);
  }

  /** Without it, losses below could be the harness's own. */
  @Test
  void noBug_nobodyKilled_holds() throws Exception {
    try (World world = World.withModel(directory, Plant.NONE, 1, RATE)) {
      world.awaitAttempted(200);
      Verdict verdict = world.verdict();

      print("none", verdict);
      assertThat(verdict.holds()).isTrue();
      assertThat(verdict.ledger()).isEqualTo(verdict.attempted());
    }
  }

  /**
   * Protocol v1 has no receipts: what a broker without a disk had taken dies with it. Nobody
   * fetches anything while the broker takes it, so that the loss does not depend on the moment.
   */
  @Test
  void v1_puBackFreesTheJournal_brokerKilledWithWhatItHolds_losesEvents() throws Exception {
    try (World world = World.withModel(directory, Plant.NONE, 1, RATE)) {
      Victim broker = requireNonNull(world.victims().get(Victim.Kind.BROKER));
      world.awaitStored(50);
      world.backend().kill9();
      world.awaitAttempted(world.history().attemptedCount() + HELD);
      broker.kill9();
      broker.restart();
      world.backend().restart();
      Verdict verdict = world.verdict();

      print("freed-on-puback", verdict);
      assertThat(verdict.lost()).isPositive();
    }
  }

  /** The broker lives and keeps what is not acknowledged: killing the others costs nothing. */
  @Test
  void v1_noBug_collectorAndDatabaseKilled_holds() throws Exception {
    try (World world = World.withModel(directory, Plant.NONE, 1, RATE)) {
      Verdict verdict = rage(world, Victim.Kind.COLLECTOR, Victim.Kind.POSTGRES);

      print("none-but-kills-v1", verdict);
      assertThat(verdict.holds()).isTrue();
    }
  }

  @Test
  void ackBeforeCommit_collectorKilledBetween_losesEvents() throws Exception {
    assertThat(afterKillsInTheWindow(Plant.ACK_BEFORE_COMMIT, 1).lost()).isPositive();
  }

  @Test
  void noUniqueIndex_collectorKilledBeforeTheAck_countsTwice() throws Exception {
    assertThat(afterKillsInTheWindow(Plant.NO_UNIQUE_INDEX, 1).doubled()).isPositive();
  }

  /** Once in a few runs the receipt dies with the collector, and the bug does no harm. */
  @Test
  @EnabledIfSystemProperty(named = "system.size", matches = "release")
  void receiptBeforeCommit_collectorKilledBetween_losesEvents() throws Exception {
    assertThat(afterKillsInTheWindow(Plant.RECEIPT_BEFORE_COMMIT, 2).lost()).isPositive();
  }

  private Verdict afterKillsInTheWindow(Plant plant, int protocol) throws Exception {
    try (World world = World.withModel(directory, plant, protocol, RATE)) {
      for (int kill = 0; kill < KILLS; kill++) {
        Collectors collectors = (Collectors) world.backend();
        collectors.kill9InTheWindow();
        collectors.restart();
      }
      Verdict verdict = world.verdict();
      print(plant.text() + "-v" + protocol, verdict);
      return verdict;
    }
  }

  private static Verdict rage(World world, Victim.Kind... kinds) throws Exception {
    Map<Victim.Kind, Victim> victims = new EnumMap<>(Victim.Kind.class);
    for (Victim.Kind kind : kinds) {
      victims.put(kind, requireNonNull(world.victims().get(kind)));
    }
    world.awaitAttempted(50);
    new Nemesis(victims, SEED, world.history()).rage(KILLS);
    return world.verdict();
  }

  private static void print(String bug, Verdict verdict) {
    verdict.to(Size.proof(PROOF).with("bug", bug)).with("seed", SEED).print();
  }
}
