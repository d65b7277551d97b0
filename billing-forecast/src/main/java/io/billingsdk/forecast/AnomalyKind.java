package io.billingsdk.forecast;

/** The form of an anomaly. */
public enum AnomalyKind {
  /** One or two buckets far off; or the first bucket of a shift, until the third one tells. */
  SPIKE,
  /** The level is another one since three buckets or more. */
  SHIFT,
  /** The level moves away slowly from its long course. */
  DRIFT,
  /** Nothing, where a series that is often 0 had never been 0 for so long. */
  SILENCE
}
