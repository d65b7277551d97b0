package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.billingsdk.fuzz.FuzzMeter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;

/** Any bytes as an acknowledgement file: settled is exactly what a naive reading finds. */
final class AckFileFuzzTest {
  /** One buffer; and of each range of 24 bytes an entry of a tree, and a checksum's buffer. */
  private static final FuzzMeter METER = new FuzzMeter(256 << 10, 200);

  private AckedRanges settled = new AckedRanges();

  @AfterAll
  static void report() throws IOException {
    METER.report();
  }

  @FuzzTest
  void reading_anyBytes_settlesWhatIsValidAndNothingElse(byte[] input) throws IOException {
    byte[] file = FuzzFiles.acks(input);
    SimulatedDisk disk = new SimulatedDisk(new Random(1));
    disk.put("/a.ack", file);
    METER.measure(file, bytes -> read(new SimulatedFiles(disk)));
    AckedRanges expected = new AckedRanges();
    for (int at = 0; at + 24 <= file.length; ) {
      at += addIfValid(expected, file, at) ? 24 : 1;
    }
    assertThat(settled.count()).isEqualTo(expected.count());
    assertThat(settled.ranges()).isEqualTo(expected.ranges());
  }

  private boolean addIfValid(AckedRanges expected, byte[] bytes, int at) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long first = file.getLong(at);
    long last = file.getLong(at + 8);
    if (file.getInt(at + 16) != 0xAC5E771D
        || file.getInt(at + 20) != FuzzFiles.ackCrc(bytes, at)
        || first <= 0
        || last < first
        || last == Long.MAX_VALUE) {
      return false;
    }
    expected.add(first, last);
    assertThat(settled.contains(first)).isTrue();
    assertThat(settled.contains(first + (last - first) / 2)).isTrue();
    assertThat(settled.contains(last)).isTrue();
    return true;
  }

  private void read(JournalFiles files) throws IOException {
    settled = new AckedRanges();
    AckFile.read(files, Path.of("/a.ack"), FuzzFiles.STREAM, settled);
  }
}
