package io.billingsdk.internal.client;

import io.billingsdk.BillingListener;
import io.billingsdk.internal.LoggerNames;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of a client, called on an executor of their own, one call after the other. */
final class Listeners {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CLIENT);

  private final List<BillingListener> listeners = new CopyOnWriteArrayList<>();
  private final Executor executor;

  Listeners(Executor executor) {
    this.executor = executor;
  }

  void add(BillingListener listener) {
    if (!listeners.contains(listener)) {
      listeners.add(listener);
    }
  }

  void remove(BillingListener listener) {
    listeners.remove(listener);
  }

  void tell(Consumer<BillingListener> call) {
    if (!listeners.isEmpty()) {
      executor.execute(() -> listeners.forEach(listener -> tellOne(listener, call)));
    }
  }

  private static void tellOne(BillingListener listener, Consumer<BillingListener> call) {
    try {
      call.accept(listener);
    } catch (Throwable thrown) {
      // One failing listener must not keep the others from their notice; one that was compiled
      // against another version fails with an Error.
      log.warn("a billing listener failed", thrown);
    }
  }
}
