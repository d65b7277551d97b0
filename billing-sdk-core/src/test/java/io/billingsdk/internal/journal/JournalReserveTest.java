package io.billingsdk.internal.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Space that is kept for a disk that somebody else has filled to the last byte. */
@ExtendWith(QuietJournal.class)
final class JournalReserveTest {
  private static final int RESERVE_BYTES = 4_000;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final JournalOptions OPTIONS = Recovery.OPTIONS.reserve(RESERVE_BYTES);

  private SimulatedDisk disk = new SimulatedDisk(new Random(1));

  private SimulatedProcess open(JournalOptions options) throws IOException {
    SimulatedProcess process = new SimulatedProcess(disk, options, new ManualClock());
    process.open();
    return process;
  }

  private static void fill(SimulatedProcess process, int records) {
    for (int i = 0; i < records; i++) {
      assertThat(process.append(new byte[10], null)).isInstanceOf(Appended.class);
    }
    process.settleDown();
  }

  private List<Integer> reserves() {
    return disk.paths("/reserve").stream().map(path -> disk.content(path).length).toList();
  }

  private static List<Long> seqs(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  @Test
  void open_spaceEnough_makesItAndTheNextProcessFindsIt() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    fill(process, 1);
    assertThat(reserves()).containsExactly(RESERVE_BYTES);
    process.close();
    disk = disk.afterKill();
    long before = disk.calls();
    disk.fill();
    SimulatedProcess next = open(OPTIONS);
    assertThat(next.view().trouble()).as("it is there already").isNull();
    assertThat(disk.calls()).isGreaterThan(before);
    assertThat(reserves()).containsExactly(RESERVE_BYTES);
  }

  @Test
  void open_notWhole_makesItAgain() throws IOException {
    disk.put(Recovery.SLOT + Reserve.FILE, new byte[17]);
    open(OPTIONS);
    assertThat(reserves()).containsExactly(RESERVE_BYTES);
  }

  @Test
  void open_noSpaceForIt_refusesUntilThereIs() throws IOException {
    disk.setCapacity(RESERVE_BYTES - 1);
    SimulatedProcess process = open(OPTIONS);
    assertThat(process.append(new byte[1], null)).isInstanceOf(EventJournal.Unavailable.class);
    disk.setCapacity(2 * RESERVE_BYTES);
    process.advance(PAUSE);
    process.settleDown();
    assertThat(reserves()).containsExactly(RESERVE_BYTES);
    assertThat(process.append(new byte[1], null)).isEqualTo(new Appended(1));
  }

  @Test
  void open_somethingElseHasItsName_goesOnWithoutIt() throws IOException {
    disk.putDirectory(Recovery.SLOT + Reserve.FILE);
    SimulatedProcess process = open(OPTIONS);
    fill(process, 3);
    assertThat(process.view().trouble()).isNull();
  }

  @Test
  void write_diskFull_writesWhatWasAcceptedIntoItAndRefusesUntilItIsBack() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    fill(process, 3);
    disk.fill();
    CompletableFuture<Void> fourth = new CompletableFuture<>();
    assertThat(process.append(new byte[500], fourth)).isEqualTo(new Appended(4));
    process.settleDown();
    assertThat(fourth).as("written into the room of the reserve").isCompleted();
    assertThat(reserves()).isEmpty();
    process.advance(PAUSE);
    process.settleDown();
    assertThat(process.append(new byte[1], null)).isInstanceOf(EventJournal.Unavailable.class);
    disk.setCapacity(Long.MAX_VALUE);
    process.advance(PAUSE);
    process.settleDown();
    assertThat(reserves()).containsExactly(RESERVE_BYTES);
    assertThat(process.append(new byte[1], null)).isEqualTo(new Appended(5));
    process.settleDown();
    assertThat(Recovery.of(disk.afterKill()).seqs()).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void close_diskFull_writesAndNotesEverything() throws IOException {
    assertThat(repeatedAfterAFullDisk(OPTIONS)).isEqualTo(seqs(6, 15));
  }

  /** What it is for: the same without it loses what was on its way and repeats what was settled. */
  @Test
  void close_diskFullWithoutIt_losesAndRepeats() throws IOException {
    assertThat(repeatedAfterAFullDisk(OPTIONS.reserve(0))).isEqualTo(seqs(1, 10));
  }

  /** Five of ten are delivered and five more are on their way while the disk is full. */
  private List<Long> repeatedAfterAFullDisk(JournalOptions options) throws IOException {
    SimulatedProcess process = open(options);
    fill(process, 10);
    disk.fill();
    for (int i = 0; i < 5; i++) {
      process.acknowledge(requireNonNull(process.next()));
      assertThat(process.append(new byte[10], null)).isInstanceOf(Appended.class);
    }
    process.close();
    return Recovery.of(disk.afterKill()).seqs();
  }

  @Test
  void acknowledge_diskFullAndKilled_isNotRepeated() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    fill(process, 10);
    disk.fill();
    for (int i = 0; i < 5; i++) {
      process.acknowledge(requireNonNull(process.next()));
    }
    process.settleDown();
    assertThat(Recovery.of(disk.afterKill()).seqs()).isEqualTo(seqs(6, 10));
  }

  @Test
  void deadLetter_diskFull_isSetAside() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    fill(process, 2);
    disk.fill();
    process.deadLetter(requireNonNull(process.next()), "refused");
    process.settleDown();
    assertThat(disk.paths(".event")).hasSize(1);
    assertThat(Recovery.of(disk.afterKill()).seqs()).containsExactly(2L);
  }

  /** Without it, what failed once was written only with the next acknowledgement of the segment. */
  @Test
  void acknowledge_diskFullWithoutIt_isNotedWhenThereIsSpace() throws IOException {
    SimulatedProcess process = open(Recovery.OPTIONS);
    fill(process, 2);
    disk.fill();
    process.acknowledge(requireNonNull(process.next()));
    process.settleDown();
    disk.setCapacity(Long.MAX_VALUE);
    process.advance(PAUSE);
    process.settleDown();
    assertThat(Recovery.of(disk.afterKill()).seqs()).containsExactly(2L);
  }

  @Test
  void close_nothingLeftInTheSlot_leavesNone() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    fill(process, 1);
    process.acknowledge(requireNonNull(process.next()));
    process.close();
    assertThat(reserves()).isEmpty();
  }

  @Test
  void adopt_slotOfADeadProcess_givesItsReserveBack() throws IOException {
    SimulatedProcess first = open(OPTIONS);
    SimulatedProcess second = open(OPTIONS);
    fill(second, 1);
    assertThat(reserves()).hasSize(2);
    second.kill();
    first.advance(Duration.ofSeconds(31));
    first.settleDown();
    first.settleDown();
    assertThat(disk.paths("/reserve")).containsExactly(Recovery.SLOT + Reserve.FILE);
    assertThat(requireNonNull(first.next()).stream()).isEqualTo(second.stream());
  }
}
