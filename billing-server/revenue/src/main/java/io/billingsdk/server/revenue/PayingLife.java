package io.billingsdk.server.revenue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When a customer used a plan without a fee, and when one with a fee. For one thread. */
final class PayingLife {
  private final Instant from;
  private final Instant to;
  private @Nullable Instant reached;
  private boolean wasFree;
  private boolean wasPaying;
  private boolean hasPaid;
  private boolean paidAtStart;
  private boolean couldConvert;
  private boolean converted;

  PayingLife(Instant from, Instant to) {
    this.from = from;
    this.to = to;
  }

  /** The next moment at which something changes; all are before the end of the time. */
  void reach(Instant at, MrrWalk.Level level) {
    pass(at);
    if (!at.isBefore(from)) {
      converted |= level.pays() && !hasPaid && couldConvert;
    } else {
      paidAtStart = level.pays();
    }
    hasPaid |= level.pays();
    wasFree = level.isFree();
    wasPaying = level.pays();
    reached = at;
  }

  /** A free plan counts if it was used in the time, or up to its first moment. */
  private void pass(Instant at) {
    boolean isWithin = reached != null && !at.isBefore(from) && reached.isBefore(to);
    couldConvert |= wasFree && isWithin && !hasPaid;
  }

  /** Ends it. */
  void end() {
    pass(to);
  }

  boolean hasPaid() {
    return hasPaid;
  }

  boolean paidAtStart() {
    return paidAtStart;
  }

  boolean paysAtEnd() {
    return wasPaying;
  }

  boolean couldConvert() {
    return couldConvert;
  }

  boolean converted() {
    return converted;
  }
}
