package io.billingsdk.internal.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which records were dropped, as ranges, and how many. Of more ranges than the bound the oldest are
 * forgotten; the count stays. Not thread-safe.
 */
final class DroppedRecords {
  /** Records are dropped in order, so that more of them than streams are rare. */
  static final int MAX_RANGES = 256;

  /** The one that was extended last is the last. */
  private final Deque<DroppedRange> ranges = new ArrayDeque<>();

  private long count;

  void add(UUID stream, long seq) {
    count++;
    DroppedRange before = takeEndingAt(stream, seq - 1);
    ranges.addLast(new DroppedRange(stream, before == null ? seq : before.first(), seq));
    if (ranges.size() > MAX_RANGES) {
      ranges.removeFirst();
    }
  }

  private @Nullable DroppedRange takeEndingAt(UUID stream, long last) {
    for (Iterator<DroppedRange> it = ranges.descendingIterator(); it.hasNext(); ) {
      DroppedRange range = it.next();
      if (range.last() == last && range.stream().equals(stream)) {
        it.remove();
        return range;
      }
    }
    return null;
  }

  long count() {
    return count;
  }

  List<DroppedRange> ranges() {
    return List.copyOf(ranges);
  }
}
