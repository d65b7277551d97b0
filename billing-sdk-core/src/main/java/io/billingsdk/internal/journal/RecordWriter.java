package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.journal.AppendQueue.PendingAppend;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records off the queue, writes them to the active segment and has them forced. Until a
 * record is forced it is in memory: after a write or a force that failed it is written again.
 * Confined to the journal's thread.
 */
final class RecordWriter implements GroupCommit.Ends {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);
  private static final int BATCH_BYTES = 240 << 10;

  private final long segmentBytes;
  private final AppendQueue queue;
  private final SegmentLog segments;
  private final ActiveSegment growing;
  private final StorageHealth health;
  private final Whereabouts whereabouts;
  private final GroupCommit groupCommit;

  /** Records that were accepted and are in no file, or may not be. */
  private final Deque<PendingAppend> unwritten = new ArrayDeque<>();

  private @Nullable Path slot;

  /** Writes nothing before {@link #in}. */
  RecordWriter(
      JournalOptions options,
      Clock clock,
      AppendQueue queue,
      SegmentLog segments,
      ActiveSegment growing,
      StorageHealth health,
      Whereabouts whereabouts,
      Syncer syncer) {
    this.whereabouts = whereabouts;
    this.segmentBytes = options.segmentBytes();
    this.queue = queue;
    this.segments = segments;
    this.growing = growing;
    this.health = health;
    this.groupCommit = new GroupCommit(options.forceInterval(), clock, growing, syncer, this);
  }

  /** Where segments are begun. */
  void in(Path newSlot) {
    slot = newSlot;
  }

  /** Records that were accepted and are in no file. */
  long unwritten() {
    return unwritten.size();
  }

  boolean hasWrittenAll() {
    return unwritten.isEmpty();
  }

  /**
   * Writes all that has come, and forces it if that is due.
   *
   * @return whether anything was written
   */
  boolean proceed() {
    boolean wrote = false;
    groupCommit.endIfDone();
    // All that has come shares one force, however many writes it takes; unless it is so much that
    // the disk can begin with it.
    while (groupCommit.takesMore() && write()) {
      wrote = true;
      groupCommit.endIfDone();
      groupCommit.beginIfWorthwhile();
    }
    groupCommit.forceIfDue();
    return wrote;
  }

  private boolean write() {
    if (unwritten.isEmpty()) {
      unwritten.addAll(queue.take(BATCH_BYTES));
    } else if (!health.isWell() && !health.retryIsDue()) {
      return false;
    }
    if (unwritten.isEmpty()) {
      return false;
    }
    try {
      writeBatch();
      return true;
    } catch (IOException failed) {
      return isWorthAnotherTry(failed);
    }
  }

  private boolean isWorthAnotherTry(IOException failed) {
    if (failed instanceof GoneException) {
      whereabouts.lookNow();
      health.retryLater();
      return false;
    }
    boolean again = health.makeRoomFromSpare();
    if (!again) {
      health.failed("the journal cannot be written: " + failed.getMessage(), failed);
      again = health.makeRoom("the journal cannot be written", failed);
    }
    if (growing.isBroken()) {
      leaveBroken();
    }
    return again;
  }

  private void leaveBroken() {
    groupCommit.force();
    // A failed force has left it already.
    if (growing.isOpen()) {
      growing.leave();
    }
  }

  /** Writes from the head of what is unwritten as much as goes into one write of one segment. */
  private void writeBatch() throws IOException {
    makeRoomInSegment();
    List<PendingAppend> batch = new ArrayList<>();
    long bytes = 0;
    for (PendingAppend entry : unwritten) {
      if (!batch.isEmpty() && bytes + entry.storedBytes() > BATCH_BYTES) {
        break;
      }
      batch.add(entry);
      bytes += entry.storedBytes();
    }
    growing.write(batch);
    for (int i = 0; i < batch.size(); i++) {
      unwritten.removeFirst();
    }
    groupCommit.written(batch, bytes);
    queue.stored(segments.bytes());
    queue.written(bytes);
    health.written(bytes, unwritten.isEmpty());
  }

  /** Begins a segment when there is none, or none with room for the next record. */
  private void makeRoomInSegment() throws IOException {
    long next = unwritten.getFirst().storedBytes();
    if (growing.isOpen() && growing.bytes() + next > segmentBytes) {
      forceAndEnd();
    }
    if (!growing.isOpen()) {
      // A force that failed has put others before the one that was the first.
      long first = unwritten.getFirst().seq();
      growing.begin(Objects.requireNonNull(slot, "the journal is not open"), first);
    }
  }

  /** Only what is wholly settled in an ended segment can be given back. */
  void endSettledIfTight() {
    if (growing.isSettledSoFar() && queue.isTight()) {
      forceAndEnd();
    }
  }

  /** Ends the active segment, if there is one. */
  void forceAndEnd() {
    groupCommit.force();
    // A failed force has left it already.
    if (growing.isOpen()) {
      growing.end(queue.lastSeq());
    }
  }

  /** Forces what is written; the last number up to which all is on disk, or 0 for not known. */
  long force() {
    groupCommit.force();
    return unwritten.isEmpty() ? queue.takenUpTo() : 0;
  }

  /** The file of the records is not at its place: the unforced ones go to another. */
  void leave(GoneException why) {
    groupCommit.giveUp(why);
  }

  @Override
  public @Nullable IOException unreachable() {
    return growing.isInPlace() ? null : new GoneException("its file was moved or removed");
  }

  @Override
  public void succeeded() {
    health.recovered(unwritten.isEmpty());
  }

  /** The unforced records go to a new segment; of this one only the earlier ones count. */
  @Override
  public void failed(List<PendingAppend> records, long bytes, int inARow, IOException why) {
    for (int i = records.size() - 1; i >= 0; i--) {
      unwritten.addFirst(records.get(i));
    }
    queue.written(-bytes);
    if (growing.isOpen()) {
      growing.leave(records, bytes);
    }
    if (why instanceof GoneException) {
      whereabouts.lookNow();
    } else if (inARow > 1) {
      health.failed("the journal cannot be forced to disk: " + why.getMessage(), why);
    } else {
      log.warn("a force failed; the journal writes the events since the last force again", why);
    }
  }

  /** Whether there is more to be written at once. */
  boolean canProceed() {
    return health.isWell() && !unwritten.isEmpty() && groupCommit.takesMore();
  }

  /** Nanoseconds until the next force is due; not positive when it is. */
  long nanosToForce(long now) {
    return groupCommit.nanosToNext(now);
  }

  /** Writes and forces what there is, and ends the segment; those who wait in vain are notified. */
  void close() {
    writeAndForceAll();
    if (!unwritten.isEmpty()) {
      // A force that failed sends them to a new segment.
      writeAndForceAll();
    }
    if (growing.isOpen()) {
      growing.end(queue.lastSeq());
    }
    unwritten.addAll(queue.take(Long.MAX_VALUE));
    failWaiters("the journal was closed before the event could be forced to disk");
    groupCommit.close();
  }

  private void writeAndForceAll() {
    health.retryNow();
    while (write()) {
      // Until the queue is empty or the disk refuses.
      if (!groupCommit.takesMore()) {
        groupCommit.force();
      }
    }
    groupCommit.force();
  }

  private void failWaiters(String why) {
    List<PendingAppend> left = groupCommit.takeUnforced();
    left.addAll(unwritten);
    for (PendingAppend entry : left) {
      if (entry.durable() != null) {
        entry.durable().completeExceptionally(new IOException(why));
      }
    }
  }
}
