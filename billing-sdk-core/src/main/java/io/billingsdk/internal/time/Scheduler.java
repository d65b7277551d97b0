package io.billingsdk.internal.time;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Runs tasks one at a time, in the order in which they were given or became due. What a task throws
 * is logged; the next one runs all the same. After it was shut down, tasks are dropped.
 */
public interface Scheduler extends Executor {

  /** Runs a task once, after a delay. */
  Cancellable schedule(Runnable task, Duration delay);

  /** A task that was scheduled. */
  @FunctionalInterface
  interface Cancellable {
    /** Keeps the task from running, unless it has begun. Harmless when repeated. */
    void cancel();
  }
}
