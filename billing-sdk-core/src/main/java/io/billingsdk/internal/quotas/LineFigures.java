package io.billingsdk.internal.quotas;

import io.billingsdk.ClientStatus;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How the requests of a {@link LeaseLine} fare, for those who look on. Thread-safe. */
final class LineFigures {
  private final LongAdder requests = new LongAdder();
  private final LongAdder unanswered = new LongAdder();
  private volatile @Nullable Instant waitingSince;

  /** A request is sent for the first time. */
  void asked(long wallMillis) {
    requests.increment();
    waitingSince = Instant.ofEpochMilli(wallMillis);
  }

  /** It has no answer in time, or the broker forbids it. */
  void failed() {
    unanswered.increment();
  }

  /** Its answer has come, or nobody waits for one. */
  void over() {
    waitingSince = null;
  }

  ClientStatus.Quotas on(ClientStatus.Quotas quotas) {
    return quotas.withRequests(requests.sum(), unanswered.sum(), waitingSince);
  }
}
