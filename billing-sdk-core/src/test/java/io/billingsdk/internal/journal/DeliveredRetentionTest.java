package io.billingsdk.internal.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.journal.SimulatedDisk.Fault;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delivered segments that are retained, and handed out once more for another ledger. */
@ExtendWith(QuietJournal.class)
final class DeliveredRetentionTest {
  private static final UUID FIRST = new UUID(1, 1);
  private static final UUID SECOND = new UUID(1, 2);
  private static final UUID THIRD = new UUID(1, 3);
  private static final Duration TIME = Duration.ofHours(1);
  private static final int SEGMENT_BYTES = 500;
  private static final JournalOptions OPTIONS = retaining(TIME, 1 << 20);

  private SimulatedDisk disk = new SimulatedDisk(new Random(1));
  private final ManualClock clock = new ManualClock();

  private static JournalOptions retaining(Duration time, long bytes) {
    return new JournalOptions(64_000, SEGMENT_BYTES, 1 << 20, 1 << 20, Duration.ZERO, 0)
        .retaining(new Retention(time, bytes));
  }

  private SimulatedProcess open(JournalOptions options, UUID ledger) throws IOException {
    SimulatedProcess process = new SimulatedProcess(disk, options, clock);
    process.open();
    process.deliveringTo(ledger);
    process.settleDown();
    return process;
  }

  private SimulatedProcess open(UUID ledger) throws IOException {
    return open(OPTIONS, ledger);
  }

  private static void report(SimulatedProcess process, int records) {
    for (int i = 0; i < records; i++) {
      assertThat(process.append(new byte[64], null)).isInstanceOf(Appended.class);
      process.settleDown();
    }
  }

  /** Delivers all that is handed out. */
  private static List<Long> deliver(SimulatedProcess process) {
    List<Long> seqs = new ArrayList<>();
    process.settleDown();
    for (JournalRecord next = process.next(); next != null; next = process.next()) {
      seqs.add(next.seq());
      process.acknowledge(next);
      process.settleDown();
    }
    return seqs;
  }

