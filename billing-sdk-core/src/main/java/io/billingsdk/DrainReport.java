package io.billingsdk;

/**
 * What {@link BillingClient#flush} or {@link BillingClient#close} left behind.
 *
 * @param delivered events that were delivered since the client was started
 * @param held events still in the buffer, which will be delivered later
 * @param deadLettered events that the broker refused for good, set aside
 * @param lost events that were accepted and can no longer be delivered by anybody: those that a
 *     buffer in memory held when the client was closed, that a failing disk had not taken, or that
 *     were dropped since the client was started ({@link WhenFull#dropOldest})
 */
public record DrainReport(long delivered, long held, long deadLettered, long lost) {

  /** Whether every accepted event was delivered. */
  public boolean complete() {
    return held == 0 && deadLettered == 0 && lost == 0;
  }
}
