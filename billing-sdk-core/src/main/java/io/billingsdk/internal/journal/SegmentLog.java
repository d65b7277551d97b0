package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.journal.SegmentReader.Damage;
import io.billingsdk.internal.journal.SegmentReader.Valid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All segments that this process has: its own, and those that earlier processes left. Reads them
 * for delivery, old and new in turn so that a backlog does not starve new events, and deletes them
 * when nothing in them is needed any more. Confined to the journal's thread.
 *
 * <p>A call that fails is repeated at the next {@link #retry}.
 */
final class SegmentLog {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  /** Records read from one side before the other has its turn. */
  private static final int TURN = 32;

  /** Segments that are kept open before they are read: a process has a limit of open files. */
  private static final int MOST_OPEN = 256;

  private final DeliveryQueue deliveryQueue;
  private final Quarantine aside;
  private final AckRecorder ackRecorder;
  private final KeyErasing erasing = new KeyErasing();

  private final SegmentStore store;
  private final SegmentOpener opener;
  private final SegmentCursor backlog = new SegmentCursor(/* own= */ false);
  private final SegmentCursor live = new SegmentCursor(/* own= */ true);
  private final Map<StoredSegment, Long> unread = new HashMap<>();
  private Consumer<StoredSegment> openedLate = segment -> {};

  /** Of this process's own stream, the last record that was handed out. */
  private long lastLiveSeq;

  private long recovered;
  private long quarantined;

  SegmentLog(JournalFiles files, DeliveryQueue deliveryQueue, StorageHealth health) {
    this.deliveryQueue = deliveryQueue;
    this.aside = new Quarantine(files);
    this.ackRecorder = new AckRecorder(deliveryQueue, aside, health);
    this.store = new SegmentStore(files);
    this.opener = new SegmentOpener(files);
  }

  /** Takes over what is in a slot and not here already; one that is adopted needs no reserve. */
  void addFound(Path slot, boolean adopted) throws IOException {
    for (SegmentOpener.Opened opened : opener.open(slot, name -> store.has(slot, name))) {
      backlog.segments().add(counted(opened));
    }
    opener.deleteNeedless(slot, adopted);
  }

  /** Notices of segments that could not be opened at first, and now are. */
  void onOpenedLate(Consumer<StoredSegment> newOpenedLate) {
    openedLate = newOpenedLate;
  }

  /** Where what is set aside goes. */
  Quarantine aside() {
    return aside;
  }

  /** What happens to the segments that there are, each until it is deleted. */
  SegmentStore store() {
    return store;
  }

  /** Takes in one that was not among those found, or was: then it is opened again. */
  void addAgain(Path slot, SegmentName name) {
    SegmentOpener.Opened opened = opener.open(slot, name);
    if (opened != null) {
      backlog.segments().insert(counted(opened));
    }
  }

  /** So many records more were left by earlier processes. */
  void recovered(long more) {
    recovered += more;
  }

  /** Takes in what could be opened and counted. */
  private StoredSegment counted(SegmentOpener.Opened opened) {
    if (store.count() >= MOST_OPEN) {
      unpin(opened.segment());
    }
    store.add(opened.segment());
    unread.put(opened.segment(), opened.left());
    recovered += opened.left();
    return opened.segment();
  }

  private static void unpin(StoredSegment segment) {
    try {
      segment.unpin();
    } catch (IOException failed) {
      log.trace("{} cannot be closed", segment.name().wal(), failed);
    }
  }

  /** Adds a segment that this process begins to write. */
  void addLive(StoredSegment segment) {
    store.add(segment);
    live.segments().add(segment);
  }

  // Records that are in two segments, after a write or a force that failed, are settled in both:
  // the next process would hand out the one that is left.

  /** Records were written to a segment; those that are handed out already are so from another. */
  void written(StoredSegment segment, List<AppendQueue.PendingAppend> records) {
    for (AppendQueue.PendingAppend entry : records) {
      if (entry.seq() > lastLiveSeq) {
        return;
      }
      secondCopy(segment, entry);
    }
  }

  /** Records of a segment will be written again; those that were not read from it never will be. */
  void leftBehind(StoredSegment segment, List<AppendQueue.PendingAppend> records) {
    for (AppendQueue.PendingAppend entry : records) {
      if (entry.seq() > lastLiveSeq) {
        secondCopy(segment, entry);
      }
    }
  }

  /** A write failed and could not be cut off: any of these may be in the segment, or parts. */
  void partlyWritten(StoredSegment segment, List<AppendQueue.PendingAppend> records) {
    for (AppendQueue.PendingAppend entry : records) {
      secondCopy(segment, entry);
    }
  }

  private void secondCopy(StoredSegment segment, AppendQueue.PendingAppend entry) {
    segment.handedOut();
    ackRecorder.secondCopy(entry.seq(), segment);
  }

  /** Records that earlier processes left, not counting those that turned out to be damaged. */
  long recovered() {
    return recovered;
  }

  /** Pieces of damage that were set aside. */
  long quarantined() {
    return quarantined;
  }

  /** Segments that this process leaves alone: they cannot be opened, or their format is newer. */
  int unreadable() {
    return opener.unreadable();
  }

  /** Bytes of those whose format is newer. */
  long unreadableBytes() {
    return opener.unreadableBytes();
  }

  int count() {
    return store.count();
  }

  /** When the oldest segment was begun; 0 when there is none. */
  long oldestMillis() {
    return store.oldestMillis();
  }

  long bytes() {
    return store.bytes();
  }

  boolean holdsAny(Path slot) {
    return store.holdsAny(slot) || awaitsAny(slot);
  }

  /** Whether there are segments of a slot that could not be opened yet. */
  boolean awaitsAny(Path slot) {
    return opener.holdsAny(slot);
  }

  /** Whether something failed and {@link #retry} would try it again. */
  boolean needsRetry() {
    return live.isPaused()
        || backlog.isPaused()
        || ackRecorder.needsRetry()
        || store.needsRetry()
        || opener.needsRetry();
  }

  void retry() {
    live.resume();
    backlog.resume();
    ackRecorder.retry();
    for (SegmentOpener.Opened opened : opener.retry()) {
      backlog.segments().insert(counted(opened));
      openedLate.accept(opened.segment());
    }
    store.retry();
  }

  /** Reads ahead until enough is waiting to be delivered, or there is nothing more to read. */
  void readAhead() {
    boolean progress = true;
    while (progress && deliveryQueue.wantsMore()) {
      boolean liveProgress = readFrom(live);
      progress = readFrom(backlog) || liveProgress;
    }
  }

  private boolean readFrom(SegmentCursor side) {
    boolean progress = false;
    for (int i = 0; i < TURN && !side.segments().isEmpty() && deliveryQueue.wantsMore(); i++) {
      MergedOrder.Read read = read(side);
      if (read == null || (read.item() == null && read.segment().growing())) {
        return progress;
      }
      progress = true;
      accept(side, read, /* drop= */ false);
    }
    return progress;
  }

  /** Null when there is nothing that can be read now. */
  private MergedOrder.@Nullable Read read(SegmentCursor side) {
    return side.read(segment -> side.isOwn() || !opener.isAwaited(segment));
  }

  private void accept(SegmentCursor side, MergedOrder.Read read, boolean drop) {
    StoredSegment segment = read.segment();
    SegmentReader.Item item = read.item();
    if (item == null) {
      side.segments().remove(segment);
      endOfReading(segment);
    } else if (item instanceof Damage damage) {
      quarantine(segment, damage);
    } else if (item instanceof Valid valid && valid.type() == SegmentFormat.EVENT) {
      JournalRecord event = firstCopy(read, valid, side.isOwn());
      if (event != null && drop) {
        deliveryQueue.drop(event);
        ackRecorder.settled(event);
      } else if (event != null) {
        deliveryQueue.offer(event);
      }
    } else if (item instanceof Valid valid && valid.type() != SegmentFormat.SEAL) {
      log.error("{} has a record of unknown type and is kept", segment.name().wal());
      segment.keep();
    }
  }

  /** Null when it is settled, or handed out already. */
  private @Nullable JournalRecord firstCopy(MergedOrder.Read read, Valid valid, boolean own) {
    StoredSegment segment = read.segment();
    long seq = valid.seq();
    segment.holds(valid.body());
    if (!read.copies().isEmpty() && isSettledInOne(read, seq)) {
      ackRecorder.settledElsewhere(segment, seq);
      read.copies().forEach(copy -> ackRecorder.settledElsewhere(copy, seq));
      return null;
    }
    if (segment.settled().contains(seq)) {
      return null;
    }
    if (own && seq <= lastLiveSeq) {
      // Written again after a failed force, and handed out from the first copy.
      return null;
    }
    segment.handedOut();
    if (own) {
      lastLiveSeq = seq;
    } else {
      unread.merge(segment, -1L, Long::sum);
    }
    JournalRecord event = new JournalRecord(segment.name().stream(), seq, valid.body(), segment);
    ackRecorder.copies(event, read.copies());
    return event;
  }

  private static boolean isSettledInOne(MergedOrder.Read read, long seq) {
    return read.segment().settled().contains(seq)
        || read.copies().stream().anyMatch(copy -> copy.settled().contains(seq));
  }

  // Dropping.

  /**
   * Drops the oldest records that are not handed out, segment by segment, until there are no more
   * bytes than these or nothing is left to be dropped. The segment being written stays. In order,
   * and no further than what can be read and deleted: a disk that fails must not cost everything.
   */
  void dropOldest(long toBytes) {
    long before = deliveryQueue.counts().dropped();
    dropOldest(backlog, toBytes);
    dropOldest(live, toBytes);
    long dropped = deliveryQueue.counts().dropped() - before;
    if (dropped > 0) {
      log.warn("the journal is near its bound: it drops its {} oldest events", dropped);
      deliveryQueue.tellOfDropped();
    }
  }

  private void dropOldest(SegmentCursor side, long toBytes) {
    for (StoredSegment segment : store.all()) {
      if (bytes() <= toBytes || isStuck(side)) {
        return;
      }
      if (segment.isOwn() == side.isOwn() && !segment.growing()) {
        segment.dropped();
        deliveryQueue.dropWaiting(segment).forEach(ackRecorder::settled);
        dropUnread(side, segment);
        settle();
      }
    }
  }

  private boolean isStuck(SegmentCursor side) {
    return side.isPaused() || (!side.isOwn() && opener.awaitsAny()) || store.needsRetry();
  }

  private void dropUnread(SegmentCursor side, StoredSegment segment) {
    while (side.segments().isFirst(segment)) {
      MergedOrder.Read read = read(side);
      if (read == null) {
        return;
      }
      accept(side, read, /* drop= */ true);
    }
  }

  private void quarantine(StoredSegment segment, Damage damage) {
    if (damage.isEmptySpace()) {
      return;
    }
    quarantined++;
    try {
      aside.quarantine(segment.slot(), segment.name(), damage);
      log.error(
          "{} bytes at {} of {} are damaged; they are in quarantine",
          damage.bytes().length,
          damage.offset(),
          segment.name().wal());
    } catch (IOException failed) {
      segment.keep();
      log.error("damage in {} cannot be set aside; it is kept", segment.name().wal(), failed);
    }
  }

  /** What a seal counted and was not found is damaged: it will never be handed out. */
  private void endOfReading(StoredSegment segment) {
    Long missing = unread.remove(segment);
    if (missing != null) {
      recovered -= missing;
    }
    store.deleteIfSpent(List.of(segment));
    if (store.has(segment)) {
      erasing.from(segment);
    }
  }

  /** Takes API keys out of segments that stay. */
  KeyErasing erasing() {
    return erasing;
  }

  /** Writes down what was settled, and deletes what is spent. */
  void settle() {
    store.deleteIfSpent(ackRecorder.settle());
  }

  void close() {
    settle();
    // Segments settled except for their end are deleted, and second copies of settled records are
    // noted.
    readAhead();
    settle();
    if (ackRecorder.needsRetry() || store.needsRetry()) {
      ackRecorder.retry();
      settle();
      store.retry();
    }
    store.all().forEach(erasing::from);
    store.close();
  }
}
