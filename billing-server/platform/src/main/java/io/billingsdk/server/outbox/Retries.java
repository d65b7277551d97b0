package io.billingsdk.server.outbox;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** When what failed at a lane is due again. For one thread. */
final class Retries {
  /** With none: the job that wakes all lanes comes sooner. */
  private static final long NONE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final long origin = System.nanoTime();

  /** Nanoseconds since the origin, so that they compare. */
  private final PriorityQueue<Long> due = new PriorityQueue<>();

  void add(Duration pause) {
    due.add(System.nanoTime() - origin + pause.toNanos());
  }

  /** How long nothing of it is due; an entry that is due just now is forgotten. */
  long nanosToNext() {
    long now = System.nanoTime() - origin;
    boolean isDue = false;
    for (Long next = due.peek(); next != null && next <= now; next = due.peek()) {
      due.remove();
      isDue = true;
    }
    Long next = due.peek();
    if (isDue) {
      return SHORTEST_NANOS;
    }
    return next == null ? NONE_NANOS : next - now + SHORTEST_NANOS;
  }
}
