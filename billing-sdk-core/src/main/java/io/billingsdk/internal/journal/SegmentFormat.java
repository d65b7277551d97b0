package io.billingsdk.internal.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Version 1 of the journal's format. Everything is little-endian.
 *
 * <pre>
 * segment = header, then records, each at a multiple of 8
 *
 * header, 64 bytes                          record
 *   0  8  magic "BILLJRN1"                    0  4  magic 0xB1115E61
 *   8  2  format version, 1                   4  4  length of the body, 0 to 1 MiB
 *  10  2  length of the header, 64            8  8  sequence number
 *  12  4  flags, 0                           16  1  type: 1 event, 2 seal
 *  16 16  stream id                          17  3  0
 *  32  8  sequence of the first record       20  4  CRC32C of stream id, sequence, body
 *  40  8  creation, ms since 1970            24  4  0
 *  48 12  0                                  28  4  CRC32C of stream id and bytes 0 to 27
 *  60  4  CRC32C of bytes 0 to 59            32  n  body, then zeros to a multiple of 8
 * </pre>
 *
 * <p>The checksums of a record cover the stream id, so that bytes of another segment, which a disk
 * may hand out after a crash, never validate. The stream id is in the segment's name too: a damaged
 * header costs no record. All zeros is never a record.
 *
 * <p>The body of a seal, the last record of a segment that was closed in order, is the number of
 * records before it (8 bytes).
 */
final class SegmentFormat {
  static final int VERSION = 1;
  static final int HEADER_BYTES = 64;
  static final int RECORD_HEADER_BYTES = 32;
  static final int ALIGNMENT = 8;

  /** A length beyond it is damage: nothing is allocated for it. */
  static final int MAX_BODY_BYTES = 1 << 20;

  static final byte EVENT = 1;
  static final byte SEAL = 2;

  private static final long HEADER_MAGIC = 0x314E524A4C4C4942L; // "BILLJRN1"
  private static final int STREAM_BYTES = 16;

  /** Of the header of a record, what its checksum covers. */
  private static final int CHECKED_BYTES = 28;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int RECORD_MAGIC = 0xB1115E61;

  private SegmentFormat() {}

  /** The header of a segment. */
  record Header(int version, UUID stream, long baseSeq, long createdMillis) {}

  /** The header of a record; valid only for the stream it was read for. */
  record RecordHeader(int bodyBytes, long seq, byte type, int bodyCrc) {
    int paddedBytes() {
      return RECORD_HEADER_BYTES + padded(bodyBytes);
    }
  }

  /** One that goes to a file without another copy. */
  static ByteBuffer allocateDirect(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Bytes of a record with a body of this length. */
  static int recordBytes(int bodyBytes) {
    return RECORD_HEADER_BYTES + padded(bodyBytes);
  }

  static ByteBuffer header(UUID stream, long baseSeq, long createdMillis) {
    ByteBuffer header = allocate(HEADER_BYTES);
    header.putLong(HEADER_MAGIC).putShort((short) VERSION).putShort((short) HEADER_BYTES);
    header.putInt(0).putLong(stream.getMostSignificantBits());
    header.putLong(stream.getLeastSignificantBits()).putLong(baseSeq).putLong(createdMillis);
    header.putInt(60, crc(header, 0, 60));
    return header.position(0);
  }

  /**
   * Reads a header.
   *
   * @return null when it is damaged; one of another version when it is not for this code
   */
  static @org.jspecify.annotations.Nullable Header parseHeader(ByteBuffer bytes) {
    if (bytes.remaining() < HEADER_BYTES
        || bytes.getLong(0) != HEADER_MAGIC
        || bytes.getInt(60) != crc(bytes, 0, 60)) {
      return null;
    }
    return new Header(
        bytes.getShort(8),
        new UUID(bytes.getLong(16), bytes.getLong(24)),
        bytes.getLong(32),
        bytes.getLong(40));
  }

  /** Writes a record at the buffer's position. */
  static void putRecord(ByteBuffer into, UUID stream, long seq, byte type, byte[] body) {
    int start = into.position();
    into.putInt(RECORD_MAGIC).putInt(body.length).putLong(seq).put(type);
    into.put((byte) 0).putShort((short) 0).putInt(bodyCrc(stream, seq, body)).putInt(0);
    into.putInt(headerCrc(stream, into, start));
    into.put(body);
    while (into.position() % ALIGNMENT != start % ALIGNMENT) {
      into.put((byte) 0);
    }
  }

  /**
   * Reads the header of a record at an index of the buffer.
   *
   * @return null when there is none of this stream
   */
  static @org.jspecify.annotations.Nullable RecordHeader parseRecordHeader(
      ByteBuffer bytes, int at, UUID stream) {
    if (bytes.limit() - at < RECORD_HEADER_BYTES || bytes.getInt(at) != RECORD_MAGIC) {
      return null;
    }
    int bodyBytes = bytes.getInt(at + 4);
    if (bodyBytes < 0
        || bodyBytes > MAX_BODY_BYTES
        || bytes.getInt(at + 28) != headerCrc(stream, bytes, at)) {
      return null;
    }
    return new RecordHeader(
        bodyBytes, bytes.getLong(at + 8), bytes.get(at + 16), bytes.getInt(at + 20));
  }

  /** Whether a body is what its header was written for. */
  static boolean matches(RecordHeader header, UUID stream, byte[] body) {
    return header.bodyCrc() == bodyCrc(stream, header.seq(), body);
  }

  static int padded(int bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }

  private static int bodyCrc(UUID stream, long seq, byte[] body) {
    byte[] prefix = new byte[STREAM_BYTES + Long.BYTES];
    putStream(prefix, stream);
    LONG.set(prefix, STREAM_BYTES, seq);
    CRC32C crc = new CRC32C();
    crc.update(prefix, 0, prefix.length);
    crc.update(body, 0, body.length);
    return (int) crc.getValue();
  }

  private static int headerCrc(UUID stream, ByteBuffer bytes, int at) {
    byte[] covered = new byte[STREAM_BYTES + CHECKED_BYTES];
    putStream(covered, stream);
    bytes.get(at, covered, STREAM_BYTES, CHECKED_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(covered, 0, covered.length);
    return (int) crc.getValue();
  }

  private static void putStream(byte[] into, UUID stream) {
    LONG.set(into, 0, stream.getMostSignificantBits());
    LONG.set(into, Long.BYTES, stream.getLeastSignificantBits());
  }

  private static int crc(ByteBuffer bytes, int from, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), bytes.arrayOffset() + from, count);
    return (int) crc.getValue();
  }
}
