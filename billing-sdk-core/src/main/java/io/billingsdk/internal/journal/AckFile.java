package io.billingsdk.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The settled part of one segment: ranges of sequence numbers, appended, never forced. Losing them
 * costs repetitions, which the receiver recognises, and never an event; so bytes that do not
 * validate are skipped, up to the next range that does: a write may have been torn.
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
  private static final int BUFFER_BYTES = 8 << 10;

  private AckFile() {}

  /** Adds to a set what a segment's file says is settled; nothing when there is no file. */
  static void read(JournalFiles files, Path file, UUID stream, AckedRanges into)
      throws IOException {
    try (JournalFiles.Input input = files.open(file)) {
      ByteBuffer buffer = SegmentFormat.allocate(BUFFER_BYTES);
      long at = 0;
      for (long end = input.bytes(); at < end; ) {
        int before = buffer.position();
        input.read(buffer, at);
        int read = buffer.position() - before;
        if (read == 0) {
          return;
        }
        at += read;
        buffer.flip();
        addValid(into, buffer, stream);
        buffer.compact();
      }
    } catch (NoSuchFileException nothingSettled) {
      return;
    }
  }

  /** Leaves in the buffer the bytes that may be the beginning of a range. */
  private static void addValid(AckedRanges into, ByteBuffer buffer, UUID stream) {
    while (buffer.remaining() >= RANGE_BYTES) {
      int at = buffer.position();
      long first = buffer.getLong(at);
      long last = buffer.getLong(at + 8);
      boolean valid =
          buffer.getInt(at + 16) == MAGIC
              && buffer.getInt(at + 20) == crc(buffer, at, stream)
              && first > 0
              && first <= last
              && last < Long.MAX_VALUE;
      if (valid) {
        into.add(first, last);
      }
      buffer.position(at + (valid ? RANGE_BYTES : 1));
    }
  }

  /** Appends a range to the buffer. */
  static void put(ByteBuffer into, UUID stream, long first, long last) {
    int start = into.position();
    into.putLong(first).putLong(last).putInt(MAGIC).putInt(crc(into, start, stream));
  }

  static ByteBuffer buffer(int ranges) {
    return SegmentFormat.allocate(ranges * RANGE_BYTES);
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
