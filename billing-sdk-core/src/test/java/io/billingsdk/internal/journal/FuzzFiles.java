package io.billingsdk.internal.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Makes journal files of the bytes of a fuzzer, which cannot guess a checksum: one that is zero is
 * put right, so that what lies behind it is reached; any other is left, so that wrong ones are met.
 */
final class FuzzFiles {
  static final UUID STREAM = new UUID(0x0123456789ab4defL, 0x8123456789abcdefL);

  private static final int HEADER = SegmentFormat.HEADER_BYTES;
  private static final int RECORD = SegmentFormat.RECORD_HEADER_BYTES;
  private static final int RECORD_MAGIC = 0xB1115E61;
  private static final int RANGE_MAGIC = 0xAC5E771D;

  private FuzzFiles() {}

  /** A segment: checksums that are zero, of its header and of its records, put right. */
  static byte[] segment(byte[] input) {
    byte[] bytes = input.clone();
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length >= HEADER && file.getInt(60) == 0) {
      file.putInt(60, crc(bytes, 0, 60));
    }
    for (int at = HEADER; at + RECORD <= bytes.length; at += SegmentFormat.ALIGNMENT) {
      if (file.getInt(at) == RECORD_MAGIC) {
        repairRecord(bytes, at);
      }
    }
    return bytes;
  }

  private static void repairRecord(byte[] bytes, int at) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int bodyBytes = file.getInt(at + 4);
    if (file.getInt(at + 20) == 0 && bodyBytes >= 0 && bodyBytes <= bytes.length - at - RECORD) {
      CRC32C crc = ofStream();
      crc.update(bytes, at + 8, 8);
      crc.update(bytes, at + RECORD, bodyBytes);
      file.putInt(at + 20, (int) crc.getValue());
    }
    if (file.getInt(at + 28) == 0) {
      CRC32C crc = ofStream();
      crc.update(bytes, at, 28);
      file.putInt(at + 28, (int) crc.getValue());
    }
  }

  /** An acknowledgement file: checksums that are zero put right. */
  static byte[] acks(byte[] input) {
    byte[] bytes = input.clone();
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + 24 <= bytes.length; at++) {
      if (file.getInt(at + 16) == RANGE_MAGIC && file.getInt(at + 20) == 0) {
        file.putInt(at + 20, ackCrc(bytes, at));
      }
    }
    return bytes;
  }

  /** The checksum of a range, whose id is big-endian. */
  static int ackCrc(byte[] bytes, int at) {
    CRC32C crc = new CRC32C();
    crc.update(
        ByteBuffer.allocate(16)
            .putLong(STREAM.getMostSignificantBits())
            .putLong(STREAM.getLeastSignificantBits())
            .flip());
    crc.update(bytes, at, 20);
    return (int) crc.getValue();
  }

  private static CRC32C ofStream() {
    ByteBuffer id = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    id.putLong(STREAM.getMostSignificantBits()).putLong(STREAM.getLeastSignificantBits());
    CRC32C crc = new CRC32C();
    crc.update(id.flip());
    return crc;
  }

  private static int crc(byte[] bytes, int from, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, count);
    return (int) crc.getValue();
  }
}
