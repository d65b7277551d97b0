package io.billingsdk.server.performance;

import io.billingsdk.costs.LocalDays;
import io.billingsdk.costs.LocalDays.Range;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Cuts times into whole days of UTC and the quarters of an hour around them: sums are kept for
 * each, so that a month is a few rows and a day of any zone is exact. The days of a month are the
 * cells of one row, and so are the quarters of a day.
 */
final class Pieces {
  /** Minutes of a cell of a row of a day. */
  static final int QUARTERS = 15;

  /** Minutes of a cell of a row of a month. */
  static final int DAYS = 1_440;

  private static final long QUARTER_SECONDS = LocalDays.QUARTER.toSeconds();
  private static final long QUARTERS_OF_DAY = DAYS / QUARTERS;
  private static final int MOST_DAYS = 31;
  private static final int NONE = -1;

  /** By the number of the first day; of each cell the bucket that it is for, or none. */
  private final Map<Long, int[]> months = new TreeMap<>();

  private final Map<Long, int[]> days = new TreeMap<>();
  private final int size;

  private Pieces(int size) {
    this.size = size;
  }

  /**
   * A cell of a row.
   *
   * @param minutes its width
   * @param block the first day of the row, as its number since 1970-01-01
   * @param number of the cell within the row
   */
  record SumCell(int minutes, long block, int number) {
    /** The cells that a moment counts for. */
    static List<SumCell> of(Instant at) {
      long quarter = Math.floorDiv(at.getEpochSecond(), QUARTER_SECONDS);
      return List.of(ofQuarter(quarter), ofDay(Math.floorDiv(quarter, QUARTERS_OF_DAY)));
    }

    private static SumCell ofQuarter(long quarter) {
      return new SumCell(
          QUARTERS,
          Math.floorDiv(quarter, QUARTERS_OF_DAY),
          (int) Math.floorMod(quarter, QUARTERS_OF_DAY));
    }

    private static SumCell ofDay(long day) {
      LocalDate date = LocalDate.ofEpochDay(day);
      return new SumCell(DAYS, date.withDayOfMonth(1).toEpochDay(), date.getDayOfMonth() - 1);
    }
  }

  /** The pieces of some times, which are the buckets of the answer; none is within another. */
  static Pieces of(List<Range> buckets) {
    Pieces pieces = new Pieces(buckets.size());
    for (int i = 0; i < buckets.size(); i++) {
      Range range = buckets.get(i);
      long first = -Math.floorDiv(-range.from().getEpochSecond(), QUARTER_SECONDS);
      pieces.cut(first, Math.floorDiv(range.to().getEpochSecond(), QUARTER_SECONDS), i);
    }
    return pieces;
  }

  private void cut(long from, long to, int bucket) {
    long firstDay = -Math.floorDiv(-from, QUARTERS_OF_DAY);
    long lastDay = Math.floorDiv(to, QUARTERS_OF_DAY);
    if (firstDay >= lastDay) {
      putQuarters(from, to, bucket);
      return;
    }
    putQuarters(from, firstDay * QUARTERS_OF_DAY, bucket);
    for (long day = firstDay; day < lastDay; day++) {
      put(SumCell.ofDay(day), bucket);
    }
    putQuarters(lastDay * QUARTERS_OF_DAY, to, bucket);
  }

  private void putQuarters(long from, long to, int bucket) {
    for (long quarter = from; quarter < to; quarter++) {
      put(SumCell.ofQuarter(quarter), bucket);
    }
  }

  private void put(SumCell cell, int bucket) {
    boolean isDay = cell.minutes() == DAYS;
    Map<Long, int[]> blocks = isDay ? months : days;
    int[] cells = blocks.get(cell.block());
    if (cells == null) {
      cells = new int[isDay ? MOST_DAYS : (int) QUARTERS_OF_DAY];
      Arrays.fill(cells, NONE);
      blocks.put(cell.block(), cells);
    }
    cells[cell.number()] = bucket;
  }

  /** How many buckets there are. */
  int size() {
    return size;
  }

  /** The rows that are needed, of months or of days. */
  List<Long> blocks(int minutes) {
    return List.copyOf(new TreeSet<>((minutes == DAYS ? months : days).keySet()));
  }

  /** Adds a row to the sums of the buckets; one that is null begins with its first cell. */
  void add(int minutes, long block, byte[] packed, @Nullable RunningSum[] sums) {
    int[] buckets = (minutes == DAYS ? months : days).get(block);
    if (buckets != null) {
      PackedCells.add(packed, cell -> sumOf(buckets[cell], sums));
    }
  }

  private static @Nullable RunningSum sumOf(int bucket, @Nullable RunningSum[] sums) {
    if (bucket == NONE) {
      return null;
    }
    RunningSum sum = sums[bucket];
    if (sum == null) {
      sum = new RunningSum();
      sums[bucket] = sum;
    }
    return sum;
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
}
