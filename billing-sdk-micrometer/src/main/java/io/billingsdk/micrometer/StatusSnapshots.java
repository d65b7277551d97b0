package io.billingsdk.micrometer;

import io.billingsdk.BillingClient;
import io.billingsdk.ClientStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Pictures of a client, each of them for a moment. A scrape reads some thirty numbers: without this
 * each would be of another picture, and what was accepted would not be the sum of its parts.
 */
final class StatusSnapshots {
  private static final long VALID_NANOS = Duration.ofMillis(100).toNanos();

  private final Supplier<Optional<BillingClient>> client;
  private final LongSupplier nanoTime;

  private volatile @Nullable Snapshot last;

  private record Snapshot(@Nullable ClientStatus status, long takenNanos) {}

  StatusSnapshots(Supplier<Optional<BillingClient>> client, LongSupplier nanoTime) {
    this.client = client;
    this.nanoTime = nanoTime;
  }

  /** A picture that is at most 100 ms old; null while there is no client. */
  @Nullable ClientStatus now() {
    long nowNanos = nanoTime.getAsLong();
    Snapshot recent = last;
    if (recent == null || nowNanos - recent.takenNanos() > VALID_NANOS) {
      recent = new Snapshot(client.get().map(BillingClient::status).orElse(null), nowNanos);
      last = recent;
    }
    return recent.status();
  }
}
