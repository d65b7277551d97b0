package io.billingsdk.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at any moment: every event that was said to be durable is delivered, with its bytes. */
@Tag("crash")
final class KilledProcessTest {
  private static final int CYCLES = Integer.getInteger("journal.kill9.cycles", 20);
  private static final long SEED = Long.getLong("journal.seed", System.nanoTime());

  @TempDir Path directory;

  @Test
  void kill9_atRandomMoments_losesNoDurableEvent() throws Exception {
    Random random = new Random(SEED);
    Ledger ledger = new Ledger();
    long started = System.nanoTime();
    long quarantined = 0;
    for (int cycle = 0; cycle < CYCLES; cycle++) {
      runAndKill(cycle, random, ledger);
      // Most cycles leave their events to the next process, which may be killed too.
      if (random.nextInt(4) == 0 || cycle == CYCLES - 1) {
        quarantined += Drain.all(directory, ledger).quarantined();
      }
    }

    Proof.sized("journal-kill9", CYCLES, 1_000)
        .with("cycles", CYCLES)
        .with("durable", ledger.durable())
        .with("durable_lost", ledger.durableLost())
        .with("plain", ledger.plain())
        .with("plain_lost", ledger.plainLost())
        .with("doubles", ledger.doubles())
        .with("repeats", ledger.repeats())
        .with("repeats_in_one_process", ledger.repeatsWithinOneProcess())
        .with("torn_tails", quarantined)
        .with("segments_left", filesLeft(".wal"))
        .with("acks_left", filesLeft(".ack"))
        .with("ms", (System.nanoTime() - started) / 1_000_000)
        .with("seed", SEED)
        .print();
    assertThat(ledger.durableLost()).isZero();
    assertThat(ledger.doubles()).isZero();
    assertThat(ledger.repeatsWithinOneProcess()).isZero();
    assertThat(Drain.all(directory, ledger).events()).isZero();
  }

  private void runAndKill(int cycle, Random random, Ledger ledger) throws Exception {
    ledger.opened();
    boolean delivers = random.nextInt(3) == 0;
    try (ChildJvm child =
        ChildJvm.start(
            "dir=" + directory,
            "seed=" + cycle,
            "count=1000000",
            "window=" + (1 + random.nextInt(16)),
            "plainEvery=" + (2 + random.nextInt(3)),
            "segment=" + (16 << 10 << random.nextInt(5)),
            "drain=" + delivers)) {
      assertThat(child.readUntil("ACC", 1 + random.nextInt(150), ledger::line)).isTrue();
      Pace.spin(random.nextInt(900_000));
      child.kill();
      child.readToEnd(ledger::line);
      child.exitCode();
    }
  }

  /** Files of this kind after everything was delivered. */
  private long filesLeft(String kind) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(kind))
          .count();
    }
  }
}
