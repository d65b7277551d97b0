package io.billingsdk.server.performance;

import io.billingsdk.costs.LocalDays;
import io.billingsdk.costs.LocalDays.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts times into whole days of UTC, the hours around them, and the quarters of an hour around
 * those: sums are kept for each, so that a month is a few rows and a day of any zone is exact.
 */
final class Pieces {
  /** In minutes, the longest first. */
  static final List<Integer> WIDTHS = List.of(1_440, 60, 15);

  private Pieces() {}

  /**
   * A part of a time.
   *
   * @param minutes of its sums
   * @param bucket of the answer that it belongs to
   */
  record Piece(int minutes, Instant from, Instant to, int bucket) {}

  /** The pieces of some times, which are the buckets of the answer. */
  static List<Piece> of(List<Range> buckets) {
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < buckets.size(); i++) {
      Range range = buckets.get(i);
      cut(pieces, range.from(), range.to(), i, 0);
    }
    return pieces;
  }

  /** The end of the quarter of an hour that a moment is in: the present one has begun. */
  static Instant endOfQuarter(Instant now) {
    return LocalDays.quarterOf(now).plus(LocalDays.QUARTER);
  }

  /** The beginning of the piece of such a width that a moment is in. */
  static Instant begin(Instant at, int minutes) {
    long length = Duration.ofMinutes(minutes).toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), length) * length);
  }

  private static void cut(List<Piece> pieces, Instant from, Instant to, int bucket, int level) {
    if (!from.isBefore(to)) {
      return;
    }
    int minutes = WIDTHS.get(level);
    Instant last = begin(to, minutes);
    Instant first = begin(from, minutes);
    first = first.isBefore(from) ? first.plusSeconds(60L * minutes) : first;
    boolean isFinest = level == WIDTHS.size() - 1;
    if (first.isBefore(last)) {
      if (!isFinest) {
        cut(pieces, from, first, bucket, level + 1);
      }
      pieces.add(new Piece(minutes, first, last, bucket));
      if (!isFinest) {
        cut(pieces, last, to, bucket, level + 1);
      }
    } else if (!isFinest) {
      cut(pieces, from, to, bucket, level + 1);
    }
  }
}
