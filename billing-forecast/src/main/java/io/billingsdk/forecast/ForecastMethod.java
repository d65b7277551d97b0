package io.billingsdk.forecast;

/** How days ahead are estimated; the back-test chooses. The simplest stands first. */
public enum ForecastMethod {
  /** The same weekday of the last week. */
  SEASONAL_NAIVE("the last week"),
  /** The mean of the last four weeks, and a part of how far each weekday is from it. */
  MEAN("the mean of the last four weeks"),
  /** The median of the last four same weekdays. */
  WEEKDAY_MEDIAN("the median of the last four same weekdays"),
  /** The profile of the week times the level of the last week. */
  LEVEL("the profile of the week and the level of the last week"),
  /** The profile of the week times a level that grows on, more slowly from day to day. */
  TREND("the profile of the week and the growth of the last months");

  private final String basis;

  ForecastMethod(String basis) {
    this.basis = basis;
  }

  /** What the forecast rests on, as it reads after "from". */
  String basis() {
    return basis;
  }
}
