package io.billingsdk.rating;

/** Up to where a billing period is rated. A minimum is due with the last part only. */
public enum PeriodPart {
  /** The period goes on. */
  RUNNING,
  /** All of the period, up to its end. */
  COMPLETE
}
