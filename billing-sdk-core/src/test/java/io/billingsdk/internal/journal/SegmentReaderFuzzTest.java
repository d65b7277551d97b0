package io.billingsdk.internal.journal;

import static io.billingsdk.internal.journal.FuzzFiles.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.billingsdk.fuzz.FuzzMeter;
import io.billingsdk.internal.journal.SegmentReader.Damage;
import io.billingsdk.internal.journal.SegmentReader.Valid;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;

/** Any bytes as a segment: each of them is in a valid record or told as damage, in order. */
final class SegmentReaderFuzzTest {
  /** Two buffers; and of a body whose checksum is wrong the bytes twice, and objects. */
  private static final FuzzMeter METER = new FuzzMeter(256 << 10, 40);

  @AfterAll
  static void report() throws IOException {
    METER.report();
  }

  @FuzzTest
  void reading_anyBytes_leavesNothingOut(byte[] input) throws IOException {
    byte[] file = FuzzFiles.segment(input);
    METER.measure(file, SegmentReaderFuzzTest::readAll);
    checkAll(file);
  }

  private static void readAll(byte[] file) throws IOException {
    try (SegmentReader reader = new SegmentReader(new BytesInput(file), STREAM)) {
      reader.header();
      while (reader.next(Long.MAX_VALUE) != null) {
        // Only to see what it costs.
      }
    }
  }

  private static void checkAll(byte[] file) throws IOException {
    int at = SegmentFormat.HEADER_BYTES;
    try (SegmentReader reader = new SegmentReader(new BytesInput(file), STREAM)) {
      for (SegmentReader.Item item = reader.next(Long.MAX_VALUE);
          item != null;
          item = reader.next(Long.MAX_VALUE)) {
        int to = (int) reader.position();
        check(file, item, at, to);
        at = to;
      }
    }
    assertThat(at).isEqualTo(Math.max(file.length, SegmentFormat.HEADER_BYTES));
  }

  private static void check(byte[] file, SegmentReader.Item item, int from, int to) {
    assertThat(to).as("it moves on").isGreaterThan(from);
    if (item instanceof Damage damage) {
      assertThat(damage.offset()).isEqualTo(from);
      assertThat(damage.bytes()).isEqualTo(Arrays.copyOfRange(file, from, to));
      assertThat(damage.bytes().length)
          .isLessThanOrEqualTo(SegmentFormat.recordBytes(SegmentFormat.MAX_BODY_BYTES));
    } else if (item instanceof Valid valid) {
      int body = from + SegmentFormat.RECORD_HEADER_BYTES;
      assertThat(to - from).isEqualTo(SegmentFormat.recordBytes(valid.body().length));
      assertThat(valid.body())
          .isEqualTo(Arrays.copyOfRange(file, body, body + valid.body().length));
    }
  }
}
