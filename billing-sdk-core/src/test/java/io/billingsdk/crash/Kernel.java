package io.billingsdk.crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** What these tests want of the machine, and say so when it is not there. */
final class Kernel {
  private Kernel() {}

  /** Goes on only if this program runs and ends well. */
  static void require(String proof, String... command) throws Exception {
    if (!succeeds(command)) {
      String why = "not possible here: " + String.join(" ", command);
      Proof.skipped(proof, why);
      assumeTrue(false, why);
    }
  }

  static boolean succeeds(String... command) throws Exception {
    try {
      Process process = start(command);
      process.getInputStream().readAllBytes();
      return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  /**
   * What a killed process had open the kernel closes when it comes to it: until then it is busy.
   */
  static void unmount(Path mountPoint) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> succeeds("umount", mountPoint.toString()));
  }

  private static Process start(String... command) throws IOException {
    return new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
  }

  /** A directory in memory if there is one, where forcing costs nothing. */
  static Path fastDirectory(Path otherwise) throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isDirectory(memory) && Files.isWritable(memory)
        ? Files.createTempDirectory(memory, "journal")
        : otherwise;
  }
}
