package io.billingsdk.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power fails: ext4 stops at once, without writing its log ({@code EXT4_IOC_SHUTDOWN} with
 * {@code NOLOGFLUSH}). What was forced is there after the next mount; what was not is gone.
 */
@Tag("crash")
final class PowerCutTest {
  private static final String PROOF = "journal-power-cuts";
  private static final int CUTS = Integer.getInteger("journal.power.cuts", 5);
  private static final int MAX_WINDOW = 8;
  private static final long SEED = Long.getLong("journal.seed", System.nanoTime());

  @TempDir Path directory;

  private final Ledger ledger = new Ledger();
  private Path mountPoint = Path.of("");
  private long quarantined;

  @AfterEach
  void unmount() throws Exception {
    Kernel.succeeds("umount", "-l", directory.resolve("mount").toString());
  }

  @Test
  void powerCut_atRandomMoments_losesNoDurableEvent() throws Exception {
    Path image = directory.resolve("image");
    mountPoint = Files.createDirectory(directory.resolve("mount"));
    Kernel.require(PROOF, "python3", "-c", "import fcntl");
    Kernel.require(PROOF, "truncate", "-s", "64M", image.toString());
    Kernel.require(PROOF, "mkfs.ext4", "-q", image.toString());
    mount(image);
    Random random = new Random(SEED);
    long started = System.nanoTime();
    for (int cut = 0; cut < CUTS; cut++) {
      writeAndCut(cut, random);
      Kernel.unmount(mountPoint);
      mount(image);
      // Some backlogs are left for the next one, which is cut off too.
      if (random.nextInt(3) > 0 || cut == CUTS - 1) {
        quarantined += Drain.all(mountPoint.resolve("journal"), ledger).quarantined();
      }
    }

    Proof.sized(PROOF, CUTS, 100)
        .with("cuts", CUTS)
        .with("durable", ledger.durable())
        .with("durable_lost", ledger.durableLost())
        .with("in_doubt", ledger.inDoubt())
        .with("in_doubt_lost", ledger.inDoubtLost())
        .with("plain", ledger.plain())
        .with("plain_lost", ledger.plainLost())
        .with("doubles", ledger.doubles())
        .with("repeats", ledger.repeats())
        .with("repeats_in_one_process", ledger.repeatsWithinOneProcess())
        .with("torn", quarantined)
        .with("ms", (System.nanoTime() - started) / 1_000_000)
        .with("seed", SEED)
        .print();
    assertThat(ledger.durable()).isPositive();
    assertThat(ledger.lostDurable()).isEmpty();
    assertThat(ledger.inDoubtLost()).isLessThanOrEqualTo((long) MAX_WINDOW * CUTS);
    assertThat(ledger.doubles()).isZero();
    assertThat(ledger.repeatsWithinOneProcess()).isZero();
  }

  private void mount(Path image) throws Exception {
    Kernel.require(PROOF, "mount", "-o", "loop", image.toString(), mountPoint.toString());
  }

  private void writeAndCut(int cut, Random random) throws Exception {
    ledger.opened();
    try (PowerSwitch power = new PowerSwitch(mountPoint);
        ChildJvm child =
            ChildJvm.start(
                "dir=" + mountPoint.resolve("journal"),
                "seed=" + cut,
                "count=1000000",
                "window=" + (1 + random.nextInt(MAX_WINDOW)),
                "plainEvery=3",
                "segment=" + (16 << 10 << random.nextInt(3)),
                "drain=" + (random.nextInt(3) == 0))) {
      assertThat(child.readUntil("ACC", 1 + random.nextInt(100), ledger::line)).isTrue();
      // Up to here everything must survive. A force that is under way while ext4 stops may say that
      // it succeeded although its transaction was given up: any program that only writes and
      // forces sees this, and a machine without power could not tell anybody.
      child.readReady(ledger::line);
      power.cut();
      child.kill();
      child.readToEnd(ledger::lineInDoubt);
      child.exitCode();
    }
  }
}
