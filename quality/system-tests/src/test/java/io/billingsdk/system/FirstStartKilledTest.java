package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first start of {@code serve} is ended at some moment; the next one must serve. */
@Timeout(3600)
class FirstStartKilledTest {
  private static final int KILLS = Integer.getInteger("start.kills", 2);
  private static final int FULL_DISKS = Integer.getInteger("start.disks", 1);
  private static final long ENOUGH_BYTES = 1L << 30;

  @TempDir Path directory = Path.of("");

  private final long seed = Size.seed();
  private final Random random = new Random(seed);
  private final List<String> failures = new ArrayList<>();
  private int leftRunning;

  /** Disks that were enough. */
  private int fitting;

  private int starts;

  @Test
  void serve_firstStartEndedAtAnyMoment_nextStartServes() throws IOException {
    long begun = System.nanoTime();
    Path whole = directory.resolve("undisturbed");
    long nanos;
    try (ServeRun run = ServeRun.start(whole, ServeRun.How.USUAL)) {
      assertThat(run.serves()).as("%s", run).isTrue();
      nanos = System.nanoTime() - begun;
      assertThat(run.stopsInOrder()).isTrue();
    }
    for (int i = 0; i < KILLS; i++) {
      // One in each part of the start, and a little beyond it.
      Duration moment = Duration.ofNanos((long) (nanos * 1.05 * (i + random.nextDouble()) / KILLS));
      killAt(directory.resolve("killed-" + i), moment, i % 2 == 0);
    }
    boolean canMount = SmallDisk.isPossible();
    int disks = canMount ? FULL_DISKS : 0;
    long needed = bytes(whole);
    int refused = 0;
    for (int i = 1; i <= disks; i++) {
      refused += fullAt(directory.resolve("disk-" + i), needed * i / (disks + 1)) ? 1 : 0;
    }
    if (!canMount) {
      Proof.skipped("first-start-disk-full", "only root can mount a small disk");
    }
    Size.proof("first-start-killed")
        .with("seed", seed)
        .with("sigkill", (KILLS + 1) / 2)
        .with("sigterm", KILLS / 2)
        .with("disk_full", disks)
        .with("refused_in_one_line", refused)
        .with("disk_was_enough", fitting)
        .with("starts", starts)
        .with("of", KILLS + disks)
        .with("left_running", leftRunning)
        .print();
    assertThat(failures).as("seed %d", seed).isEmpty();
    assertThat(starts).isEqualTo(KILLS + disks);
    assertThat(refused + fitting).isEqualTo(disks);
    assertThat(fitting).isLessThanOrEqualTo(disks / 2);
    assertThat(leftRunning).isZero();
  }

  private void killAt(Path data, Duration moment, boolean hard) throws IOException {
    String what = (hard ? "SIGKILL" : "SIGTERM") + " after " + moment.toMillis() + " ms";
    try (ServeRun first = ServeRun.start(data, ServeRun.How.USUAL)) {
      if (first.process().endsWithin(moment)) {
        failures.add(what + ": it had ended already: " + first.errors());
      } else if (hard) {
        first.process().kill9();
      } else if (!first.stopsInOrder()) {
        leftRunning++;
        failures.add(what + ": not in order: " + first.process().awaitEnd());
      }
      // Not at its end, which would end what SIGKILL leaves running: the next start must do so.
      startAgain(data, what);
    }
  }

  /** Whether the start on the small disk was refused as it is to be. */
  private boolean fullAt(Path mountPoint, long bytes) throws IOException {
    String what = "a disk of " + bytes + " bytes";
    try (SmallDisk disk = SmallDisk.at(mountPoint, bytes)) {
      Path data = disk.directory().resolve("data");
      boolean refused;
      // Its output is on another disk, so that it can be read.
      Path logs = directory.resolve("logs-of-" + mountPoint.getFileName());
      try (ServeRun first = ServeRun.start(data, logs, ServeRun.How.USUAL)) {
        boolean serves = first.serves();
        fitting += serves ? 1 : 0;
        refused = !serves && first.isRefusedInOneLine();
        what += ": " + first.errors();
        if (serves ? !first.stopsInOrder() : !refused) {
          failures.add(what + (serves ? ": does not stop in order" : ": not refused"));
        }
      }
      leftRunning += ServeRun.postgres(data) > 0 ? 1 : 0;
      disk.enlargeTo(ENOUGH_BYTES);
      startAgain(data, what);
      return refused;
    }
  }

  private void startAgain(Path data, String what) throws IOException {
    try (ServeRun second = ServeRun.start(data, ServeRun.How.USUAL)) {
      if (!second.serves()) {
        failures.add(what + ": " + second.errors());
        return;
      }
      starts++;
      if (!second.stopsInOrder()) {
        failures.add(what + ": the next start does not stop in order");
      }
    }
  }

  private static long bytes(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      long sum = 0;
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        sum += Files.size(each);
      }
      return sum;
    }
  }
}
