package io.billingsdk.forecast;

/**
 * The cells of the profile that a bucket belongs to: the weekday of a day; the hour, the weekday
 * and the hour of the week of an hour. Immutable.
 */
final class Seasons {
  private static final int HOURS = 24;
  private static final int WEEK = 7;

  private final BucketSize size;
  private final int firstWeekday;
  private final int firstHour;

  private Seasons(BucketSize size, int firstWeekday, int firstHour) {
    this.size = size;
    this.firstWeekday = firstWeekday;
    this.firstHour = firstHour;
  }

  static Seasons of(UsageSeries series) {
    return new Seasons(
        series.size(),
        series.first().getDayOfWeek().getValue() - 1,
        series.size() == BucketSize.HOUR ? series.first().getHour() : 0);
  }

  /** How many profiles add up. */
  int profiles() {
    return size == BucketSize.DAY ? 1 : 3;
  }

  int cells(int profile) {
    if (size == BucketSize.DAY) {
      return WEEK;
    }
    return profile == 0 ? HOURS : profile == 1 ? WEEK : WEEK * HOURS;
  }

  /** How far a cell may well be from zero, on a log scale: the third profile is a correction. */
  double prior(int profile) {
    return profile == 2 ? 0.1 : 0.4;
  }

  int cell(int profile, int index) {
    if (size == BucketSize.DAY) {
      return Math.floorMod(firstWeekday + index, WEEK);
    }
    int hours = firstHour + index;
    int hour = Math.floorMod(hours, HOURS);
    int weekday = Math.floorMod(firstWeekday + Math.floorDiv(hours, HOURS), WEEK);
    return profile == 0 ? hour : profile == 1 ? weekday : weekday * HOURS + hour;
  }

  /** Buckets of a day. */
  int perDay() {
    return size == BucketSize.DAY ? 1 : HOURS;
  }
}
