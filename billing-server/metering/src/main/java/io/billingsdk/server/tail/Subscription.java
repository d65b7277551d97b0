package io.billingsdk.server.tail;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one listener is shown. It keeps {@value #WAITING} items; who takes them too slowly loses the
 * newer ones and is told how many. To be closed. Items may come from any thread; one thread takes
 * them.
 */
public final class Subscription implements AutoCloseable {
  private static final int WAITING = 1_000;

  private final BlockingQueue<TailItem> waiting = new ArrayBlockingQueue<>(WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private final TailFilter filter;
  private final Consumer<Subscription> end;
  private volatile Runnable onItem = () -> {};

  Subscription(TailFilter filter, Consumer<Subscription> end) {
    this.filter = filter;
    this.end = end;
  }

  /** Has something run each time that there may be something new; it must not wait. */
  public void onItem(Runnable action) {
    onItem = action;
  }

  /**
   * The next item; null when none came for so long.
   *
   * @throws InterruptedException when the waiting thread is to stop
   */
  public @Nullable TailItem poll(Duration wait) throws InterruptedException {
    TailItem next = poll();
    return next == null ? waiting.poll(wait.toNanos(), TimeUnit.NANOSECONDS) : next;
  }

  /** The next item; null when there is none just now. */
  public @Nullable TailItem poll() {
    TailItem next = waiting.poll();
    if (next != null) {
      return next;
    }
    // After what came before it, and before what will come.
    long missing = lost.getAndSet(0);
    if (interrupted.getAndSet(false) || missing > 0) {
      return new TailItem.Lost(missing);
    }
    return null;
  }

  void offer(TailItem item) {
    if (item instanceof TailItem.Lost some) {
      lost.addAndGet(some.atLeast());
    } else if (filter.accepts(item) && !waiting.offer(item)) {
      lost.incrementAndGet();
    }
    onItem.run();
  }

  /** Something may have been missed, and nobody knows how much. */
  void interrupted() {
    interrupted.set(true);
    onItem.run();
  }

  /** Ends it. */
  @Override
  public void close() {
    end.accept(this);
  }
}
