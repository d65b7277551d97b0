package io.billingsdk.internal.journal;

import io.billingsdk.internal.journal.SegmentReader.Item;
import io.billingsdk.internal.journal.SegmentReader.Valid;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Segments in the order in which they are read: one after the other, except those of an earlier
 * process that overlap. After a force that failed, records were written again to a new segment, and
 * after a crash any of both copies may be there: they are read by their numbers, each number once.
 * Confined to the journal's thread.
 */
final class MergedOrder {
  /** Segments that may hold copies of one record; each of them is open while they are compared. */
  private static final int MAX_OVERLAPPING = 16;

  private final Deque<StoredSegment> segments = new ArrayDeque<>();
  private @Nullable StoredSegment reading;

  /**
   * The records read.
   *
   * @param segment where it is
   * @param item null at the end of the segment
   * @param copies other segments that hold the same record
   */
  record Read(StoredSegment segment, @Nullable Item item, List<StoredSegment> copies) {}

  void add(StoredSegment segment) {
    segments.addLast(segment);
  }

  /**
   * Adds one that could not be opened at first: after those of its slot that were written before
   * it, or before those that were written after it. Were another slot's between them, copies in the
   * two would not be found to be one.
   */
  void insert(StoredSegment late) {
    List<StoredSegment> all = new ArrayList<>(segments);
    int at = all.size();
    for (int i = all.size() - 1; i >= 0; i--) {
      StoredSegment other = all.get(i);
      if (other.slot().equals(late.slot())) {
        boolean earlier = other.name().compareTo(late.name()) < 0;
        at = earlier ? i + 1 : i;
        if (earlier) {
          break;
        }
      }
    }
    all.add(at, late);
    segments.clear();
    segments.addAll(all);
  }

  boolean isEmpty() {
    return segments.isEmpty();
  }

  /** The first segment that may be read; null when there is none. */
  @Nullable StoredSegment first(Predicate<StoredSegment> mayBeRead) {
    for (StoredSegment segment : segments) {
      if (mayBeRead.test(segment)) {
        return segment;
      }
    }
    return null;
  }

  boolean isFirst(StoredSegment segment) {
    return segment.equals(segments.peekFirst());
  }

  void remove(StoredSegment segment) {
    segments.remove(segment);
  }

  /** The segment that was read last, or could not be read. */
  StoredSegment lastRead() {
    return Objects.requireNonNull(reading, "nothing was read");
  }

  /** Reads on in a segment, once all that was written before it is read. */
  Read next(StoredSegment first) throws IOException {
    reading = first;
    if (first.isOwn() || !(first.peek() instanceof Valid valid) || !isEvent(valid)) {
      return new Read(first, first.next(), List.of());
    }
    return merged(first, valid);
  }

  private Read merged(StoredSegment first, Valid itsItem) throws IOException {
    StoredSegment lowest = first;
    long seq = itsItem.seq();
    List<StoredSegment> copies = List.of();
    int compared = 0;
    boolean behind = false;
    for (StoredSegment other : segments) {
      if (!behind) {
        behind = other == first;
        continue;
      }
      if (!other.overlaps(first, seq) || ++compared == MAX_OVERLAPPING) {
        break;
      }
      reading = other;
      Item item = other.peek();
      if (item instanceof SegmentReader.Damage) {
        return new Read(other, other.next(), List.of());
      }
      if (item instanceof Valid valid && isEvent(valid) && valid.seq() <= seq) {
        copies = valid.seq() == seq ? new ArrayList<>(copies) : new ArrayList<>();
        if (valid.seq() == seq) {
          copies.add(other);
        } else {
          lowest = other;
          seq = valid.seq();
        }
      }
    }
    for (StoredSegment copy : copies) {
      copy.next();
    }
    return new Read(lowest, lowest.next(), copies);
  }

  private static boolean isEvent(Valid valid) {
    return valid.type() == SegmentFormat.EVENT;
  }
}
