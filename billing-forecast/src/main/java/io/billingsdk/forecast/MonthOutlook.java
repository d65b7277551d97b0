package io.billingsdk.forecast;

/** A forecast of a month's end, or the reason why there is none. */
public sealed interface MonthOutlook permits MonthForecast, NotEnoughData {
  /** One sentence for people. */
  String sentence();
}
