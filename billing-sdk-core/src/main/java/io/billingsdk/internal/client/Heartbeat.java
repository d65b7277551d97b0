package io.billingsdk.internal.client;

import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends a sign of life at once and then at an interval, while the link is up. One thread. */
final class Heartbeat {
  private final Scheduler scheduler;
  private final Duration interval;
  private final Runnable send;
  private @Nullable Cancellable next;

  Heartbeat(Scheduler scheduler, Duration interval, Runnable send) {
    this.scheduler = scheduler;
    this.interval = interval;
    this.send = send;
  }

  void up() {
    // First: a send that fails must not be the last one.
    next = scheduler.schedule(this::up, interval);
    send.run();
  }

  /** As {@link #up}, without the first one. */
  void upLater() {
    down();
    next = scheduler.schedule(this::up, interval);
  }

  void down() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }
}
