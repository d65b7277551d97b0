package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import java.time.Clock;
import java.time.Duration;

/**
 * How old an event may be, and how far in the future. Events beyond them are refused, and kept with
 * that reason: a clock that is a year off must not open an invoice that was paid. Unless the clocks
 * of the instances say that this server's is right, it is refused for now only, until time passes
 * or somebody sets the clock.
 *
 * @param oldest age of an event, by the server's clock
 * @param future how far ahead of the server's clock
 * @param clocks what the instances' clocks say
 */
record TimeBounds(Duration oldest, Duration future, Clock clock, Clocks clocks) {
  static final String TOO_OLD = "TOO_OLD";
  static final String IN_FUTURE = "IN_FUTURE";

  /** Nobody has said anything of the time yet. */
  TimeBounds(Duration oldest, Duration future, Clock clock) {
    this(oldest, future, clock, new Clocks(clock));
  }

  /** Those of a server, by its own clock. */
  static TimeBounds standard() {
    return by(Clock.systemUTC());
  }

  /** Those of a server, by another clock. */
  static TimeBounds by(Clock clock) {
    return new TimeBounds(Duration.ofDays(400), Duration.ofHours(24), clock);
  }

  /**
   * Whether an event is within; if not, its entry is rejected.
   *
   * @param now what the clock says, asked once for all events of a batch
   */
  boolean accept(IncomingEvent incomingEvent, ReceivedEvent.Valid event, long now) {
    long ageMillis = now - event.timestampMillis();
    if (ageMillis > oldest.toMillis()) {
      reject(incomingEvent, event, TOO_OLD, "the event is older than " + oldest.toDays() + " days");
      return false;
    }
    if (-ageMillis > future.toMillis()) {
      reject(
          incomingEvent,
          event,
          IN_FUTURE,
          "the event is more than " + future.toHours() + " hours in the future");
      return false;
    }
    return true;
  }

  private void reject(
      IncomingEvent incomingEvent, ReceivedEvent.Valid event, String code, String detail) {
    if (HeldEvents.canHold(event) && !clocks.areWith(incomingEvent.clockOffset())) {
      incomingEvent.hold(code, detail);
    } else {
      incomingEvent.reject(code, detail);
    }
  }
}
