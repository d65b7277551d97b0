package io.billingsdk.rating;

/** What becomes of the period in which a bill day changes. */
public enum RunningPeriod {
  /** It ends as it was announced; the period after it is short. The default. */
  STAYS,
  /** It ends at the first boundary of the new bill day, if that comes earlier. */
  IS_CUT
}
