package io.billingsdk.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A day may have any number of rows: a process with a small heap seals and verifies it. */
@Tag("simulation")
final class BoundedMemoryTest {
  private static final int RELEASE = 5_000_000;
  private static final int HEAP_MIB = 16;

  @TempDir private Path directory;

  @Test
  void dayOfManyRows_inASmallHeap_isSealedAndVerified() throws IOException, InterruptedException {
    // Their entries alone would take ten times the heap.
    int rows = System.getProperty("size", "commit").equals("release") ? RELEASE : 500_000;
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MIB + "m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ManyRows.class.getName(),
                Integer.toString(rows),
                directory.resolve("entries").toString())
            .redirectErrorStream(true)
            .start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as("%s", lines).isZero();
    Proof.sized("ledger-seal-memory", rows, RELEASE)
        .with("rows", rows)
        .with("heap_mib", HEAP_MIB)
        .with("honest_findings", lines.get(0))
        .with("rewritten_findings", lines.get(1))
        .print();
    assertThat(lines).containsExactly("0", Integer.toString(Differences.MOST + 1));
  }
}
