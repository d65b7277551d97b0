package io.billingsdk.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backlog far larger than the heap is written and drained in processes of 64 MiB. */
@Tag("crash")
final class BacklogTest {
  private static final int MEGABYTES = Integer.getInteger("journal.backlog.mb", 256);

  @TempDir java.nio.file.Path directory;

  @Test
  void backlog_largerThanTheHeap_isDrainedWhole() throws Exception {
    int events = (int) (((long) MEGABYTES << 20) / BacklogChild.BODY_BYTES) + 1;
    String written = run("write", events);
    String drained = run("drain", events);

    Proof.sized("journal-backlog", MEGABYTES, 5_120)
        .with("backlog_mb", MEGABYTES)
        .with("heap_mb", 64)
        .with("events", events)
        .with("written", written)
        .with("drained", drained)
        .print();
    assertThat(drained).contains("recovered=" + events + " twice=0 damaged=0 left=0");
  }

  private String run(String mode, int events) throws Exception {
    try (ChildJvm child =
        ChildJvm.start(List.of(), BacklogChild.class, mode, directory.toString(), "" + events)) {
      List<String> sums = new ArrayList<>();
      child.readToEnd(sums::add);
      assertThat(child.exitCode()).isZero();
      return sums.stream()
          .filter(line -> line.startsWith("SUM "))
          .map(line -> line.substring(4))
          .findFirst()
          .orElseThrow();
    }
  }
}
