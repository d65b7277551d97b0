package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What one process retained and another takes over. */
final class RetainedSegmentsTest {
  private static final Path OWN = Path.of("/slot-00");
  private static final Path DEAD = Path.of("/slot-01");
  private static final SegmentName SEGMENT = new SegmentName(1, new UUID(0, 1));

  /** A disk that forgets any part of what was not forced, differently for each seed. */
  @Test
  void gather_ofWhatWasMovedLast_powerCutThen_isThereOnce() throws Exception {
    for (int seed = 0; seed < 200; seed++) {
      SimulatedDisk disk = new SimulatedDisk(new Random(seed));
      JournalFiles files = new SimulatedFiles(disk);
      retainOne(files);
      RetainedSegments retained =
          new RetainedSegments(
              files, new ManualClock(), new Retention(Duration.ofDays(1), Long.MAX_VALUE));

      retained.own(OWN);
      retained.gather(DEAD, () -> 5);

      SimulatedDisk after = disk.afterPowerCut();
      assertThat(after.paths(".wal"))
          .as("seed %d", seed)
          .singleElement()
          .asString()
          .startsWith("/slot-00/retained/");
    }
  }

  /** Its process died after the move, and before anything forced it. */
  private static void retainOne(JournalFiles files) throws IOException {
    Path aside = DEAD.resolve(RetainedSegments.DIRECTORY);
    files.createDirectories(OWN);
    files.createDirectories(aside);
    Path wal = DEAD.resolve(SEGMENT.wal());
    files.create(wal).close();
    files.forceDirectory(Path.of("/"));
    files.forceDirectory(OWN);
    files.forceDirectory(DEAD);
    files.move(wal, RetainedSegments.file(DEAD, new RetainedName(0, SEGMENT)));
  }
}
