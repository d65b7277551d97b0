package io.billingsdk.internal.time;

import io.billingsdk.internal.Faults;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * A scheduler with one daemon thread of its own. The thread is made with the first task. Drops
 * tasks, silently, after {@link #shutdown}.
 */
public final class SerialScheduler implements Scheduler {
  private static final long THREAD_END_MILLIS = 1_000;

  private final String threadName;
  private final Logger log;
  private final Faults faults;
  private final ScheduledThreadPoolExecutor executor;
  private volatile Thread thread;

  /**
   * Starts nothing yet.
   *
   * @param faults receives errors that tasks throw
   */
  public SerialScheduler(String threadName, Logger log, Faults faults) {
    this.threadName = threadName;
    this.log = log;
    this.faults = faults;
    this.thread = new Thread();
    this.executor =
        new ScheduledThreadPoolExecutor(1, this::newThread, new ThreadPoolExecutor.DiscardPolicy());
    executor.setRemoveOnCancelPolicy(true);
    // A timer far in the future must not keep the thread alive after shutdown.
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(guarded(task));
  }

  @Override
  public Cancellable schedule(Runnable task, Duration delay) {
    Future<?> future = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> future.cancel(/* mayInterruptIfRunning= */ false);
  }

  /** Whether the calling thread is this scheduler's own; waiting for a task there never ends. */
  public boolean isOwnThread() {
    return Thread.currentThread() == thread;
  }

  /**
   * Runs what was given already, without what is only scheduled, and waits for it. Its thread has
   * ended when this returns in time.
   */
  public void shutdown(Duration timeout) {
    executor.shutdown();
    if (isOwnThread()) {
      return;
    }
    try {
      if (executor.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        // The executor ends before its thread does; a container may take stock of its threads now.
        thread.join(THREAD_END_MILLIS);
      } else {
        log.warn("thread {} did not end within {}; it is left behind as a daemon", thread, timeout);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Thread newThread(Runnable work) {
    Thread created = new Thread(work, threadName);
    created.setDaemon(true);
    thread = created;
    return created;
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (Throwable thrown) {
        // Uncaught, it would vanish in the task's future and leave no trace.
        if (Faults.errorIn(thrown) != null) {
          faults.caught("a task on thread " + threadName, thrown);
        } else {
          log.error("a task failed on thread {}", threadName, thrown);
        }
      }
    };
  }
}
