package io.billingsdk.internal.journal;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Sequence numbers that are settled, as ranges. Settled in order they are one range, however many
 * they are. Not thread-safe.
 */
final class AckedRanges {
  private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();
  private long count;

  /** Of the range that was changed last its first number, its last, and what may follow it. */
  private long lastFirst;

  private long lastLast;
  private long lastRoom;

  /** Adds a range, both ends included; earlier numbers stay in it. */
  void add(long first, long last) {
    if (first == lastLast + 1 && last < lastRoom) {
      // In order, as nearly always.
      lastByFirst.put(lastFirst, last);
      count += last - lastLast;
      lastLast = last;
    } else {
      insert(first, last);
    }
  }

  private void insert(long first, long last) {
    long newFirst = first;
    long newLast = last;
    Map.Entry<Long, Long> before = lastByFirst.floorEntry(first);
    if (before != null && before.getValue() >= first - 1) {
      newFirst = before.getKey();
      newLast = Math.max(last, before.getValue());
      remove(before);
    }
    Map.Entry<Long, Long> after = lastByFirst.ceilingEntry(newFirst);
    while (after != null && after.getKey() <= newLast + 1) {
      newLast = Math.max(newLast, after.getValue());
      remove(after);
      after = lastByFirst.ceilingEntry(newFirst);
    }
    lastByFirst.put(newFirst, newLast);
    count += newLast - newFirst + 1;
    lastFirst = newFirst;
    lastLast = newLast;
    // One that touches the next range is joined to it.
    lastRoom = after == null ? Long.MAX_VALUE : after.getKey() - 1;
  }

  boolean contains(long seq) {
    Map.Entry<Long, Long> range = lastByFirst.floorEntry(seq);
    return range != null && range.getValue() >= seq;
  }

  /** Whether all from 1 to this number are in it. */
  boolean coversUpTo(long last) {
    Map.Entry<Long, Long> range = lastByFirst.floorEntry(1L);
    return last <= 0 || (range != null && range.getValue() >= last);
  }

  /** The largest number in it; 0 when it is empty. */
  long last() {
    return lastByFirst.isEmpty() ? 0 : lastByFirst.lastEntry().getValue();
  }

  /** Gives each range, both ends included, in order. */
  void forEachRange(BiConsumer<Long, Long> consumer) {
    lastByFirst.forEach(consumer);
  }

  /** How many numbers are in it. */
  long count() {
    return count;
  }

  /** The number of ranges, which is what it costs. */
  int ranges() {
    return lastByFirst.size();
  }

  private void remove(Map.Entry<Long, Long> range) {
    lastByFirst.remove(range.getKey());
    count -= range.getValue() - range.getKey() + 1;
  }
}
