package io.billingsdk.internal.delivery;

import io.billingsdk.internal.time.Clock;
import java.time.Duration;

/**
 * How many batches may be without a receipt: one more for each receipt, half as many when one is
 * missing. A receipt that is missing says that a queue on the way has dropped a batch, or that the
 * billing system does not keep up; sending as much again would make both worse.
 *
 * <p>For one thread.
 */
final class AdaptiveWindow {
  private static final int FIRST = 4;

  private final int most;
  private final Clock clock;
  private final Duration episode;
  private int limit;
  private long halvedAtNanos;
  private boolean halved;

  /**
   * A window of a few batches.
   *
   * @param most it may grow to
   * @param episode receipts that are missing within so long count once: they were sent together
   */
  AdaptiveWindow(int most, Duration episode, Clock clock) {
    this.most = most;
    this.episode = episode;
    this.clock = clock;
    this.limit = Math.min(FIRST, most);
  }

  int limit() {
    return limit;
  }

  void received() {
    limit = Math.min(most, limit + 1);
  }

  void missed() {
    long nowNanos = clock.monotonicNanos();
    if (!halved || nowNanos - halvedAtNanos >= episode.toNanos()) {
      halved = true;
      halvedAtNanos = nowNanos;
      limit = Math.max(1, limit / 2);
    }
  }
}
