package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.billingsdk.fuzz.FuzzMeter;
import io.billingsdk.internal.journal.SegmentReader.Damage;
import io.billingsdk.internal.journal.SegmentReader.Valid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Any bytes as a segment in a journal's directory: the journal opens, hands out the valid records,
 * and still works.
 */
@ExtendWith(QuietJournal.class)
final class JournalOpeningFuzzTest {
  /** Two journals with their buffers; and the copies that the simulated disk makes of its files. */
  private static final FuzzMeter METER = new FuzzMeter(128 << 20, 4_000);

  private static final String PATH = Recovery.SLOT + new SegmentName(1, FuzzFiles.STREAM).wal();

  @AfterAll
  static void report() throws IOException {
    METER.report();
  }

  @FuzzTest
  void opening_anyBytesAsSegment_handsOutWhatIsValid(byte[] input) throws IOException {
    byte[] file = FuzzFiles.segment(input);
    METER.measure(file, JournalOpeningFuzzTest::open);
  }

  private static void open(byte[] file) throws IOException {
    SimulatedDisk disk = Recovery.with(PATH, file);
    Recovery found = Recovery.of(disk);
    if (isOfAnotherVersion(file)) {
      assertThat(found.records()).isEmpty();
      assertThat(disk.content(PATH)).as("left to who knows it").isEqualTo(file);
      return;
    }
    Contents contents = contents(file);
    assertThat(Set.copyOf(found.seqs())).isEqualTo(Set.copyOf(contents.events()));
    assertThat(found.records().size()).isLessThanOrEqualTo(contents.events().size());
    assertThat(found.quarantine()).hasSize(contents.damaged());
    // Numbers that no journal gives cannot be acknowledged on disk either.
    assertThat(Recovery.of(disk).seqs())
        .allMatch(seq -> seq <= 0 || seq == Long.MAX_VALUE, "was not settled");
  }

  private static boolean isOfAnotherVersion(byte[] file) throws IOException {
    try (SegmentReader reader = new SegmentReader(new BytesInput(file), FuzzFiles.STREAM)) {
      SegmentFormat.Header header = reader.header();
      return header != null && header.version() != SegmentFormat.VERSION;
    }
  }

  private record Contents(List<Long> events, int damaged) {}

  private static Contents contents(byte[] file) throws IOException {
    List<Long> events = new ArrayList<>();
    int damaged = 0;
    try (SegmentReader reader = new SegmentReader(new BytesInput(file), FuzzFiles.STREAM)) {
      for (SegmentReader.Item item = reader.next(Long.MAX_VALUE);
          item != null;
          item = reader.next(Long.MAX_VALUE)) {
        if (item instanceof Damage damage) {
          damaged += damage.isEmptySpace() ? 0 : 1;
        } else if (item instanceof Valid valid && valid.type() == SegmentFormat.EVENT) {
          events.add(valid.seq());
        }
      }
    }
    return new Contents(events, damaged);
  }
}
