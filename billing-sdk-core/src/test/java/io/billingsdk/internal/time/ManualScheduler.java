package io.billingsdk.internal.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A scheduler that runs tasks only when it is told to, on the thread that tells it; never inside
 * {@link #execute} or {@link #schedule}. Tasks run in the order in which they became due.
 *
 * <p>What a task throws is collected: {@link #run} and {@link #advance} run the others first and
 * then fail, so that no test overlooks it.
 */
public final class ManualScheduler implements Scheduler {
  private static final int RUNAWAY = 5_000_000;

  private final ManualClock clock;
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparing(Task::due).thenComparing(Task::number));
  private final List<Throwable> thrown = new ArrayList<>();
  private long numbers;

  private record Task(Duration due, long number, Runnable work) {}

  /** A scheduler with nothing to do. */
  public ManualScheduler(ManualClock clock) {
    this.clock = clock;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(new Task(clock.elapsed(), numbers++, task));
  }

  @Override
  public Cancellable schedule(Runnable task, Duration delay) {
    Task scheduled = new Task(clock.elapsed().plus(delay), numbers++, task);
    tasks.add(scheduled);
    return () -> tasks.remove(scheduled);
  }

  /** Runs what is due now, and what that makes due. */
  public void run() {
    advance(Duration.ZERO);
  }

  /** Lets time pass, running each task when it becomes due. */
  public void advance(Duration passed) {
    Duration end = clock.elapsed().plus(passed);
    int ran = 0;
    for (Task next = tasks.peek(); next != null && next.due().compareTo(end) <= 0; ) {
      tasks.remove(next);
      clock.advance(notNegative(next.due().minus(clock.elapsed())));
      runOne(next);
      if (++ran > RUNAWAY) {
        throw new AssertionError("tasks make each other due for ever");
      }
      next = tasks.peek();
    }
    clock.advance(end.minus(clock.elapsed()));
    if (!thrown.isEmpty()) {
      AssertionError failure = new AssertionError(thrown.size() + " tasks failed", thrown.get(0));
      thrown.clear();
      throw failure;
    }
  }

  /** How many tasks wait. */
  public int waiting() {
    return tasks.size();
  }

  /** How long until the next task is due; fails when there is none. */
  public Duration untilNext() {
    Task next = tasks.peek();
    if (next == null) {
      throw new AssertionError("nothing is scheduled");
    }
    return notNegative(next.due().minus(clock.elapsed()));
  }

  private void runOne(Task task) {
    try {
      task.work().run();
    } catch (Throwable failure) {
      thrown.add(failure);
    }
  }

  private static Duration notNegative(Duration delay) {
    return delay.isNegative() ? Duration.ZERO : delay;
  }
}
