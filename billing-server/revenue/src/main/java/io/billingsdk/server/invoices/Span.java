package io.billingsdk.server.invoices;

import java.time.Instant;
import java.util.UUID;

/**
 * A time of a subscription that is billed at once, half-open: its usage, and the fees that its
 * events brought. The spans of a subscription follow each other without gap or overlap; one that
 * only brings fees, as the start does, has no length.
 *
 * @param number from 1, without gaps
 * @param afterEvent the number of the last event before it; 0 for none
 * @param lastEvent the number of the event that ends it
 */
record Span(
    UUID subscription, int number, Instant from, Instant to, long afterEvent, long lastEvent) {
  /** Above it are the numbers of progress spans. */
  static final int MOST = 1_000_000;

  /** Whether it only bills what came late after a cancellation: no event ends it. */
  boolean isClosing() {
    return lastEvent == afterEvent && !isProgress();
  }

  /**
   * Whether it bills usage of a period before its end. It has no fees, and its lines have the keys
   * of the span that bills the period.
   */
  boolean isProgress() {
    return number > MOST;
  }

  /** The number of the span that bills its usage in the end. */
  int ofUsage() {
    return number % MOST;
  }

  /** The progress span of this one, which bills the period. */
  Span progress(int ordinal, long event) {
    return new Span(subscription, ordinal * MOST + number, from, to, event, event);
  }

  /** Whether fees of an event with this number belong to it. */
  boolean holds(long event) {
    return event > afterEvent && event <= lastEvent;
  }
}
