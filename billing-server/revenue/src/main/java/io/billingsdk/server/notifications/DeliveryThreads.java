package io.billingsdk.server.notifications;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that do one kind of work until they are closed. {@link #wake} from any thread. */
final class DeliveryThreads implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DeliveryThreads.class);

  /** Deliveries become due by time, and other servers add some: a thread looks so often. */
  private static final long IDLE_MILLIS = 2_000;

  /** A mail that is broken off may have gone: most end within this time. */
  private static final long STOP_MILLIS = 5_000;

  private static final long INTERRUPTED_MILLIS = 1_000;

  private final DeliveryWork work;
  private final Semaphore wakes = new Semaphore(0);
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;
  private volatile boolean said;

  DeliveryThreads(String name, int number, DeliveryWork work) {
    this.work = work;
    for (int i = 1; i <= number; i++) {
      Thread each = new Thread(this::run, "billing-" + name + "-" + i);
      each.setDaemon(true);
      threads.add(each);
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  void wake() {
    // One for each thread is enough: a look finds all that was added before it.
    if (wakes.availablePermits() < threads.size()) {
      wakes.release(threads.size());
    }
  }

  private void run() {
    while (!closed) {
      try {
        if (!step()) {
          boolean unused = wakes.tryAcquire(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        }
      } catch (InterruptedException atTheEnd) {
        return;
      }
    }
  }

  private boolean step() throws InterruptedException {
    try {
      boolean found = work.doNext();
      said = false;
      return found;
    } catch (RuntimeException failed) {
      // Mostly a database that is away; once, or the log would be full of it.
      if (!said && !closed) {
        said = true;
        log.warn("notifications cannot be sent: {}", failed.getMessage());
      }
      return false;
    } catch (LinkageError | StackOverflowError failed) {
      // One piece of work must not end the thread, and with it all others.
      log.error("a notification cannot be sent", failed);
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    work.stop();
    wakes.release(threads.size());
    try {
      join(STOP_MILLIS);
      threads.forEach(Thread::interrupt);
      join(INTERRUPTED_MILLIS);
    } catch (InterruptedException e) {
      threads.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for all of them together. */
  private void join(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (Thread each : threads) {
      // Without an end, join(0) would wait for ever.
      each.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
    }
  }
}
