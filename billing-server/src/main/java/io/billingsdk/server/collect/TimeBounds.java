package io.billingsdk.server.collect;

import io.billingsdk.wire.ReceivedEvent;
import java.time.Clock;
import java.time.Duration;

/**
 * How old an event may be, and how far in the future. What is beyond is refused, and kept with that
 * reason: a clock that is a year off must not open an invoice that was paid.
 *
 * @param oldest age of an event, by the server's clock
 * @param future how far ahead of the server's clock
 */
record TimeBounds(Duration oldest, Duration future, Clock clock) {
  static final TimeBounds DEFAULT =
      new TimeBounds(Duration.ofDays(400), Duration.ofHours(24), Clock.systemUTC());

  /**
   * Whether an event is within; if not, its entry is rejected.
   *
   * @param now what the clock says, asked once for all events of a batch
   */
  boolean accept(Entry entry, ReceivedEvent.Valid event, long now) {
    long ageMillis = now - event.timestampMillis();
    if (ageMillis > oldest.toMillis()) {
      entry.isRejected("TOO_OLD", "the event is older than " + oldest.toDays() + " days");
      return false;
    }
    if (-ageMillis > future.toMillis()) {
      entry.isRejected(
          "IN_FUTURE", "the event is more than " + future.toHours() + " hours in the future");
      return false;
    }
    return true;
  }
}
