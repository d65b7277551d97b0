package io.billingsdk.internal.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.SimulatedDisk.Fault;
import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Single calls of the disk fail: nothing is lost, it is said, and it passes by itself. */
@ExtendWith(QuietJournal.class)
final class JournalFaultTest {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final SimulatedDisk disk = new SimulatedDisk(new KeepingRandom());
  private final SimulatedDisk dropping = new SimulatedDisk(new DroppingRandom());

  /** After a failed force the bytes are still in memory, as on most file systems. */
  private static final class KeepingRandom extends Random {
    private static final long serialVersionUID = 1L;

    @Override
    public int nextInt(int bound) {
      return 0;
    }
  }

  /** After a failed force the bytes are in memory no more; nothing says so. */
  private static final class DroppingRandom extends Random {
    private static final long serialVersionUID = 1L;

    @Override
    public int nextInt(int bound) {
      return bound - 1;
    }
  }

  private SimulatedProcess open(JournalOptions options) throws IOException {
    SimulatedProcess process = new SimulatedProcess(disk, options, new ManualClock());
    process.open();
    return process;
  }

  /** One that reads ahead no more than one record. */
  private SimulatedProcess openDropping(@Nullable Duration forceInterval) throws IOException {
    JournalOptions options =
        new JournalOptions(1 << 30, 8 << 20, 1 << 20, /* aheadBytes= */ 1, forceInterval, 0);
    SimulatedProcess process = new SimulatedProcess(dropping, options, new ManualClock());
    process.open();
    return process;
  }

  private SimulatedProcess open() throws IOException {
    return open(Recovery.OPTIONS);
  }

