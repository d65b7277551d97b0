package io.billingsdk.internal.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.EventJournal.Appended;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * A billing system that shows another ledger: the journal brings back the events that it retains.
 */
final class AnotherLedgerTest extends RetentionFixture {
  private static final UUID THIRD = new UUID(1, 3);

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
}
