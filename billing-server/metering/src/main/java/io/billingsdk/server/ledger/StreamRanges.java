package io.billingsdk.server.ledger;

import io.billingsdk.protocol.SeqRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What follows from ranges of numbers of a stream. */
final class StreamRanges {
  private StreamRanges() {}

  /** What of the numbers above the highest is not gone either. */
  static List<SeqRange> rest(long highest, long reported, List<SeqRange> gone) {
    List<SeqRange> rest = new ArrayList<>();
    // The last that is accounted for: one more may be beyond the numbers.
    long upTo = highest;
    for (SeqRange each : gone) {
      if (upTo < reported && each.last() > upTo) {
        if (each.first() - 1 > upTo) {
          rest.add(new SeqRange(upTo + 1, Math.min(reported, each.first() - 1)));
        }
        upTo = each.last();
      }
    }
    if (upTo < reported) {
      rest.add(new SeqRange(upTo + 1, reported));
    }
    return rest;
  }

  /** Those that will not come, in their order. */
  static List<SeqRange> gone(List<SeqRange> dropped, List<SeqRange> writtenOff) {
    List<SeqRange> gone = new ArrayList<>(dropped);
    gone.addAll(writtenOff);
    gone.sort(Comparator.comparingLong(SeqRange::first));
    return gone;
  }

  /** How many numbers ranges hold; at most what a long does. */
  static long count(List<SeqRange> ranges) {
    long count = 0;
    for (SeqRange each : ranges) {
      long numbers = each.last() - each.first() + 1;
      count = count > Long.MAX_VALUE - numbers ? Long.MAX_VALUE : count + numbers;
    }
    return count;
  }
}
