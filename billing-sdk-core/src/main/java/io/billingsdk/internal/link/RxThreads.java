package io.billingsdk.internal.link;

import io.reactivex.Scheduler;
import io.reactivex.functions.Function;
import io.reactivex.plugins.RxJavaPlugins;
import io.reactivex.schedulers.Schedulers;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps RxJava from beginning threads that nobody uses and that never end: two are begun when its
 * class {@code Schedulers} is initialised, as the MQTT library does, and hold its class loader for
 * good. Its schedulers are made here so that each begins its threads with its first task; a host
 * that uses them sees no difference. What the host has set, or initialised before, stays as it is.
 */
final class RxThreads {
  private static boolean prepared;

  private RxThreads() {}

  /** To be called before the MQTT library is used. Does it once. */
  static synchronized void prepare() {
    if (prepared) {
      return;
    }
    prepared = true;
    boolean together = Schedulers.class.getClassLoader() == RxThreads.class.getClassLoader();
    // In a loader above ours, its schedulers would hold on to ours.
    if (together && !RxJavaPlugins.isLockdown()) {
      withLazySchedulers(Schedulers::trampoline);
    }
  }

  /** The handlers are asked for a scheduler once, when the class is initialised. */
  private static void withLazySchedulers(Runnable initialise) {
    Runnable undo =
        undo(
            lazily(
                RxJavaPlugins::getInitComputationSchedulerHandler,
                RxJavaPlugins::setInitComputationSchedulerHandler),
            lazily(
                RxJavaPlugins::getInitIoSchedulerHandler, RxJavaPlugins::setInitIoSchedulerHandler),
            lazily(
                RxJavaPlugins::getInitNewThreadSchedulerHandler,
                RxJavaPlugins::setInitNewThreadSchedulerHandler),
            lazily(
                RxJavaPlugins::getInitSingleSchedulerHandler,
                RxJavaPlugins::setInitSingleSchedulerHandler));
    try {
      initialise.run();
    } finally {
      undo.run();
    }
  }

  private static Runnable undo(Runnable... each) {
    return () -> {
      for (Runnable one : each) {
        one.run();
      }
    };
  }

  /** Sets a handler where the host has none; the result removes it. */
  private static Runnable lazily(
      Supplier<@Nullable Function<? super Callable<Scheduler>, ? extends Scheduler>> present,
      Consumer<@Nullable Function<? super Callable<Scheduler>, ? extends Scheduler>> set) {
    if (present.get() != null) {
      return () -> {};
    }
    set.accept(LazyScheduler::new);
    return () -> set.accept(null);
  }
}
