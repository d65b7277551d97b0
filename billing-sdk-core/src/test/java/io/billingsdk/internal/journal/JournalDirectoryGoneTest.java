package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The directory, or files of it, go away while they are open. */
@Tag("simulation")
final class JournalDirectoryGoneTest {
  private static final String ROOT = SimulatedProcess.ROOT.toString();
  private static final JournalOptions OPTIONS =
      new JournalOptions(1 << 30, 8 << 20, 1 << 20, /* aheadBytes= */ 1, Duration.ZERO, 0);

  private final SimulatedDisk disk = new SimulatedDisk(new Random(7));
  private final ManualClock clock = new ManualClock();
  private final List<String> told = new ArrayList<>();

  private SimulatedProcess open(JournalOptions options) throws IOException {
    SimulatedProcess process = new SimulatedProcess(disk, options, clock);
    process.onProblem(told::add);
    process.open();
    process.settleDown();
    return process;
  }

  private static void report(SimulatedProcess process, int number) {
    var unused = append(process, number);
  }

  private static CompletableFuture<Void> append(SimulatedProcess process, int number) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    process.append(("event " + number).getBytes(StandardCharsets.UTF_8), durable);
    return durable;
  }

  private static JournalRecord next(SimulatedProcess process) {
    return Objects.requireNonNull(process.next(), "there is no event");
  }

  private void second(SimulatedProcess process) {
    clock.advance(Duration.ofSeconds(1));
    process.settleDown();
  }

  @Test
  void directory_removed_isMadeAgainWithAllThatIsPending() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    CompletableFuture<Void> before = append(process, 1);
    process.settleDown();
    disk.remove(ROOT);
    CompletableFuture<Void> after = append(process, 2);
    process.settleDown();

    assertThat(before).isCompleted();
    assertThat(after).isCompleted();
    assertThat(told).singleElement().asString().contains("was removed, moved or replaced");
    assertThat(process.view().trouble()).isNull();
    process.kill();
    assertThat(Recovery.of(disk.afterPowerCut()).seqs()).containsExactly(1L, 2L);
  }

  @Test
  void directory_removedWhileNothingIsReported_isMadeAgainWithinASecond() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    report(process, 1);
    process.settleDown();
    disk.remove(ROOT);
    second(process);
    process.kill();

    assertThat(Recovery.of(disk.afterPowerCut()).seqs()).containsExactly(1L);
  }

  @Test
  void directory_removed_whatIsSettledDoesNotComeBack() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    report(process, 1);
    report(process, 2);
    process.settleDown();
    process.acknowledge(next(process));
    process.settleDown();
    disk.remove(ROOT);
    second(process);
    process.kill();

    assertThat(Recovery.of(disk.afterPowerCut()).seqs()).containsExactly(2L);
  }

  @Test
  void directory_removedWithAnEarlierProcessesEvents_theyAreWrittenAgain() throws IOException {
    SimulatedProcess earlier = open(OPTIONS);
    report(earlier, 1);
    earlier.settleDown();
    earlier.kill();
    SimulatedProcess process = open(OPTIONS);
    report(process, 1);
    process.settleDown();
    disk.remove(ROOT);
    second(process);
    second(process);
    process.kill();

    assertThat(Recovery.of(disk.afterPowerCut()).seqs()).hasSize(2);
  }

  @Test
  void directory_removedAndNotToBeMade_nothingIsPromisedAndAllIsDelivered() throws IOException {
    SimulatedProcess process = open(OPTIONS.recreate(false));
    report(process, 1);
    process.settleDown();
    disk.remove(ROOT);
    CompletableFuture<Void> after = append(process, 2);
    process.settleDown();

    assertThat(after).isNotDone();
    assertThat(process.view().trouble()).contains("was removed, moved or replaced");
    assertThat(process.append(new byte[1], null)).isInstanceOf(EventJournal.Unavailable.class);
    assertThat(disk.paths(".wal")).isEmpty();
    for (long seq = 1; seq <= 1; seq++) {
      JournalRecord record = next(process);
      assertThat(record.seq()).isEqualTo(seq);
      process.acknowledge(record);
      process.settleDown();
    }
    process.close();
    assertThat(process.unwritten()).isEqualTo(1);
    assertThat(after).isCompletedExceptionally();
  }

  @Test
  void directory_movedAndBack_goesOnWhereItWas() throws IOException {
    SimulatedProcess process = open(OPTIONS.recreate(false));
    report(process, 1);
    process.settleDown();
    disk.rename(ROOT, "/data/aside");
    CompletableFuture<Void> after = append(process, 2);
    process.settleDown();
    assertThat(after).isNotDone();
    disk.rename("/data/aside", ROOT);
    second(process);

    assertThat(after).isCompleted();
    assertThat(process.view().trouble()).isNull();
    process.kill();
    assertThat(Recovery.of(disk.afterPowerCut()).seqs()).containsExactly(1L, 2L);
  }

  @Test
  void directory_ofAnotherFileSystem_isNotMade() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    report(process, 1);
    process.settleDown();
    disk.remove(ROOT);
    disk.mountAnother();
    CompletableFuture<Void> after = append(process, 2);
    process.settleDown();

    assertThat(after).isNotDone();
    assertThat(process.view().trouble()).contains("is no longer mounted");
    assertThat(disk.paths("slot-00")).isEmpty();
  }

  @Test
  void directory_replacedByOneOfAnotherProcess_takesAnotherSlot() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    report(process, 1);
    process.settleDown();
    disk.remove(ROOT);
    SimulatedProcess other = open(OPTIONS);
    report(other, 1);
    other.settleDown();
    CompletableFuture<Void> after = append(process, 2);
    process.settleDown();

    assertThat(after).isCompleted();
    assertThat(disk.paths(".wal")).anyMatch(path -> path.startsWith(ROOT + "/slot-01/"));
    process.kill();
    other.kill();
    assertThat(Recovery.of(disk.afterPowerCut()).seqs()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {".wal", "LOCK"})
  void file_removed_isWrittenAgain(String end) throws IOException {
    SimulatedProcess process = open(OPTIONS);
    report(process, 1);
    process.settleDown();
    disk.paths(end).forEach(disk::remove);
    CompletableFuture<Void> after = append(process, 2);
    process.settleDown();
    second(process);
    second(process);

    assertThat(after).isCompleted();
    assertThat(told).isNotEmpty();
    process.kill();
    assertThat(Recovery.of(disk.afterPowerCut()).seqs()).containsExactly(1L, 2L);
  }

  @Test
  void directory_readOnly_isToldAndTakenAsLongAsItGoes() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    report(process, 1);
    process.settleDown();
    disk.readOnly(true);
    second(process);
    CompletableFuture<Void> after = append(process, 2);
    process.settleDown();

    assertThat(after).isCompleted();
    assertThat(process.view().trouble()).contains("can no longer be written");
    disk.readOnly(false);
    second(process);
    assertThat(process.view().trouble()).isNull();
    assertThat(told).hasSize(1);
  }

  @Test
  void deadLetters_removed_isTold() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    report(process, 1);
    process.settleDown();
    process.deadLetter(next(process), "refused");
    process.settleDown();
    disk.remove(ROOT + "/slot-00/dead");
    report(process, 2);
    process.settleDown();
    second(process);
    process.deadLetter(next(process), "refused");
    process.settleDown();

    assertThat(disk.paths(".event")).hasSize(1);
  }

  /** Whatever goes away and whenever: what was said to be durable is delivered or on disk. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void directory_goesAwayAgainAndAgain_losesNothingThatWasAccepted(long seed) throws IOException {
    Random random = new Random(seed);
    JournalOptions small =
        new JournalOptions(
            1 << 20, 700, 1 << 20, random.nextBoolean() ? 1 : 1 << 20, Duration.ZERO, 0);
    SimulatedProcess process = open(small);
    Set<Long> accepted = new HashSet<>();
    Set<Long> delivered = new HashSet<>();
    for (int step = 0; step < 300; step++) {
      switch (random.nextInt(8)) {
        case 0 -> goAway(random);
        case 1, 2 -> {
          JournalRecord record = process.next();
          if (record != null) {
            process.acknowledge(record);
            delivered.add(record.seq());
          }
        }
        case 3 -> second(process);
        default -> {
          if (process.append(new byte[1 + random.nextInt(200)], new CompletableFuture<>())
              instanceof EventJournal.Appended appended) {
            accepted.add(appended.seq());
          }
          process.settleDown();
        }
      }
    }
    // One look finds what is missing of four segments.
    for (int i = 0; i < 60; i++) {
      second(process);
    }
    process.kill();
    Set<Long> found = new HashSet<>(Recovery.of(disk.afterPowerCut()).seqs());
    found.addAll(delivered);
    assertThat(found).as("seed " + seed).containsAll(accepted);
    assertThat(accepted).hasSizeGreaterThan(50);
  }

  private void goAway(Random random) {
    List<String> segments = disk.paths(".wal");
    if (random.nextBoolean() || segments.isEmpty()) {
      disk.remove(random.nextBoolean() ? ROOT : ROOT + "/slot-00");
    } else {
      disk.remove(segments.get(random.nextInt(segments.size())));
    }
  }
}
