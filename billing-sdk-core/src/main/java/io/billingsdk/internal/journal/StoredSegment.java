package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A segment on disk, as it is read, settled and in the end deleted. Confined to the journal's
 * thread.
 */
final class StoredSegment {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  /** Ends the name of a copy that is not whole yet. */
  static final String RESCUED = ".rescued";

  private final JournalFiles files;
  private Path slot;
  private final SegmentName name;
  private final SegmentAcks acks;
  private final boolean own;

  /** Open until the segment is deleted, so that it can be read when its name is gone. */
  private @Nullable SegmentReader reader;

  /** The file at its path while nobody has moved it; null when that was never seen. */
  private @Nullable Object identity;

  /** How far it may be read. */
  private long limit;

  private boolean mayBearKeys;
  private boolean growing;
  private boolean readToEnd;
  private boolean keep;

  /** Whether records of it were given up undelivered. */
  private boolean dropped;

  private long outstanding;
  private long bytes;
  private long createdMillis;

  /** Of the first record that was to be written to it; 0 when its header is damaged. */
  private long baseSeq;

  private SegmentReader.@Nullable Item peeked;

  private StoredSegment(
      JournalFiles files, Path slot, SegmentName name, SegmentAcks acks, boolean growing) {
    this.files = files;
    this.slot = slot;
    this.name = name;
    this.acks = acks;
    this.own = growing;
    this.growing = growing;
    this.limit = growing ? SegmentFormat.HEADER_BYTES : Long.MAX_VALUE;
  }

  /** One that this process is writing. */
  static StoredSegment growing(
      JournalFiles files, Path slot, SegmentName name, long createdMillis) {
    StoredSegment segment =
        new StoredSegment(files, slot, name, SegmentAcks.none(files, name), /* growing= */ true);
    segment.bytes = SegmentFormat.HEADER_BYTES;
    segment.createdMillis = createdMillis;
    return segment;
  }

  /** One of an earlier process. */
  static StoredSegment found(JournalFiles files, Path slot, SegmentName name) throws IOException {
    SegmentAcks acks = SegmentAcks.read(files, slot, name);
    StoredSegment segment = new StoredSegment(files, slot, name, acks, /* growing= */ false);
    SegmentReader opened = new SegmentReader(files.open(slot.resolve(name.wal())), name.stream());
    try {
      segment.readHeader(opened);
      segment.identity = files.identity(slot.resolve(name.wal()));
      segment.reader = opened;
      return segment;
    } catch (IOException | RuntimeException | Error failed) {
      opened.close();
      throw failed;
    }
  }

  private void readHeader(SegmentReader opened) throws IOException {
    bytes = opened.bytes();
    SegmentFormat.Header header = opened.header();
    if (header != null && header.version() != SegmentFormat.VERSION) {
      throw new NewerFormatException(header.version(), bytes);
    }
    if (header != null) {
      createdMillis = header.createdMillis();
      baseSeq = header.baseSeq();
    }
  }

  /**
   * Opens one that was just made, and remembers which file it is.
   *
   * @throws IOException when it has gone
   */
  void pin() throws IOException {
    Path wal = slot.resolve(name.wal());
    identity = files.identity(wal);
    try {
      reader = new SegmentReader(files.open(wal), name.stream());
    } catch (IOException later) {
      log.trace("{} is opened when it is read", name.wal(), later);
    }
  }

  /** Does not keep its file open before it is read: there are too many. */
  void unpin() throws IOException {
    if (reader != null && reader.position() == SegmentFormat.HEADER_BYTES && peeked == null) {
      reader.close();
      reader = null;
    }
  }

  /** A record was written to it, or read from it. */
  void holds(byte[] body) {
    mayBearKeys |= KeyErasing.mayBearKey(body);
  }

  /** Whether records were in it that may have an API key in them. */
  boolean mayBearKeys() {
    return mayBearKeys;
  }

  /**
   * Replaces its file by one with other bodies under the same numbers. From then on it must not be
   * read, nor grow. Damaged bytes are left as they are.
   */
  void rewrite(UnaryOperator<byte[]> body) throws IOException {
    Path wal = slot.resolve(name.wal());
    Path fresh = slot.resolve(name.wal() + RESCUED);
    files.delete(fresh);
    try (SegmentReader from = new SegmentReader(files.open(wal), name.stream())) {
      if (!SegmentWriter.copy(files, fresh, from, limit, body)) {
        files.delete(fresh);
        return;
      }
    }
    files.move(fresh, wal);
    files.forceDirectory(slot);
    mayBearKeys = false;
    identity = files.identity(wal);
    JournalFiles.Input input = files.open(wal);
    bytes = input.bytes();
    limit = bytes;
    if (reader == null) {
      input.close();
    } else {
      reader.switchTo(input);
    }
  }

  /** Whether its path still leads to it. */
  boolean isInPlace() {
    try {
      return identity == null || identity.equals(files.identity(slot.resolve(name.wal())));
    } catch (IOException gone) {
      return false;
    }
  }

