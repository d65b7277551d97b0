package io.billingsdk.forecast;

/** The side on which an anomaly lies. */
public enum Direction {
  /** More than expected. */
  UP,
  /** Less than expected: lost usage. */
  DOWN
}
