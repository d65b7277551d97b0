package io.billingsdk.forecast;

/** The form of an anomaly. */
public enum AnomalyKind {
  /** One or two buckets far off; or the first bucket of a shift, until the third one tells. */
  SPIKE,
  /** The level is another one since three buckets or more. */
  SHIFT,
  /** The level moves away slowly from its long course. */
  DRIFT,
  /** Nothing for far longer than ever before, in a series that is often 0. */
  SILENCE
}
