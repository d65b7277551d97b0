package io.billingsdk.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What is settled of one segment: ranges of sequence numbers, appended, never forced. Losing them
 * costs repetitions, which the receiver recognises, and never an event; so a range that does not
 * validate is skipped.
 *
 * <pre>
 * range, 24 bytes, little-endian
 *   0  8  first sequence number
 *   8  8  last, included
 *  16  4  magic 0xAC5E771D
 *  20  4  CRC32C of stream id and bytes 0 to 19
 * </pre>
 */
final class AckFile {
  private static final int RANGE_BYTES = 24;
  private static final int MAGIC = 0xAC5E771D;

  private AckFile() {}

  /** The settled set of a segment; empty when there is no file. */
  static SettledSet read(JournalFiles files, Path file, UUID stream) throws IOException {
    SettledSet settled = new SettledSet();
    try (JournalFiles.Input input = files.open(file)) {
      ByteBuffer range = SegmentFormat.allocate(RANGE_BYTES);
      for (long at = 0; at + RANGE_BYTES <= input.bytes(); at += RANGE_BYTES) {
        range.clear();
        input.read(range, at);
        addIfValid(settled, range, stream);
      }
    } catch (java.nio.file.NoSuchFileException nothingSettled) {
      return settled;
    }
    return settled;
  }

  /** Appends a range to the buffer. */
  static void put(ByteBuffer into, UUID stream, long first, long last) {
    int start = into.position();
    into.putLong(first).putLong(last).putInt(MAGIC).putInt(crc(into, start, stream));
  }

  static ByteBuffer buffer(int ranges) {
    return SegmentFormat.allocate(ranges * RANGE_BYTES);
  }

  private static void addIfValid(SettledSet settled, ByteBuffer range, UUID stream) {
    long first = range.getLong(0);
    long last = range.getLong(8);
    boolean valid =
        range.getInt(16) == MAGIC && range.getInt(20) == crc(range, 0, stream) && first <= last;
    if (valid) {
      settled.add(first, last);
    }
  }

  private static int crc(ByteBuffer bytes, int at, UUID stream) {
    CRC32C crc = new CRC32C();
    crc.update(
        ByteBuffer.allocate(16)
            .putLong(stream.getMostSignificantBits())
            .putLong(stream.getLeastSignificantBits())
            .flip());
    crc.update(bytes.array(), bytes.arrayOffset() + at, 20);
    return (int) crc.getValue();
  }
}
