package io.billingsdk.server.revenue;

/** How many customers pay, went, and came from a free plan. For one thread. */
final class PayingCounts {
  private long payingAtStart;
  private long payingAtEnd;
  private long lost;
  private long free;
  private long converted;

  void add(PayingLife life) {
    life.end();
    payingAtStart += life.paidAtStart() ? 1 : 0;
    payingAtEnd += life.paysAtEnd() ? 1 : 0;
    lost += life.paidAtStart() && !life.paysAtEnd() ? 1 : 0;
    free += life.couldConvert() ? 1 : 0;
    converted += life.converted() ? 1 : 0;
  }

  /** Who paid before the time. */
  long payingAtStart() {
    return payingAtStart;
  }

  /** Who pays after it. */
  long payingAtEnd() {
    return payingAtEnd;
  }

  /** Who paid before it and does not after it. */
  long lost() {
    return lost;
  }

  /** Who had a plan without a fee and had never paid. */
  long free() {
    return free;
  }

  /** Who of them pay. */
  long converted() {
    return converted;
  }
}
