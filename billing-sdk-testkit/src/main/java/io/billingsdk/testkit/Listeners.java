package io.billingsdk.testkit;

import io.billingsdk.BillingListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who hears of what happens in a {@link TestBilling}. Thread-safe. */
final class Listeners {
  private static final Logger log = LoggerFactory.getLogger(TestBilling.class);

  private final List<BillingListener> all = new CopyOnWriteArrayList<>();

  void add(BillingListener listener) {
    if (!all.contains(listener)) {
      all.add(listener);
    }
  }

  void remove(BillingListener listener) {
    all.remove(listener);
  }

  /** Calls all, on this thread. An exception of one is logged, and the others are called. */
  void tell(Consumer<BillingListener> news) {
    for (BillingListener each : all) {
      try {
        news.accept(each);
      } catch (RuntimeException thrown) {
        log.warn("a billing listener threw an exception", thrown);
      }
    }
  }
}