  private static List<Long> seqs(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private List<String> retained() {
    return disk.paths(".wal").stream().filter(path -> path.contains("/retained/")).toList();
  }

  private List<String> segments() {
    return disk.paths(".wal").stream().filter(path -> !path.contains("/retained/")).toList();
  }

  private String ledger(String slot) {
    return new String(
            disk.content(SimulatedProcess.ROOT + "/" + slot + "/ledger"), StandardCharsets.US_ASCII)
        .strip();
  }

  @Test
  void delivered_ofAKnownLedger_isRetainedAndNoPartOfTheJournal() throws IOException {
    SimulatedProcess process = open(FIRST);
    report(process, 20);
    assertThat(deliver(process)).hasSize(20);
    assertThat(retained()).hasSizeGreaterThan(3);
    assertThat(segments()).as("the one that grows").hasSize(1);
    assertThat(process.bytes()).isLessThanOrEqualTo(SEGMENT_BYTES);
    assertThat(process.pending()).isZero();
    assertThat(ledger("slot-00")).isEqualTo(FIRST.toString());
  }

  @Test
  void delivered_noLedgerSeen_isDeletedAsEver() throws IOException {
    SimulatedProcess process = new SimulatedProcess(disk, OPTIONS, clock);
    process.open();
    report(process, 20);
    deliver(process);
    process.close();
    assertThat(disk.paths(".wal")).isEmpty();
    assertThat(disk.paths("/ledger")).isEmpty();
  }

  @Test
  void restart_sameLedger_handsOutNothing() throws IOException {
    SimulatedProcess process = open(FIRST);
    report(process, 20);
    deliver(process);
    process.close();
    disk = disk.afterKill();
    SimulatedProcess next = open(FIRST);
    assertThat(deliver(next)).isEmpty();
    assertThat(next.figures().appended()).isZero();
    report(next, 1);
    assertThat(segments().get(0)).as("numbers go on").doesNotContain("0000001-");
  }

  @Test
  void anotherLedger_everythingComesOnceMore_andTheEquationHolds() throws IOException {
    SimulatedProcess process = open(FIRST);
    report(process, 20);
    List<Long> before = deliver(process);
    report(process, 3);
    process.deliveringTo(SECOND);
    assertThat(process.settledUpTo(20)).as("a flush waits for it").isFalse();
    process.settleDown();
    assertThat(process.pending()).as("known at once").isEqualTo(23);
    assertThat(deliver(process)).containsExactlyInAnyOrderElementsOf(seqs(1, 23));
    assertThat(before).isEqualTo(seqs(1, 20));
    assertThat(ledger("slot-00")).isEqualTo(SECOND.toString());
    JournalFigures figures = process.figures();
    assertThat(figures.appended()).isEqualTo(43).isEqualTo(figures.acknowledged());
    assertThat(process.settledUpTo(23)).isTrue();
    assertThat(deliver(process)).isEmpty();
  }

  @Test
  void anotherLedger_restIsUnsettled_comesWhenItIs_andWhatWasDeliveredSinceDoesNot()
      throws IOException {
    SimulatedProcess process = open(FIRST);
    report(process, 4);
    JournalRecord one = requireNonNull(process.next());
    JournalRecord two = requireNonNull(process.next());
    process.acknowledge(one);
    process.settleDown();
    process.deliveringTo(SECOND);
    process.settleDown();
    assertThat(process.pending()).isEqualTo(4);
    process.acknowledge(two);
    assertThat(deliver(process)).containsExactly(3L, 4L, 1L);
    assertThat(ledger("slot-00")).isEqualTo(SECOND.toString());
  }

  @Test
  void anotherLedger_seenByTheNextProcessOnly_bringsBackWhatAllLeft() throws IOException {
    SimulatedProcess process = open(FIRST);
    report(process, 20);
    deliver(process);
    process.close();
    disk = disk.afterPowerCut();
    SimulatedProcess next = open(SECOND);
    assertThat(deliver(next)).isEqualTo(seqs(1, 20));
  }

  @Test
  void ledgersThatTakeTurns_areFollowedOnceAMinute_andAllGetEverything() throws IOException {
    SimulatedProcess process = open(FIRST);
    report(process, 8);
    deliver(process);
    process.deliveringTo(SECOND);
    assertThat(deliver(process)).hasSize(8);
    process.deliveringTo(THIRD);
    assertThat(deliver(process)).isEmpty();
    assertThat(ledger("slot-00")).isEqualTo(PeerLedgerFile.MIXED.toString());
    process.deliveringTo(SECOND);
    clock.advance(Duration.ofSeconds(59));
    assertThat(deliver(process)).isEmpty();
    assertThat(process.settledUpTo(8)).isFalse();
    clock.advance(Duration.ofSeconds(1));
    assertThat(deliver(process)).as("something may have gone to the third").hasSize(8);
    assertThat(ledger("slot-00")).isEqualTo(SECOND.toString());
  }

  @Test
  void anotherLedger_moreThanThereIsRoomFor_keepsNoNewRecordOut() throws IOException {
    SimulatedProcess process = open(FIRST);
    for (int i = 0; i < 100; i++) {
      report(process, 20);
      deliver(process);
    }
    process.deliveringTo(SECOND);
    process.settleDown();
    assertThat(process.bytes()).isLessThanOrEqualTo(OPTIONS.maxBytes() / 2);
    assertThat(process.append(new byte[20_000], null)).isInstanceOf(Appended.class);
    assertThat(deliver(process)).containsExactlyInAnyOrderElementsOf(seqs(1, 2_001));
    assertThat(ledger("slot-00")).isEqualTo(SECOND.toString());
  }

  @Test
  void anotherLedger_acknowledgementsLeftBehind_areNotBelieved() throws IOException {
    SimulatedProcess process = open(FIRST);
    report(process, 20);
    deliver(process);
    String name = RetainedName.parse(fileName(retained().get(0))).orElseThrow().segment().ack();
    byte[] all = AckFile.buffer(1).array();
    AckFile.put(
        java.nio.ByteBuffer.wrap(all).order(java.nio.ByteOrder.LITTLE_ENDIAN),
        process.stream(),
        1,
        20);
    disk.put(Recovery.SLOT + name, all);
    process.deliveringTo(SECOND);
    assertThat(deliver(process)).containsExactlyInAnyOrderElementsOf(seqs(1, 20));
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Test
  void anotherLedger_retainedSegmentDeletedByHand_bringsBackTheOthers() throws IOException {
    SimulatedProcess process = open(FIRST);
    report(process, 20);
    deliver(process);
    process.close();
    disk = disk.afterKill();
    SimulatedProcess next = open(FIRST);
    new SimulatedFiles(disk).delete(Path.of(retained().get(0)));
    next.deliveringTo(SECOND);
    assertThat(deliver(next)).isNotEmpty().isSubsetOf(seqs(1, 20)).doesNotContain(1L);
    assertThat(ledger("slot-00")).isEqualTo(SECOND.toString());
  }

  @Test
  void slotOfADeadProcess_isTakenOverWithWhatItRetained() throws IOException {
    SimulatedProcess first = open(FIRST);
    SimulatedProcess second = open(FIRST);
    report(second, 20);
    deliver(second);
    second.close();
    assertThat(retained()).isNotEmpty().allMatch(path -> path.contains("/slot-01/"));
    clock.advance(Duration.ofSeconds(30));
    first.settleDown();
    assertThat(retained()).isNotEmpty().allMatch(path -> path.contains("/slot-00/"));
    first.deliveringTo(SECOND);
    assertThat(deliver(first)).containsExactlyInAnyOrderElementsOf(seqs(1, 20));
  }

  @Test
  void slotOfADeadProcess_ofAnotherLedger_isBroughtBackThere() throws IOException {
    SimulatedProcess first = open(FIRST);
    SimulatedProcess second = open(FIRST);
    report(second, 20);
    deliver(second);
    second.close();
    first.deliveringTo(SECOND);
    first.settleDown();
    clock.advance(Duration.ofSeconds(90));
    first.settleDown();
    assertThat(deliver(first)).containsExactlyInAnyOrderElementsOf(seqs(1, 20));
    assertThat(ledger("slot-01")).isEqualTo(SECOND.toString());
    clock.advance(Duration.ofSeconds(61));
    first.settleDown();
    clock.advance(Duration.ofSeconds(31));
    first.settleDown();
    assertThat(retained()).isNotEmpty().allMatch(path -> path.contains("/slot-00/"));
  }

  @Test
  void retained_olderThanItsTime_isDeleted() throws IOException {
    SimulatedProcess process = open(FIRST);
    report(process, 20);
    deliver(process);
    clock.advance(TIME.minusSeconds(1));
    process.settleDown();
    assertThat(retained()).isNotEmpty();
    clock.advance(Duration.ofSeconds(60));
    process.settleDown();
    assertThat(retained()).isEmpty();
  }

  @Test
  void retained_moreThanItsBytes_losesTheOldest() throws IOException {
    SimulatedProcess process = open(retaining(TIME, 3 * SEGMENT_BYTES), FIRST);
    report(process, 100);
    deliver(process);
    long bytes = retained().stream().mapToLong(path -> disk.content(path).length).sum();
    assertThat(bytes).isPositive().isLessThanOrEqualTo(3 * SEGMENT_BYTES);
    process.deliveringTo(SECOND);
    assertThat(deliver(process)).contains(100L).doesNotContain(1L);
  }

  @Test
  void retained_diskIsFull_isDeletedBeforeAnyRecordIsRefused() throws IOException {
    SimulatedProcess process = open(FIRST);
    report(process, 40);
    deliver(process);
    assertThat(retained()).hasSizeGreaterThan(5);
    disk.fill();
    report(process, 20);
    assertThat(process.view().trouble()).isNull();
    assertThat(deliver(process)).isEqualTo(seqs(41, 60));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "00000000-0000-0001-0000-000000000001",
        "not-a-ledger-at-all-but-37-bytes-long"
      })
  void open_ledgerFileIsDamaged_costsRepetitionsOnly(String content) throws IOException {
    SimulatedProcess process = open(FIRST);
    report(process, 20);
    deliver(process);
    process.close();
    disk = disk.afterKill();
    disk.put(Recovery.SLOT + PeerLedgerFile.FILE, content.getBytes(StandardCharsets.US_ASCII));
    assertThat(deliver(open(FIRST))).isEqualTo(seqs(1, 20));
    assertThat(ledger("slot-00")).isEqualTo(FIRST.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "retained",
        "ledger",
        "ledger.tmp",
        "retained/x",
        "retained/00000000000000000001-seg-x.wal"
      })
  void open_oddThingsInPlaceOfOurs_worksOn(String name) throws IOException {
    for (boolean asDirectory : new boolean[] {true, false}) {
      disk = new SimulatedDisk(new Random(1));
      if (asDirectory) {
        disk.putDirectory(Recovery.SLOT + name);
      } else {
        disk.put(Recovery.SLOT + name, new byte[99]);
      }
      SimulatedProcess process = open(FIRST);
      report(process, 20);
      assertThat(deliver(process)).containsAll(seqs(1, 20));
      process.deliveringTo(SECOND);
      clock.advance(Duration.ofMinutes(2));
      deliver(process);
      report(process, 1);
      assertThat(deliver(process)).contains(21L);
      assertThat(process.view().trouble()).isNull();
    }
  }

  @Test
  void anyCall_failsOnceWhileItIsBroughtBack_allComesInTheEnd() throws IOException {
    for (int call = 1; call <= 150; call++) {
      disk = new SimulatedDisk(new Random(call));
      SimulatedProcess process = open(FIRST);
      report(process, 20);
      deliver(process);
      disk.failAt(disk.calls() + call, Fault.EIO);
      process.deliveringTo(SECOND);
      List<Long> came = deliver(process);
      for (int i = 0; i < 15; i++) {
        clock.advance(Duration.ofSeconds(5));
        came.addAll(deliver(process));
      }
      assertThat(came).as("call %d", call).containsAll(seqs(1, 20));
      assertThat(ledger("slot-00")).as("call %d", call).isEqualTo(SECOND.toString());
      assertThat(process.pending()).as("call %d", call).isZero();
    }
  }

  @Test
  void realDisk_retainsPrivately_showsItAndBringsItBack(@TempDir Path root) throws Exception {
    DurableJournal journal =
        DurableJournal.with(JournalFiles.real(), root, OPTIONS, Clock.system());
    journal.start();
    try {
      journal.deliveringTo(FIRST);
      for (int i = 0; i < 20; i++) {
        // One by one: what comes together goes into one segment.
        CompletableFuture<Void> durable = new CompletableFuture<>();
        assertThat(journal.append(new byte[64], durable)).isInstanceOf(Appended.class);
        durable.get(10, TimeUnit.SECONDS);
      }
      await().until(() -> deliverAll(journal) && journal.settledUpTo(20));
      JournalInspector inspector = new JournalInspector(root);
      await().until(() -> inspector.inspect().get(0).retained() > 2);
      assertThat(inspector.inspect().get(0).retainedBytes()).isGreaterThan(3 * 300);
      Path slot = root.resolve("slot-00");
      assertThat(Files.getPosixFilePermissions(slot.resolve("retained")))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      assertThat(Files.getPosixFilePermissions(slot.resolve(PeerLedgerFile.FILE)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      journal.deliveringTo(SECOND);
      await().until(() -> deliverAll(journal) && journal.settledUpTo(20));
      assertThat(journal.figures().acknowledged()).isEqualTo(40);
    } finally {
      assertThat(journal.release(Duration.ofSeconds(10))).isZero();
    }
  }

  private static boolean deliverAll(DurableJournal journal) {
    for (JournalRecord next = journal.next(); next != null; next = journal.next()) {
      journal.acknowledge(next);
    }
    return true;
  }

  @Test
  void turnedOff_leavesWhatIsRetainedAlone() throws IOException {
    SimulatedProcess process = open(FIRST);
    report(process, 20);
    deliver(process);
    process.close();
    disk = disk.afterKill();
    List<String> before = retained();
    SimulatedProcess off = open(OPTIONS.retaining(null), SECOND);
    report(off, 20);
    assertThat(deliver(off)).isEqualTo(seqs(1, 20));
    off.close();
    assertThat(disk.paths(".wal")).isEqualTo(before);
    disk = disk.afterKill();
    assertThat(deliver(open(SECOND))).as("turned on again").isEqualTo(seqs(1, 20));
  }
}
