package io.billingsdk.server.db;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What metrics show of the database: asked for when somebody looks, at most once in a few seconds,
 * on a thread of its own. Nobody waits for it longer than {@value #PATIENCE_MILLIS} ms, so that a
 * database that is away does not hold up the other metrics. Thread-safe.
 */
public final class Sampled<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sampled.class);

  static final long PATIENCE_MILLIS = 500;

  private final Callable<T> look;
  private final long freshNanos;
  private final ExecutorService thread;

  // Guarded by this: the last look, which may be under way, and when it began.
  private @Nullable CompletableFuture<@Nullable T> last;
  private long begunNanos;

  /**
   * Looks for the first time when it is asked.
   *
   * @param name of the thread
   * @param fresh how long an answer is good
   */
  public Sampled(String name, Duration fresh, Callable<T> look) {
    this.look = look;
    this.freshNanos = fresh.toNanos();
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
  }

  /** What the last look has found; null when it failed, or is not over in time. */
  public @Nullable T value() {
    CompletableFuture<@Nullable T> asked;
    long left;
    synchronized (this) {
      CompletableFuture<@Nullable T> known = last;
      long now = System.nanoTime();
      if (known == null || (known.isDone() && now - begunNanos >= freshNanos)) {
        known = CompletableFuture.supplyAsync(this::find, thread);
        last = known;
        begunNanos = now;
      }
      asked = known;
      // From its beginning: one that hangs does not hold up each figure once more.
      left = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS) - (System.nanoTime() - begunNanos);
    }
    try {
      return asked.get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException unknown) {
      return null;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private @Nullable T find() {
    try {
      return look.call();
    } catch (Exception failed) {
      log.debug("figures of the database cannot be read: {}", failed.getMessage());
      return null;
    }
  }

  /** Nobody looks from now on. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
