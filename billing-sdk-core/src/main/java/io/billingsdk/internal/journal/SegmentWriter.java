package io.billingsdk.internal.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Writes one segment. A write that fails is cut off, so that the next one follows the last good
 * record. Confined to the journal's thread.
 */
final class SegmentWriter implements Closeable {
  private static final int COPY_BYTES = 256 << 10;

  private static final int BUFFER_BYTES = 256 << 10;

  private final SegmentName name;
  private final JournalFiles.Output output;
  private ByteBuffer buffer;
  private long goodBytes;
  private long records;
  private long buffered;
  private boolean broken;

  private SegmentWriter(SegmentName name, JournalFiles.Output output, ByteBuffer buffer) {
    this.name = name;
    this.output = output;
    this.buffer = buffer.clear();
  }

  /** A buffer for one writer after the other. */
  static ByteBuffer buffer() {
    return SegmentFormat.allocateDirect(BUFFER_BYTES);
  }

  /** Makes a segment whose header and name survive a crash of the machine. */
  static SegmentWriter create(
      JournalFiles files,
      Path slot,
      SegmentName name,
      long baseSeq,
      long nowMillis,
      ByteBuffer buffer)
      throws IOException {
    SegmentWriter writer = new SegmentWriter(name, files.create(slot.resolve(name.wal())), buffer);
    try {
      writer.output.write(SegmentFormat.header(name.stream(), baseSeq, nowMillis));
      writer.output.force();
      files.forceDirectory(slot);
      writer.goodBytes = SegmentFormat.HEADER_BYTES;
      return writer;
    } catch (IOException failed) {
      writer.discard(files, slot, failed);
      throw failed;
    }
  }

  /**
   * Writes the records of a segment to a file, with other bodies; on disk when this returns.
   *
   * @return false when there is something else in it: then the copy is not whole
   */
  static boolean copy(
      JournalFiles files, Path to, SegmentReader from, long limit, UnaryOperator<byte[]> body)
      throws IOException {
    SegmentFormat.Header header = from.header();
    if (header == null) {
      return false;
    }
    UUID stream = header.stream();
    SegmentName name = new SegmentName(0, stream);
    try (SegmentWriter writer = new SegmentWriter(name, files.create(to), buffer())) {
      writer.output.write(SegmentFormat.header(stream, header.baseSeq(), header.createdMillis()));
      for (SegmentReader.Item item = from.next(limit); item != null; item = from.next(limit)) {
        if (!(item instanceof SegmentReader.Valid valid)) {
          return false;
        }
        boolean event = valid.type() == SegmentFormat.EVENT;
        writer.add(valid.seq(), valid.type(), event ? body.apply(valid.body()) : valid.body());
      }
      writer.flush();
      writer.output.force();
      return true;
    }
  }

  SegmentName name() {
    return name;
  }

  /** Bytes up to the end of the last record that is wholly written. */
  long goodBytes() {
    return goodBytes;
  }

  /**
   * Whether bytes of a failed write could not be cut off. Records after them would not be where
   * records may begin, and recovery would not find them: the segment must be left.
   */
  boolean broken() {
    return broken;
  }

  /** Puts a record into the buffer; {@link #flush} writes it. */
  void add(long seq, byte type, byte[] body) throws IOException {
    int bytes = SegmentFormat.recordBytes(body.length);
    if (bytes > buffer.remaining()) {
      flush();
    }
    if (bytes > buffer.capacity()) {
      buffer = SegmentFormat.allocateDirect(bytes);
    }
    SegmentFormat.putRecord(buffer, name.stream(), seq, type, body);
    buffered++;
  }

  /** Writes what is in the buffer, or throws and leaves the file as it was before. */
  void flush() throws IOException {
    if (broken) {
      throw new IOException("bytes of a failed write are in the way");
    }
    if (buffer.position() == 0) {
      return;
    }
    buffer.flip();
    int bytes = buffer.remaining();
    try {
      output.write(buffer);
      goodBytes += bytes;
      records += buffered;
    } catch (IOException failed) {
      cutBack(failed);
      throw failed;
    } finally {
      buffer.clear();
      buffered = 0;
    }
  }

  /** What it writes to, to be forced. */
  JournalFiles.Output output() {
    return output;
  }

  /** Ends the segment with a seal, so that its records need not be counted again. */
  void seal(long lastSeq) throws IOException {
    byte[] count = SegmentFormat.allocate(Long.BYTES).putLong(records).array();
    add(lastSeq, SegmentFormat.SEAL, count);
    flush();
  }

  @Override
  public void close() throws IOException {
    output.close();
  }

  private void cutBack(IOException failed) {
    try {
      output.truncate(goodBytes);
    } catch (IOException alsoFailed) {
      broken = true;
      failed.addSuppressed(alsoFailed);
    }
  }

  private void discard(JournalFiles files, Path slot, IOException failed) {
    try {
      output.close();
      files.delete(slot.resolve(name.wal()));
    } catch (IOException alsoFailed) {
      failed.addSuppressed(alsoFailed);
    }
  }

  /**
   * Copies a segment as it is, up to a limit; the copy is forced.
   *
   * @param name of the segment, for the error
   */
  static void copyBytes(
      JournalFiles files, Path to, JournalFiles.Input from, long limit, String name)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(COPY_BYTES);
    try (JournalFiles.Output output = files.create(to)) {
      long end = Math.min(limit, from.bytes());
      for (long at = 0; at < end; at += chunk.limit()) {
        chunk.clear().limit((int) Math.min(COPY_BYTES, end - at));
        from.read(chunk, at);
        if (chunk.hasRemaining()) {
          throw new IOException("a read at " + at + " of " + name + " ended early");
        }
        output.write(chunk.flip());
      }
      output.force();
    }
  }
}
