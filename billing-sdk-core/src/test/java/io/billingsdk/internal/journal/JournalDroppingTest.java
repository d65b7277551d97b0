package io.billingsdk.internal.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A journal that drops the oldest near its bound, on a simulated disk. */
@ExtendWith(QuietJournal.class)
final class JournalDroppingTest {
  private static final JournalOptions OPTIONS =
      new JournalOptions(8_000, 1_000, 1 << 20, 1 << 20, Duration.ZERO, 0).dropOldest(true);

  private SimulatedDisk disk = new SimulatedDisk(new Random(1));

  private SimulatedProcess open(JournalOptions options) throws IOException {
    SimulatedProcess process = new SimulatedProcess(disk, options, new ManualClock());
    process.open();
    return process;
  }

  private static void fill(SimulatedProcess process, int records) {
    for (int i = 0; i < records; i++) {
      assertThat(process.append(new byte[64], null)).isInstanceOf(Appended.class);
      process.settleDown();
    }
  }

  private static List<Long> handOutAll(SimulatedProcess process) {
    List<Long> seqs = new ArrayList<>();
    for (JournalRecord r = process.next(); r != null; r = process.next()) {
      seqs.add(r.seq());
      process.settleDown();
    }
    return seqs;
  }

  @Test
  void append_farBeyondTheBound_keepsTheNewestAndNamesTheRest() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    fill(process, 500);
    assertThat(process.bytes()).isLessThanOrEqualTo(OPTIONS.maxBytes());
    List<DroppedRange> dropped = process.droppedRanges();
    assertThat(dropped).hasSize(1);
    assertThat(dropped.get(0).first()).isEqualTo(1);
    assertThat(dropped.get(0).last()).isEqualTo(process.dropped());
    List<Long> left = handOutAll(process);
    assertThat(left.get(0)).isEqualTo(process.dropped() + 1);
    assertThat(left).hasSize((int) (500 - process.dropped())).endsWith(500L).isSorted();
    assertThat(left).as("room for what is newer").hasSizeGreaterThan(20);
  }

  @Test
  void append_someHandedOut_neverDropsThem() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    fill(process, 10);
    JournalRecord first = requireNonNull(process.next());
    JournalRecord second = requireNonNull(process.next());
    fill(process, 500);
    assertThat(process.droppedRanges().get(0).first()).isEqualTo(3);
    process.rewind();
    assertThat(process.next()).isSameAs(first);
    assertThat(process.next()).isSameAs(second);
    process.acknowledge(first);
    process.acknowledge(second);
    process.settleDown();
    assertThat(process.pending()).isEqualTo(510 - 2 - process.dropped());
  }

  @Test
  void open_afterDropping_whatWasDroppedStaysDropped() throws IOException {
    SimulatedProcess process = open(OPTIONS);
    fill(process, 10);
    requireNonNull(process.next());
    fill(process, 500);
    long dropped = process.dropped();
    process.close();
    disk = disk.afterKill();
    SimulatedProcess next = open(OPTIONS.dropOldest(false));
    next.settleDown();
    List<Long> left = handOutAll(next);
    assertThat(left.get(0)).as("it was handed out and is kept").isEqualTo(1);
    assertThat(left).hasSize((int) (510 - dropped));
  }

  @Test
  void open_backlogOfAnEarlierProcess_isDroppedBeforeNewerEvents() throws IOException {
    SimulatedProcess earlier = open(OPTIONS.dropOldest(false));
    fill(earlier, 60);
    earlier.close();
    disk = disk.afterKill();
    SimulatedProcess process = open(OPTIONS);
    fill(process, 40);
    assertThat(process.dropped()).isPositive();
    assertThat(process.droppedRanges())
        .allSatisfy(range -> assertThat(range.stream()).isEqualTo(earlier.stream()));
    assertThat(process.pending()).isEqualTo(100 - process.dropped());
    assertThat(process.settledUpTo(40)).isFalse();
  }

  @Test
  void droppedRecords_moreRangesThanTheBound_forgetsTheOldestAndCountsAll() {
    DroppedRecords dropped = new DroppedRecords();
    UUID stream = new UUID(1, 1);
    for (long seq = 1; seq <= 2 * (DroppedRecords.MAX_RANGES + 1); seq += 2) {
      dropped.add(stream, seq);
    }
    assertThat(dropped.count()).isEqualTo(DroppedRecords.MAX_RANGES + 1);
    assertThat(dropped.ranges()).hasSize(DroppedRecords.MAX_RANGES);
    assertThat(dropped.ranges().get(0)).isEqualTo(new DroppedRange(stream, 3, 3));
  }
}
