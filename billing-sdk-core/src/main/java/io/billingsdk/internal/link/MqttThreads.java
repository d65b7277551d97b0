package io.billingsdk.internal.link;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for the MQTT library, daemons, made when they are needed. Without work they end after a
 * second, and at once when the link is closed; then, too, a late task is run rather than refused:
 * the library would print a stack trace. Thread-safe.
 */
final class MqttThreads implements Executor {
  private static final Duration IDLE = Duration.ofSeconds(1);

  /** All that live, and some that have ended. */
  private final Set<Thread> begun = ConcurrentHashMap.newKeySet();

  private final ThreadPoolExecutor pool;

  MqttThreads(String name) {
    this.pool =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            work -> daemon(work, name));
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  /** From now on its threads end when they have no work. */
  void end() {
    pool.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
  }

  /** The same, and interrupts those that work. */
  void endNow() {
    end();
    begun.forEach(Thread::interrupt);
  }

  /** Waits until they have ended, and no longer than until then; whether they have. */
  boolean awaitEnd(long untilNanos) throws InterruptedException {
    for (Thread each : begun) {
      long leftNanos = untilNanos - System.nanoTime();
      if (leftNanos > 0) {
        TimeUnit.NANOSECONDS.timedJoin(each, leftNanos);
      }
    }
    return begun.stream().noneMatch(Thread::isAlive);
  }

  private Thread daemon(Runnable work, String name) {
    begun.removeIf(each -> each.getState() == Thread.State.TERMINATED);
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    begun.add(thread);
    return thread;
  }
}
