package io.billingsdk.server.quotas;

import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The time of a fleet and of its server, which passes when the test says so; tasks run when they
 * are due, on the thread that tells it.
 */
final class SimulatedTime implements Scheduler {
  /** After all plans were published, whenever a test runs. */
  private final ManualClock server = new ManualClock(PlanCustomers.BEGIN);

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
  private long nanos;
  private long numbers;

  private record Task(long due, long number, Runnable work) {}

  /** The clock of the server. */
  ManualClock server() {
    return server;
  }

  long nanos() {
    return nanos;
  }

  /** The clocks of one process; its wall clock may be wrong. */
  final class ProcessClock implements Clock {
    private Duration error = Duration.ZERO;

    void set(Duration newError) {
      error = newError;
    }

    @Override
    public long wallMillis() {
      return server.instant().plus(error).toEpochMilli();
    }

    @Override
    public long monotonicNanos() {
      return nanos;
    }
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(new Task(nanos, numbers++, task));
  }

  @Override
  public Cancellable schedule(Runnable task, Duration delay) {
    Task scheduled = new Task(nanos + delay.toNanos(), numbers++, task);
    tasks.add(scheduled);
    return () -> tasks.remove(scheduled);
  }

  /** Lets time pass. */
  void advance(Duration passed) {
    long end = nanos + passed.toNanos();
    for (Task next = tasks.peek(); next != null && next.due() <= end; next = tasks.peek()) {
      tasks.remove(next);
      moveTo(Math.max(nanos, next.due()));
      next.work().run();
    }
    moveTo(end);
  }

  private void moveTo(long then) {
    server.advance(Duration.ofNanos(then - nanos));
    nanos = then;
  }
}
