package io.billingsdk.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes on one directory, and one directory copied for two. */
@Tag("crash")
final class SharedDirectoryTest {
  private static final int EVENTS = 400;
  private static final String ADOPTION = "adoptMillis=100";

  @TempDir Path directory;

  @Test
  void twoProcesses_onOneDirectory_haveSlotsOfTheirOwnAndAdoptOnce() throws Exception {
    Ledger ledger = new Ledger();
    String size = "count=" + EVENTS;
    try (ChildJvm one = child(directory, "seed=1", size, "stay=true");
        ChildJvm two = child(directory, "seed=2", size, "stay=true", "drain=true")) {
      assertThat(one.readUntil("WRITTEN", 1, ledger::line)).isTrue();
      assertThat(two.readUntil("WRITTEN", 1, ledger::line)).isTrue();
      long slots = count(directory);
      // They have looked for dead processes many times when this one comes and goes.
      long stolen = eventsOfOthers(directory, 3) + eventsOfOthers(directory, 4);

      long killed = System.nanoTime();
      one.kill();
      one.exitCode();
      List<String> adopted = new ArrayList<>();
      while (ledger.handedOut() < 2 * EVENTS && two.readUntil("GOT", 1, adopted::add)) {
        adopted.forEach(ledger::line);
        adopted.clear();
      }
      long adoptedMillis = (System.nanoTime() - killed) / 1_000_000;
      two.finish();
      two.readToEnd(ledger::line);
      ledger.closedInOrder();
      Drain.Drained left = Drain.all(directory, ledger);

      Proof.sized("journal-two-processes")
          .with("slots", slots)
          .with("durable", ledger.durable())
          .with("taken_from_the_living", stolen)
          .with("durable_lost", ledger.durableLost())
          .with("delivered_twice", ledger.repeats())
          .with("left", left.events())
          .with("quarantined", left.quarantined())
          .with("adopted_ms", adoptedMillis)
          .print();
      assertThat(slots).isEqualTo(2);
      assertThat(stolen).isZero();
      assertThat(ledger.durable()).isEqualTo(2 * EVENTS);
      assertThat(ledger.durableLost()).isZero();
      assertThat(ledger.repeats()).isZero();
      assertThat(left).isEqualTo(new Drain.Drained(0, 0));
    }
  }

  @Test
  void copiedDirectory_startedTwice_losesNothingAndDoublesNoIdentity() throws Exception {
    Path original = directory.resolve("original");
    Path copy = directory.resolve("copy");
    Ledger ledger = new Ledger();
    try (ChildJvm child = child(original, "seed=5", "count=" + EVENTS, "drain=true")) {
      assertThat(child.readUntil("ACC", EVENTS / 2, ledger::line)).isTrue();
      child.kill();
      child.readToEnd(ledger::line);
    }
    long deliveredBefore = ledger.handedOut();
    copy(original, copy);
    long opened = 0;
    for (Path each : List.of(original, copy)) {
      ledger.opened();
      opened++;
      try (ChildJvm child = child(each, "seed=" + (5 + opened), "count=50", "drain=true")) {
        child.readToEnd(ledger::line);
        assertThat(child.exitCode()).isZero();
      }
    }

    Proof.sized("journal-copied")
        .with("durable", ledger.durable())
        .with("delivered_before_the_copy", deliveredBefore)
        .with("durable_lost", ledger.durableLost())
        .with("sent_again_under_the_same_identity", ledger.repeats())
        .with("double_after_deduplication", ledger.doubles())
        .print();
    assertThat(ledger.durableLost()).isZero();
    assertThat(ledger.doubles()).isZero();
    assertThat(ledger.repeatsWithinOneProcess()).isZero();
  }

  /** What a process that only looks in is given beside its own ten events. */
  private static long eventsOfOthers(Path journal, int seed) throws Exception {
    List<String> lines = new ArrayList<>();
    try (ChildJvm child = child(journal, "seed=" + seed, "count=10", "drain=true")) {
      child.readToEnd(lines::add);
      assertThat(child.exitCode()).isZero();
    }
    return lines.stream()
        .filter(line -> line.startsWith("GOT") && !line.split(" ", -1)[3].equals("" + seed))
        .count();
  }

  private static ChildJvm child(Path journal, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("dir=" + journal, "window=32", ADOPTION));
    arguments.addAll(List.of(more));
    return ChildJvm.start(arguments.toArray(new String[0]));
  }

  private static long count(Path journal) throws IOException {
    try (Stream<Path> slots = Files.list(journal)) {
      return slots.count();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files.forEach(
          file -> {
            try {
              Files.copy(file, to.resolve(from.relativize(file).toString()));
            } catch (IOException failed) {
              throw new UncheckedIOException(failed);
            }
          });
    }
  }
}
