package io.billingsdk.internal.link;

import io.reactivex.Scheduler;
import io.reactivex.disposables.Disposable;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A scheduler of RxJava that is made, with its threads, by its first task. Thread-safe. */
final class LazyScheduler extends Scheduler {
  private final Object lock = new Object();
  private final Callable<Scheduler> factory;

  /** Guarded by lock. */
  private @Nullable Scheduler made;

  LazyScheduler(Callable<Scheduler> factory) {
    this.factory = factory;
  }

  private Scheduler real() {
    synchronized (lock) {
      Scheduler real = made;
      if (real == null) {
        try {
          real = factory.call();
        } catch (RuntimeException failed) {
          throw failed;
        } catch (Exception failed) {
          throw new IllegalStateException(failed);
        }
        made = real;
      }
      return real;
    }
  }

  private @Nullable Scheduler ifMade() {
    synchronized (lock) {
      return made;
    }
  }

  @Override
  public Worker createWorker() {
    return real().createWorker();
  }

  @Override
  public Disposable scheduleDirect(Runnable task) {
    return real().scheduleDirect(task);
  }

  @Override
  public Disposable scheduleDirect(Runnable task, long delay, TimeUnit unit) {
    return real().scheduleDirect(task, delay, unit);
  }

  @Override
  public Disposable schedulePeriodicallyDirect(
      Runnable task, long initialDelay, long period, TimeUnit unit) {
    return real().schedulePeriodicallyDirect(task, initialDelay, period, unit);
  }

  @Override
  public void start() {
    Scheduler real = ifMade();
    if (real != null) {
      real.start();
    }
  }

  @Override
  public void shutdown() {
    Scheduler real = ifMade();
    if (real != null) {
      real.shutdown();
    }
  }
}
