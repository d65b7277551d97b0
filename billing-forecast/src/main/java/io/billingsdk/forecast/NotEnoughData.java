package io.billingsdk.forecast;

/**
 * There is no forecast yet.
 *
 * @param days closed days that there are
 * @param needed closed days that a forecast needs
 */
public record NotEnoughData(int days, int needed) implements MonthOutlook {
  @Override
  public String sentence() {
    return "Not enough data: "
        + days
        + (days == 1 ? " closed day" : " closed days")
        + " so far, and a forecast needs "
        + needed
        + ".";
  }
}
