package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segment that this process is writing, as it is written and as it is read; one after the
 * other, and none in between. Confined to the journal's thread.
 */
final class ActiveSegment {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private final JournalFiles files;
  private final Clock clock;
  private final UUID stream;
  private final SegmentLog segments;
  private final Whereabouts whereabouts;

  /** For one after the other; who only delivers what others left needs none. */
  private @Nullable ByteBuffer buffer;

  private long lastNumber;
  private @Nullable Open open;

  /** The two sides of it. */
  private record Open(SegmentWriter writer, StoredSegment stored) {}

  /** None yet. */
  ActiveSegment(
      JournalFiles files, Clock clock, UUID stream, SegmentLog segments, Whereabouts whereabouts) {
    this.whereabouts = whereabouts;
    this.files = files;
    this.clock = clock;
    this.stream = stream;
    this.segments = segments;
  }

  /** Numbers begin after this one. */
  void after(long number) {
    lastNumber = Math.max(lastNumber, number);
  }

  /** The next number; no segment that is begun has it. */
  long takeNumber() {
    return ++lastNumber;
  }

  /** Whether it is there, and something in it is settled. */
  boolean hasSettled() {
    return open != null && open.stored.settled().count() > 0;
  }

  boolean isOpen() {
    return open != null;
  }

  /** Whether there is none, or it is where it was begun. */
  boolean isInPlace() {
    return open == null || open.stored.isInPlace();
  }

  /** Begins one in this slot; there may be none. */
  void begin(Path slot, long baseSeq) throws IOException {
    SegmentName name = new SegmentName(takeNumber(), stream);
    long now = clock.wallMillis();
    if (buffer == null) {
      buffer = SegmentWriter.buffer();
    }
    whereabouts.requireSlot();
    SegmentWriter writer = SegmentWriter.create(files, slot, name, baseSeq, now, buffer);
    StoredSegment stored = StoredSegment.growing(files, slot, name, now);
    try {
      stored.pin();
    } catch (IOException moved) {
      writer.close();
      throw new GoneException(moved.toString());
    }
    segments.addLive(stored);
    open = new Open(writer, stored);
  }

  /** Writes these, in one write. */
  void write(List<AppendQueue.PendingAppend> batch) throws IOException {
    Open into = required();
    try {
      for (AppendQueue.PendingAppend entry : batch) {
        into.writer.add(entry.seq(), SegmentFormat.EVENT, entry.body());
        into.stored.holds(entry.body());
      }
      into.writer.flush();
    } catch (IOException failed) {
      if (into.writer.broken()) {
        segments.partlyWritten(into.stored, batch);
      }
      throw failed;
    }
    into.stored.grownTo(into.writer.goodBytes());
    segments.written(into.stored, batch);
  }

  long bytes() {
    return required().writer.goodBytes();
  }

  /** The part to be forced. */
  JournalFiles.Output output() {
    return required().writer.output();
  }

  /** Whether it is there, and all that was written so far is read and settled. */
  boolean isSettledSoFar() {
    return open != null && open.stored.isSettledSoFar();
  }

  /** Ends it in order; it is forced except for its seal, which may be lost. */
  void end(long lastSeq) {
    SegmentWriter ending = required().writer;
    try {
      ending.seal(lastSeq);
    } catch (IOException failed) {
      log.trace("{} could not be sealed", ending.name().wal(), failed);
    }
    letGo(ending.goodBytes());
  }

  /** Whether bytes of a failed write are in the way of the next. */
  boolean isBroken() {
    return open != null && open.writer.broken();
  }

  /** Leaves it as it is; a write has failed and could not be cut off. */
  void leave() {
    letGo(required().writer.goodBytes());
  }

  /** Leaves it after a force that failed; the records with these bytes will be written again. */
  void leave(List<AppendQueue.PendingAppend> again, long bytes) {
    Open left = required();
    segments.leftBehind(left.stored, again);
    letGo(left.writer.goodBytes() - bytes);
  }

  private void letGo(long readableBytes) {
    Open ending = required();
    try {
      ending.writer.close();
    } catch (IOException failed) {
      log.trace("{} could not be closed", ending.writer.name().wal(), failed);
    }
    ending.stored.grownTo(Math.max(readableBytes, ending.stored.readPosition()));
    ending.stored.ended();
    open = null;
  }

  private Open required() {
    return Objects.requireNonNull(open, "no segment is being written");
  }
}
