package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever lies in the directory, the journal opens and hands out what is valid. */
@ExtendWith(QuietJournal.class)
final class JournalOddFilesTest {
  private static final String UUID_TEXT = "01234567-89ab-4def-8123-456789abcdef";
  private static final String ROOT = SimulatedProcess.ROOT + "/";

  private SimulatedDisk disk = new SimulatedDisk(new Random(1));
  private String path = "";
  private byte[] segment = new byte[0];

  @BeforeEach
  void oneSegment() {
    disk = Recovery.segment(3, i -> new byte[] {(byte) i});
    path = disk.paths(".wal").get(0);
    segment = disk.content(path);
  }

  private void assertAllRecovered() {
    Recovery found = Recovery.of(disk);
    assertThat(found.seqs()).containsExactly(1L, 2L, 3L);
    assertThat(disk.paths(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slot-00/seg-00000000000000000009-" + UUID_TEXT + ".wal",
        "slot-00/seg-00000000000000000009-" + UUID_TEXT + ".ack",
        "slot-00/seg-09223372036854775807-" + UUID_TEXT + ".wal",
        "slot-00/seg-99999999999999999999-" + UUID_TEXT + ".wal",
        "slot-00/seg-00000000000000000009-000000000000000000000000000000-1-1-1-1.wal",
        "slot-00/seg-00000000000000000009-------------------------------------.wal",
        "slot-00/seg-1.wal",
        "slot-00/quarantine",
        "slot-00/dead",
        "slot-01",
        "slot-99",
        "slot-0x",
        "x",
        "slot-01/LOCK/x"
      })
  void opening_oddNameWithGarbageOrNothingOrAsDirectory_handsOutTheRest(String name)
      throws IOException {
    for (int bytes : new int[] {0, 1, 63, 64, 65, 100, 5_000}) {
      oneSegment();
      byte[] garbage = new byte[bytes];
      new Random(bytes).nextBytes(garbage);
      disk.put(ROOT + name, garbage);
      assertAllRecovered();
      assertStillWorks();
    }
    oneSegment();
    disk.putDirectory(ROOT + name);
    assertAllRecovered();
    assertStillWorks();
  }

  /** What is appended now is durable and found by the next process. */
  private void assertStillWorks() throws IOException {
    SimulatedProcess process = new SimulatedProcess(disk, Recovery.OPTIONS, new ManualClock());
    process.open();
    CompletableFuture<Void> durable = new CompletableFuture<>();
    assertThat(process.append(new byte[] {9}, durable)).isEqualTo(new EventJournal.Appended(1));
    process.settleDown();
    assertThat(durable).isCompleted();
    disk = disk.afterPowerCut();
    assertThat(Recovery.of(disk).records().stream().map(JournalRecord::stream))
        .contains(process.stream());
  }

  @Test
  void opening_firstSlotUnusable_takesAnother() {
    SimulatedDisk odd = new SimulatedDisk(new Random(1));
    odd.put(ROOT + "slot-00", new byte[3]);
    odd.putDirectory(ROOT + "slot-01/LOCK");
    odd.put(path.replace("slot-00", "slot-03"), segment);
    disk = odd;
    assertThat(Recovery.of(odd).seqs()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void opening_foreignSegmentUnderTheName_quarantinesIt() {
    SimulatedDisk other = Recovery.segment(2, i -> new byte[100]);
    String name = ROOT + "slot-00/seg-00000000000000000009-" + UUID_TEXT + ".wal";
    disk.put(name, other.content(other.paths(".wal").get(0)));
    Recovery found = Recovery.of(disk);
    assertThat(found.seqs()).containsExactly(1L, 2L, 3L);
    assertThat(found.quarantine()).hasSize(1);
  }

  @Test
  void opening_damagedHeaderOfASegment_costsNoRecord() {
    for (int i = 0; i < SegmentFormat.HEADER_BYTES; i++) {
      segment[i] = (byte) ~segment[i];
    }
    disk.put(path, segment);
    assertAllRecovered();
  }

  @Test
  void opening_ackFileWithGarbageInFrontOfAndBetweenRanges_stillSettles() {
    SegmentName name = SegmentName.parse(path.substring(path.lastIndexOf('/') + 1)).orElseThrow();
    byte[] content = new byte[3 + 24 + 5 + 24];
    ByteBuffer acks = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    acks.put(new byte[] {1, 2, 3});
    AckFile.put(acks, name.stream(), 1, 1);
    acks.put(new byte[] {(byte) 0xAC, 5, 6, 7, 8});
    AckFile.put(acks, name.stream(), 3, 3);
    disk.put(path.replace(".wal", ".ack"), content);
    assertThat(Recovery.of(disk).seqs()).containsExactly(2L);
    assertThat(disk.paths(".ack")).isEmpty();
  }

  @Test
  void opening_ackFileIsADirectory_costsRepetitionsOnly() {
    disk.putDirectory(path.replace(".wal", ".ack"));
    assertAllRecovered();
  }

  @Test
  void opening_ackFileWithoutItsSegment_isRemoved() {
    String orphan = ROOT + "slot-00/seg-00000000000000000000-" + UUID_TEXT + ".ack";
    disk.put(orphan, new byte[24]);
    assertAllRecovered();
    assertThat(disk.paths(".ack")).isEmpty();
  }

  @Test
  void deadLetter_tornFileOfAnEarlierCrash_isSetAsideBesideIt() throws IOException {
    SegmentName name = SegmentName.parse(path.substring(path.lastIndexOf('/') + 1)).orElseThrow();
    String dead = ROOT + "slot-00/dead/" + name.stream() + "-00000000000000000001";
    disk.put(dead + ".event", new byte[0]);
    SimulatedProcess process = new SimulatedProcess(disk, Recovery.OPTIONS, new ManualClock());
    process.open();
    process.settleDown();
    JournalRecord first = java.util.Objects.requireNonNull(process.next());
    process.deadLetter(first, "no\nsuch key");
    process.settleDown();
    assertThat(disk.content(dead + "-2.event"))
        .isEqualTo(new byte[] {'n', 'o', ' ', 's', 'u', 'c', 'h', ' ', 'k', 'e', 'y', '\n', 0});
    assertThat(List.of(disk.content(dead + ".event"))).hasSize(1);
  }
}