  private static CompletableFuture<Void> appendDurably(SimulatedProcess process) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    assertThat(process.append(new byte[10], durable)).isInstanceOf(EventJournal.Appended.class);
    return durable;
  }

  private static void appendUnwatched(SimulatedProcess process) {
    assertThat(process.append(new byte[10], new CompletableFuture<>()))
        .isInstanceOf(EventJournal.Appended.class);
  }

  private static List<Long> takeAll(SimulatedProcess process) {
    List<Long> seqs = new ArrayList<>();
    for (JournalRecord r = process.next(); r != null; r = process.next()) {
      seqs.add(r.seq());
      process.step();
    }
    return seqs;
  }

  @Test
  void force_failsOnce_completesOnlyAfterTheForceOfANewSegment() throws IOException {
    SimulatedProcess process = open();
    CompletableFuture<Void> first = appendDurably(process);
    process.settleDown();
    assertThat(first).isCompleted();
    disk.failForces(1);
    CompletableFuture<Void> second = appendDurably(process);
    process.step();
    assertThat(second).as("the force has failed").isNotDone();
    assertThat(process.view().trouble()).as("one failure is not yet trouble").isNull();
    process.step();
    assertThat(second).isCompleted();
    assertThat(disk.paths(".wal")).hasSize(2);
    assertThat(Recovery.of(disk.afterPowerCut()).seqs()).contains(1L, 2L);
  }

  @Test
  void force_failsTwice_refusesAndDeliversAndResumes() throws IOException {
    SimulatedProcess process = open();
    appendUnwatched(process);
    process.settleDown();
    // The second is of the new segment's header, the third of its records.
    disk.failForces(1, 3);
    CompletableFuture<Void> second = appendDurably(process);
    process.settleDown();
    assertThat(second).isNotDone();
    assertThat(process.append(new byte[1], null)).isInstanceOf(EventJournal.Unavailable.class);
    assertThat(process.step()).as("no busy loop").isPositive();
    assertThat(takeAll(process)).contains(1L);
    process.advance(PAUSE);
    process.settleDown();
    assertThat(second).isCompleted();
    assertThat(process.append(new byte[1], null)).isEqualTo(new EventJournal.Appended(3));
  }

  @Test
  void force_failedAndAllSettled_leavesNoSegment() throws IOException {
    SimulatedProcess process = open();
    disk.failForces(2);
    appendUnwatched(process);
    process.settleDown();
    JournalRecord only = requireNonNull(process.next());
    assertThat(process.next()).as("the second copy is not handed out").isNull();
    process.acknowledge(only);
    process.settleDown();
    process.close();
    assertThat(disk.paths(".wal")).isEmpty();
  }

  /** Records that nobody would force were dropped with those that could not be forced. */
  @Test
  void force_failsWithoutInterval_keepsWhatWasWrittenBefore() throws IOException {
    SimulatedProcess process =
        open(new JournalOptions(1 << 30, 8 << 20, 1 << 20, 1, /* forceInterval= */ null, 0));
    for (int i = 0; i < 3; i++) {
      process.append(new byte[10], null);
    }
    process.settleDown();
    disk.failForces(1);
    CompletableFuture<Void> fourth = appendDurably(process);
    process.settleDown();
    assertThat(fourth).isCompleted();
    assertThat(takeAll(process)).containsExactly(1L, 2L, 3L, 4L);
  }

  /** They were forgotten, since nobody was to force them, and the failed force dropped them. */
  @Test
  void force_failsWithoutIntervalAndDropsTheBytes_writesAgainWhatNobodyWaitsFor()
      throws IOException {
    SimulatedProcess process = openDropping(/* forceInterval= */ null);
    for (int i = 0; i < 3; i++) {
      process.append(new byte[10], null);
      process.settleDown();
    }
    dropping.failForces(1);
    appendUnwatched(process);
    process.settleDown();
    assertThat(takeAll(process)).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void write_muchWithoutInterval_isForcedBeforeTooMuchIsKept() throws IOException {
    SimulatedProcess process =
        open(new JournalOptions(1 << 30, 64 << 20, 16 << 20, 1, /* forceInterval= */ null, 0));
    for (int i = 0; i < 9; i++) {
      process.append(new byte[SegmentFormat.MAX_BODY_BYTES], null);
      process.step();
    }
    assertThat(Recovery.of(disk.afterPowerCut()).seqs()).hasSizeGreaterThanOrEqualTo(8);
  }

  /** The second copy was only noted as settled when it was read, which at the end it was not. */
  @Test
  void close_recordDeliveredBeforeItWasWrittenAgain_doesNotComeAgain() throws IOException {
    SimulatedProcess process = openDropping(Duration.ofMillis(200));
    process.append(new byte[10], null);
    process.settleDown();
    process.acknowledge(requireNonNull(process.next()));
    // What is read ahead is all that may be held: reading stops.
    process.append(new byte[10], null);
    process.settleDown();
    dropping.failForces(1);
    appendUnwatched(process);
    process.settleDown();
    process.close();
    assertThat(Recovery.of(dropping.afterKill()).seqs()).containsExactly(2L, 3L);
  }

  /** The file could not be deleted either: what reads whole is in memory only. */
  @Test
  void deadLetter_forceFails_isSetAsideAnew() throws IOException {
    SimulatedProcess process = open();
    appendUnwatched(process);
    process.settleDown();
    process.deadLetter(requireNonNull(process.next()), "refused");
    // After the directory, the file and the write: the force, and the deletion of the file.
    disk.failAt(disk.calls() + 4, Fault.EIO);
    disk.failAt(disk.calls() + 5, Fault.EIO);
    process.settleDown();
    assertThat(disk.paths(".event")).hasSize(1);
    process.advance(PAUSE);
    process.settleDown();
    assertThat(disk.paths(".event")).as("one file for each event").hasSize(1);
    SimulatedDisk after = disk.afterPowerCut();
    assertThat(after.paths(".event").stream().map(after::content))
        .as("the reason, and ten bytes")
        .anyMatch(content -> content.length == 18);
  }

  /** Bytes that could not be cut off are in the way of the next record. */
  @Test
  void write_failsAndCannotBeCutOff_goesOnInANewSegment() throws IOException {
    SimulatedProcess process = open();
    appendUnwatched(process);
    process.settleDown();
    process.append(new byte[300], null);
    disk.failAt(disk.calls() + 1, Fault.ENOSPC);
    disk.failAt(disk.calls() + 2, Fault.EIO);
    process.settleDown();
    process.advance(PAUSE);
    process.settleDown();
    CompletableFuture<Void> third = appendDurably(process);
    process.settleDown();
    assertThat(third).isCompleted();
    assertThat(disk.paths(".wal")).hasSize(2);
    assertThat(Recovery.of(disk.afterPowerCut()).seqs()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void read_failsOnce_isRepeatedAfterAPause() throws IOException {
    for (Fault fault : Fault.values()) {
      SimulatedDisk left = Recovery.segment(3, i -> new byte[i]);
      SimulatedProcess process = new SimulatedProcess(left, Recovery.OPTIONS, new ManualClock());
      process.open();
      for (int i = 1; i <= 4; i++) {
        left.failAt(left.calls() + i, fault);
      }
      for (int i = 0; i < 5; i++) {
        process.settleDown();
        process.advance(PAUSE);
      }
      assertThat(takeAll(process)).as(fault.name()).containsExactly(1L, 2L, 3L);
      assertThat(process.view().quarantined()).isZero();
    }
  }

  /** Everything that earlier processes left waited for it. */
  @Test
  void opening_segmentCannotBeOpened_holdsUpItsStreamOnlyAndNotForEver() throws IOException {
    JournalOptions small = new JournalOptions(1 << 30, 100, 1 << 20, 1 << 20, Duration.ZERO, 0);
    SimulatedProcess first = open(small);
    SimulatedProcess second = open(small);
    for (SimulatedProcess process : List.of(first, second)) {
      appendUnwatched(process);
      process.settleDown();
      appendUnwatched(process);
      process.settleDown();
      process.kill();
    }
    List<String> segments = disk.paths(".wal");
    assertThat(segments).hasSize(4);
    disk.putDirectory(segments.get(0));
    SimulatedProcess third = open();
    third.settleDown();
    assertThat(streamsOf(third)).containsExactly(second.stream(), second.stream());
    for (int retry = 0; retry < 10; retry++) {
      assertThat(streamsOf(third)).isEmpty();
      third.advance(PAUSE);
      third.settleDown();
    }
    assertThat(streamsOf(third)).as("without the one").containsExactly(first.stream());
    assertThat(third.view().unreadable()).isEqualTo(1);
  }

  private static List<UUID> streamsOf(SimulatedProcess process) {
    List<UUID> streams = new ArrayList<>();
    for (JournalRecord r = process.next(); r != null; r = process.next()) {
      streams.add(r.stream());
    }
    return streams;
  }

  @Test
  void diskFull_untilThereIsSpace_refusesAndLosesNothing() throws IOException {
    SimulatedProcess process = open();
    appendUnwatched(process);
    process.settleDown();
    disk.setCapacity(200);
    CompletableFuture<Void> second = appendDurably(process);
    process.append(new byte[500], null);
    process.settleDown();
    assertThat(second).isNotDone();
    assertThat(process.append(new byte[1], null)).isInstanceOf(EventJournal.Unavailable.class);
    disk.setCapacity(Long.MAX_VALUE);
    process.advance(PAUSE);
    process.settleDown();
    assertThat(second).isCompleted();
    assertThat(process.append(new byte[1], null)).isEqualTo(new EventJournal.Appended(4));
    process.settleDown();
    assertThat(takeAll(process)).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void usableSpace_belowTheMinimum_refusesUntilItIsThere() throws IOException {
    disk.setCapacity(1_000);
    SimulatedProcess process =
        open(new JournalOptions(1 << 30, 8 << 20, 1 << 20, 1 << 20, Duration.ZERO, 2_000));
    assertThat(process.append(new byte[1], null)).isInstanceOf(EventJournal.Unavailable.class);
    disk.setCapacity(10_000);
    process.advance(PAUSE);
    process.settleDown();
    assertThat(process.append(new byte[1], null)).isEqualTo(new EventJournal.Appended(1));
  }

  /** Those that were still in the queue were never told. */
  @Test
  void close_diskFull_tellsEveryWaiterAndCountsEveryRecord() throws IOException {
    SimulatedProcess process = open();
    disk.setCapacity(0);
    List<CompletableFuture<Void>> waiters = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      CompletableFuture<Void> durable = new CompletableFuture<>();
      waiters.add(durable);
      assertThat(process.append(new byte[2_000], durable))
          .isInstanceOf(EventJournal.Appended.class);
    }
    process.close();
    assertThat(waiters).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(process.unwritten()).isEqualTo(100);
  }

  @Test
  void append_bodyLargerThanRecoveryWouldRead_isRefused() throws IOException {
    SimulatedProcess process = open(new JournalOptions(1 << 30, 8 << 20, 8 << 20, 1, null, 0));
    byte[] tooLarge = new byte[SegmentFormat.MAX_BODY_BYTES + 1];
    assertThat(process.append(tooLarge, null)).isEqualTo(new EventJournal.Full(1 << 20, false));
    CompletableFuture<Void> durable = new CompletableFuture<>();
    process.append(new byte[SegmentFormat.MAX_BODY_BYTES], durable);
    process.settleDown();
    assertThat(durable).isCompleted();
    assertThat(Recovery.of(disk.afterPowerCut()).seqs()).containsExactly(1L);
  }

  /** A segment larger than the bound was never given back. */
  @Test
  void append_fullAndThenAllSettled_isTakenAgain() throws IOException {
    SimulatedProcess process =
        open(new JournalOptions(1_000, 8 << 20, 1 << 20, 1 << 20, Duration.ZERO, 0));
    for (int round = 0; round < 10; round++) {
      while (process.append(new byte[100], null) instanceof EventJournal.Appended) {
        process.settleDown();
      }
      for (JournalRecord r = process.next(); r != null; r = process.next()) {
        process.acknowledge(r);
      }
      process.settleDown();
      assertThat(process.pending()).isZero();
    }
    assertThat(process.appended()).isGreaterThanOrEqualTo(60);
  }
}
