package io.billingsdk.server.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that work for requests, apart from those of Jetty, which never wait. Each kind of
 * work has its own, so that none of it holds up another: least of all the health of the server.
 */
final class Pools implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Pools.class);

  private static final int HEALTH = 2;
  private static final int OPEN = 4;
  private static final int SIGNED = 4;
  private static final int HOLDERS = 8;
  private static final int ADMISSION = 8;
  private static final int WORK = 48;
  private static final int LINES = 16;
  private static final int WATCHING = 2;
  private static final int WAITING = 1_000;
  private static final int LINES_WAITING = 100_000;
  private static final long KEPT_SECONDS = 30;

  private final ThreadPoolExecutor health = pool("health", HEALTH, WAITING);
  private final ThreadPoolExecutor open = pool("open", OPEN, WAITING);
  private final ThreadPoolExecutor signed = pool("signed", SIGNED, WAITING);
  private final ThreadPoolExecutor holders = pool("holders", HOLDERS, WAITING);
  private final ThreadPoolExecutor admission = pool("admission", ADMISSION, WAITING);
  private final ThreadPoolExecutor work = pool("work", WORK, WAITING);
  private final ThreadPoolExecutor lines = pool("lines", LINES, LINES_WAITING);
  private final ThreadPoolExecutor watching = pool("watching", WATCHING, LINES_WAITING);
  private final ScheduledThreadPoolExecutor clock = clock();

  private static ThreadPoolExecutor pool(String name, int threads, int waiting) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            KEPT_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(waiting),
            task -> daemon(task, "billing-http-" + name + "-" + number.incrementAndGet()));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ScheduledThreadPoolExecutor clock() {
    ScheduledThreadPoolExecutor made =
        new ScheduledThreadPoolExecutor(1, task -> daemon(task, "billing-http-clock"));
    made.setRemoveOnCancelPolicy(true);
    return made;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Of a route that needs no token. */
  Executor open(Route route) {
    if (route.waitsForNothing()) {
      // Whether the process lives must be said also when nothing else can be.
      return Runnable::run;
    }
    return route.isHealth() ? health : open;
  }

  /** That take what other servers have signed: a flood of it holds up nobody else. */
  Executor signed() {
    return signed;
  }

  /** That answer who has a token of a feature: visitors hold up neither webhooks nor operators. */
  Executor holders() {
    return holders;
  }

  /** That look for tokens. */
  Executor admission() {
    return admission;
  }

  /** That do what a caller who is known asks for. */
  Executor work() {
    return work;
  }

  /** That store what has come on a request that lasts. */
  Executor lines() {
    return lines;
  }

  /** That show what happens to who watches: not held up by what waits for the database. */
  Executor watching() {
    return watching;
  }

  /** Does something by one of them; false when too much waits for it, or the server stops. */
  static boolean run(Executor pool, Runnable task) {
    try {
      pool.execute(task);
      return true;
    } catch (RejectedExecutionException full) {
      return false;
    }
  }

  /** Does something short once. */
  Future<?> after(Duration wait, Runnable task) {
    return clock.schedule(safe(task), wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Does something short again and again. */
  Future<?> every(Duration pause, Runnable task) {
    return clock.scheduleWithFixedDelay(
        safe(task), pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** One that fails would else silently be the last one. */
  private static Runnable safe(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException failed) {
        log.error("a periodic task of the HTTP API failed", failed);
      }
    };
  }

  @Override
  public void close() {
    for (ThreadPoolExecutor each :
        List.of(health, open, signed, holders, admission, work, lines, watching)) {
      var unused = each.shutdownNow();
    }
    var unused = clock.shutdownNow();
  }
}
