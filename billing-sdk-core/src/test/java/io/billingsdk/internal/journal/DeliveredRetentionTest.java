package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.journal.SimulatedDisk.Fault;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delivered segments that are retained, and handed out once more for another ledger. */
final class DeliveredRetentionTest extends RetentionFixture {
  private List<String> segments() {
    return disk.paths(".wal").stream().filter(path -> !path.contains("/retained/")).toList();
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
