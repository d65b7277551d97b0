package io.billingsdk.internal.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads one segment from front to back and never fails because of what is in it.
 *
 * <p>Bytes that are no valid record are handed out as {@link Damage}, up to the next place where a
 * valid record header of the same stream begins. Reads in pieces, and holds one piece and one body
 * in memory, whatever the file says of lengths. Confined to one thread.
 */
final class SegmentReader implements Closeable {
  private static final int BUFFER_BYTES = 64 << 10;

  private JournalFiles.Input input;
  private final UUID stream;

  /** Of no bytes until records are read: often it is the header alone. */
  private ByteBuffer buffer = SegmentFormat.allocate(0);

  private long bufferStart;
  private long position;

  /** The size of the file when it was last asked for, which costs a system call. */
  private long knownBytes;

  SegmentReader(JournalFiles.Input input, UUID stream) {
    this.input = input;
    this.stream = stream;
    this.position = SegmentFormat.HEADER_BYTES;
  }

  /** The records read. */
  sealed interface Item {}

  /** A valid record. Never compared. */
  @SuppressWarnings("ArrayRecordComponent")
  record Valid(long seq, byte type, byte[] body) implements Item {}

  /** Bytes that are no record; {@code atEnd} when no record follows them. Never compared. */
  @SuppressWarnings("ArrayRecordComponent")
  record Damage(long offset, byte[] bytes, boolean atEnd) implements Item {
    /** Space that was never written reads as zeros: no trace of a record. */
    boolean isEmptySpace() {
      for (byte b : bytes) {
        if (b != 0) {
          return false;
        }
      }
      return true;
    }
  }

  long bytes() throws IOException {
    return input.bytes();
  }

  /** Where the next item begins. */
  long position() {
    return position;
  }

  /** The header, or null when it is damaged. */
  SegmentFormat.@Nullable Header header() throws IOException {
    ByteBuffer bytes = SegmentFormat.allocate(SegmentFormat.HEADER_BYTES);
    input.read(bytes, 0);
    // Taken for damaged it would not tell which other segments may hold the same records.
    if (bytes.hasRemaining() && input.bytes() >= SegmentFormat.HEADER_BYTES) {
      throw endedEarly(bytes, 0);
    }
    return SegmentFormat.parseHeader(bytes.flip());
  }

  /** The next item before a limit, or null when there is none. */
  @Nullable Item next(long limit) throws IOException {
    long end = Math.min(limit, knownBytes);
    SegmentFormat.RecordHeader header = headerAt(position, end);
    if (header == null && knownBytes < limit) {
      knownBytes = input.bytes();
      end = Math.min(limit, knownBytes);
      header = headerAt(position, end);
    }
    if (position >= end) {
      return null;
    }
    if (header == null) {
      return damage(end);
    }
    byte[] body = body(header);
    long after = position + header.paddedBytes();
    Item item =
        SegmentFormat.matches(header, stream, body)
            ? new Valid(header.seq(), header.type(), body)
            : new Damage(position, raw(position, after), after >= end);
    // Only now: when a read has failed, the same item is tried again.
    position = after;
    return item;
  }

  /** What it reads from. */
  JournalFiles.Input input() {
    return input;
  }

  /** Goes on in another file that holds the same bytes. */
  void switchTo(JournalFiles.Input copy) throws IOException {
    JournalFiles.Input before = input;
    input = copy;
    before.close();
  }

  /** Keeps its file open, and no bytes of it. */
  void rest() {
    buffer = SegmentFormat.allocate(0);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }

  private Damage damage(long end) throws IOException {
    long start = position;
    long found = position + SegmentFormat.ALIGNMENT;
    // Bounded pieces, so that gigabytes of garbage are quarantined without being held at once.
    long stop = Math.min(end, start + SegmentFormat.MAX_BODY_BYTES);
    while (found < stop && headerAt(found, end) == null) {
      found += SegmentFormat.ALIGNMENT;
    }
    long after = Math.min(found, stop);
    Damage damage = new Damage(start, raw(start, after), after >= end);
    position = after;
    return damage;
  }

  /** A record's header, when its whole record lies before the end. */
  private SegmentFormat.@Nullable RecordHeader headerAt(long at, long end) throws IOException {
    if (end - at < SegmentFormat.RECORD_HEADER_BYTES) {
      return null;
    }
    fill(at, end);
    SegmentFormat.RecordHeader header =
        SegmentFormat.parseRecordHeader(buffer, (int) (at - bufferStart), stream);
    return header != null && header.paddedBytes() <= end - at ? header : null;
  }

  private byte[] body(SegmentFormat.RecordHeader header) throws IOException {
    long from = position + SegmentFormat.RECORD_HEADER_BYTES;
    return raw(from, from + header.bodyBytes());
  }

  private byte[] raw(long from, long to) throws IOException {
    int count = (int) (to - from);
    if (from >= bufferStart && to <= bufferStart + buffer.limit()) {
      int at = (int) (from - bufferStart);
      byte[] copy = new byte[count];
      buffer.get(at, copy);
      return copy;
    }
    byte[] bytes = new byte[count];
    readFully(ByteBuffer.wrap(bytes), from);
    return bytes;
  }

  /** Nothing beyond the end is kept: in a segment that still grows it may yet be written again. */
  private void fill(long at, long end) throws IOException {
    int bytes = SegmentFormat.RECORD_HEADER_BYTES;
    if (at >= bufferStart && at + bytes <= bufferStart + buffer.limit()) {
      return;
    }
    if (buffer.capacity() == 0) {
      buffer = SegmentFormat.allocate(BUFFER_BYTES);
    }
    int count = (int) Math.min(buffer.capacity(), end - at);
    // Empty until the read has succeeded: after a failure there is no telling what is in it.
    buffer.clear().limit(0);
    readFully(buffer.duplicate().clear().limit(count), at);
    buffer.limit(count);
    bufferStart = at;
  }

  /** Zeros in place of what was not read would look like damage, and the record would be lost. */
  private void readFully(ByteBuffer into, long at) throws IOException {
    input.read(into, at);
    if (into.hasRemaining()) {
      throw endedEarly(into, at);
    }
  }

  private static IOException endedEarly(ByteBuffer into, long at) {
    return new IOException("a read at " + at + " ended " + into.remaining() + " bytes early");
  }
}
