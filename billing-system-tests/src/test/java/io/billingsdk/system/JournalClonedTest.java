package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that was copied, as from a backup or with its virtual machine, and started twice. */
final class JournalClonedTest {
  private static final String PROOF = "journal-cloned-e2e";

  @TempDir Path directory;

  @Test
  void clonedJournal_startedTwice_losesAndDoublesNothing() throws Exception {
    World.require(PROOF);
    try (World world = World.start(directory, Plant.NONE, 2, Size.RATE)) {
      world.awaitAttempted(200);
      // What is reported from now on is still in the journal when it is copied.
      world.broker().kill();
      world.awaitAttempted(600);
      TimeUnit.MILLISECONDS.sleep(2 * History.IN_DOUBT_MILLIS);
      world.services().kill9();
      long undelivered = world.services().left();
      Path copy = directory.resolve("journal-copy");
      copy(directory.resolve("journal"), copy);
      world.broker().start();
      try (Services clone = world.others(copy, "clone", Size.RATE)) {
        world.services().restart();
        clone.restart();
        world.awaitAttempted(1_000);
        world.services().drain();
        clone.drain();
        Verdict verdict = world.verdictOfDrained();

        verdict
            .to(Size.proof(PROOF).with("collector", "model"))
            .with("undelivered_when_copied", undelivered)
            .with("journals_left", world.services().left() + clone.left())
            .print();
        assertThat(undelivered).isPositive();
        assertThat(verdict.holds()).isTrue();
        assertThat(world.services().left() + clone.left()).isZero();
      }
    }
  }

  private static void copy(Path from, Path to) throws Exception {
    Process process =
        new ProcessBuilder(List.of("cp", "-a", from.toString(), to.toString())).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }
}