  /**
   * Writes to a slot, from the file that is open, what is there no more under its own name; on disk
   * when this returns, with what is settled of it. It is in that slot from now on.
   */
  void rescueTo(Path newSlot) throws IOException {
    SegmentReader from = reader;
    if (from == null) {
      from = new SegmentReader(files.open(slot.resolve(name.wal())), name.stream());
      reader = from;
    }
    acks.close();
    Path fresh = newSlot.resolve(name.wal() + RESCUED);
    files.delete(fresh);
    SegmentWriter.copyBytes(files, fresh, from.input(), limit, name.wal());
    files.delete(newSlot.resolve(name.ack()));
    slot = newSlot;
    acks.writeAll(newSlot);
    Path wal = newSlot.resolve(name.wal());
    files.move(fresh, wal);
    files.forceDirectory(newSlot);
    identity = files.identity(wal);
    from.switchTo(files.open(wal));
  }

  SegmentName name() {
    return name;
  }

  Path slot() {
    return slot;
  }

  long bytes() {
    return bytes;
  }

  /** When it was begun, in milliseconds since 1970; 0 when its header is damaged. */
  long createdMillis() {
    return createdMillis;
  }

  boolean growing() {
    return growing;
  }

  /**
   * Whether records of an earlier segment, from this number on, may be in it, or in one after it,
   * as well. One whose header is damaged may hold any.
   */
  boolean overlaps(StoredSegment earlier, long seq) {
    return baseSeq <= seq
        && name.stream().equals(earlier.name.stream())
        && slot.equals(earlier.slot);
  }

  /** Whether this process wrote it. */
  boolean isOwn() {
    return own;
  }

  /** Whether all that was written so far is read and settled. */
  boolean isSettledSoFar() {
    return outstanding == 0 && bytes > SegmentFormat.HEADER_BYTES && readPosition() == limit;
  }

  /** It has grown to here, and may be read to here. */
  void grownTo(long goodBytes) {
    limit = goodBytes;
    bytes = goodBytes;
  }

  /** It grows no more. */
  void ended() {
    growing = false;
  }

  /** Where reading stands. */
  long readPosition() {
    return reader == null ? SegmentFormat.HEADER_BYTES : reader.position();
  }

  AckedRanges settled() {
    return acks.settled();
  }

  /** As {@link #endReading}, when reading has failed. */
  void stopReading() {
    try {
      endReading();
    } catch (IOException alsoFailed) {
      readToEnd = true;
    }
  }

  /** It is not deleted even when it is wholly settled: part of it could not be quarantined. */
  void keep() {
    keep = true;
  }

  /** What {@link #next} will return. */
  SegmentReader.@Nullable Item peek() throws IOException {
    if (peeked == null) {
      peeked = read();
    }
    return peeked;
  }

  /** The next item, or null when there is none now. */
  SegmentReader.@Nullable Item next() throws IOException {
    SegmentReader.Item item = peek();
    peeked = null;
    return item;
  }

  private SegmentReader.@Nullable Item read() throws IOException {
    if (readToEnd) {
      return null;
    }
    SegmentReader open = reader;
    if (open == null) {
      open = new SegmentReader(files.open(slot.resolve(name.wal())), name.stream());
      reader = open;
    }
    SegmentReader.Item item = open.next(limit);
    if (item == null && !growing) {
      endReading();
    }
    return item;
  }

  /** Reads no further; its file stays open for the case that its name goes away. */
  void endReading() throws IOException {
    readToEnd = true;
    if (reader != null) {
      reader.rest();
    }
  }

  /** A record of it was handed out. */
  void handedOut() {
    outstanding++;
  }

  /** A record of it is settled. */
  void settle(long seq) {
    outstanding--;
    acks.settle(seq);
  }

  /** Whether all of it was read and settled, so that it can go. */
  boolean isSpent() {
    return isReadAndSettled() && !keep && !acks.comesBack();
  }

  /** Whether all of it was read and settled. */
  boolean isReadAndSettled() {
    return readToEnd && peeked == null && outstanding == 0 && !growing;
  }

  /** Records of it are given up to make room: it is not worth retaining. */
  void dropped() {
    dropped = true;
  }

  /** Whether it may be wanted again, once it is spent. */
  boolean isWorthRetaining() {
    return !dropped && acks.settled().count() > 0;
  }

  /** All that is settled now is to come back; returns how many records more that makes. */
  long comeBack() {
    return acks.comeBack();
  }

  /**
   * Forgets the records that come back, so that they are found as pending; those settled since stay
   * settled.
   */
  void forgetWhatComesBack() throws IOException {
    close();
    acks.forgetWhatComesBack(slot);
  }

  /** Writes down what was settled, in ranges. */
  void writeAcks() throws IOException {
    acks.write(slot);
  }

  /** Closes its files. */
  void close() throws IOException {
    endReading();
    if (reader != null) {
      reader.close();
    }
    acks.close();
  }

  /**
   * Deletes it; the data first, since acknowledgements without data are harmless, and data without
   * acknowledgements would be sent again.
   */
  void delete() throws IOException {
    close();
    files.delete(slot.resolve(name.wal()));
    acks.delete(slot);
  }

  /** Gives it another name, under which it is no segment of the slot any more. */
  void moveTo(Path aside) throws IOException {
    close();
    files.move(slot.resolve(name.wal()), aside);
    acks.delete(slot);
  }
}
