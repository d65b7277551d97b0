package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every cut and every flipped bit of a segment: only what was hit is missing. */
@Tag("simulation")
@ExtendWith(QuietJournal.class)
final class JournalDamageTest {
  private static final int HEADER = SegmentFormat.HEADER_BYTES;

  private static byte[] body(int index, int bytes) {
    byte[] body = new byte[bytes];
    new Random(index).nextBytes(body);
    return body;
  }

  private static List<Long> seqs(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void opening_segmentCutOrBitFlipped_losesOnlyWhatWasHit() {
    int cuts = cutEverywhere();
    int flips = flipEveryBit();
    assertThat(flips).isEqualTo(65_536);
    Proof.sized("journal-truncation-and-bitflips")
        .with("truncations", cuts)
        .with("records", 64)
        .with("bitflips", flips)
        .with("segment_bytes", 8_192)
        .with("violations", 0)
        .print();
  }

  /** Bodies of 0 to 63 bytes. */
  private static int cutEverywhere() {
    SimulatedDisk whole = Recovery.segment(64, i -> body(i, i));
    String path = whole.paths(".wal").get(0);
    byte[] content = whole.content(path);
    for (int cut = 0; cut <= content.length; cut++) {
      int end = HEADER;
      int records = 0;
      while (records < 64 && end + SegmentFormat.recordBytes(records) <= cut) {
        end += SegmentFormat.recordBytes(records);
        records++;
      }
      Recovery found = Recovery.of(Recovery.with(path, Arrays.copyOf(content, cut)));
      assertThat(found.seqs()).as("cut at %s", cut).isEqualTo(seqs(records));
      assertBodies(found.records(), i -> body(i, i));
      boolean torn = cut > end && cut < content.length;
      assertQuarantine(found, "cut at " + cut, torn ? slice(content, end, cut) : null);
    }
    return content.length + 1;
  }

  /** Records of 128 bytes with 3 bytes of padding each, and one of 152 that fills it up. */
  private static int flipEveryBit() {
    SimulatedDisk whole = Recovery.segment(63, JournalDamageTest::bodyIn8KiB);
    String path = whole.paths(".wal").get(0);
    byte[] content = whole.content(path);
    assertThat(content).hasSize(8_192);
    for (int bit = 0; bit < 8 * content.length; bit++) {
      byte[] flipped = content.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      checkFlip(path, flipped, bit / 8, "bit " + bit);
    }
    return 8 * content.length;
  }

  /** One flipped bit in the body of the tenth record. */
  static void checkFlipInABody() {
    SimulatedDisk whole = Recovery.segment(63, JournalDamageTest::bodyIn8KiB);
    String path = whole.paths(".wal").get(0);
    byte[] flipped = whole.content(path);
    int at = HEADER + 9 * 128 + 40;
    flipped[at] ^= 1;
    checkFlip(path, flipped, at, "a bit of a body");
  }

  private static byte[] bodyIn8KiB(int index) {
    return body(index, index == 62 ? 117 : 93);
  }

  private static void checkFlip(String path, byte[] flipped, int at, String what) {
    int index = at < HEADER ? -1 : Math.min(63, (at - HEADER) / 128);
    if (index == 63 && at < flipped.length - 40) {
      index = 62;
    }
    int start = HEADER + 128 * index;
    int bytes = index == 62 ? 152 : 128;
    if (index == 63) {
      start = flipped.length - 40;
      bytes = 40;
    }
    boolean inPadding = index >= 0 && index < 63 && at >= start + bytes - 3;
    boolean damages = index >= 0 && !inPadding;
    List<Long> expected = new ArrayList<>(seqs(63));
    if (damages) {
      expected.remove(Long.valueOf(index + 1));
    }
    Recovery found = Recovery.of(Recovery.with(path, flipped));
    assertThat(found.seqs()).as(what).isEqualTo(expected);
    assertBodies(found.records(), JournalDamageTest::bodyIn8KiB);
    assertQuarantine(found, what, damages ? slice(flipped, start, start + bytes) : null);
  }

  private static void assertBodies(
      List<JournalRecord> records, java.util.function.IntFunction<byte[]> expected) {
    for (JournalRecord found : records) {
      if (!Arrays.equals(found.body(), expected.apply((int) found.seq() - 1))) {
        throw new AssertionError("other bytes: " + found);
      }
    }
  }

  private static void assertQuarantine(
      Recovery found, String what, byte @org.jspecify.annotations.Nullable [] expected) {
    List<byte[]> quarantine = found.quarantine();
    if (expected == null) {
      assertThat(quarantine).as(what).isEmpty();
    } else {
      assertThat(quarantine).as(what).hasSize(1);
      assertThat(quarantine.get(0)).as(what).isEqualTo(expected);
    }
    assertThat(found.view().quarantined()).as(what).isEqualTo(quarantine.size());
    assertThat(found.view().recovered()).as(what).isEqualTo(found.records().size());
    assertThat(found.segmentsLeft()).as(what).isEmpty();
  }

  private static byte[] slice(byte[] content, int from, int to) {
    return Arrays.copyOfRange(content, from, to);
  }
}
