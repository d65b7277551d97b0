package io.billingsdk.benchmarks.quotas;

import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Accepted;
import io.billingsdk.UsageEvent;
import io.billingsdk.WhenQuotaUnknown;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.keys.V2KeyFeed;
import io.billingsdk.internal.quotas.AdmissionMark;
import io.billingsdk.internal.quotas.LeaseWire;
import io.billingsdk.internal.quotas.QuotaKeeper;
import io.billingsdk.internal.quotas.UsageReporter;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.RetrySchedule;
import io.billingsdk.internal.time.SerialScheduler;
import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.LeaseGrant;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.StreamSecret;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A key with a quota of its own and one of its customer, leased by a billing system that answers at
 * once. Events end where they are offered to the journal: that has benchmarks of its own.
 */
final class LeasedKey {
  static final String KEY = "sk-benchmark";

  private static final UUID STREAM = new UUID(1, 2);
  private static final Accepted ACCEPTED = Accepted.of(STREAM, 1);
  private static final BigDecimal MUCH = BigDecimal.valueOf(1L << 50);

  private final SerialScheduler scheduler =
      new SerialScheduler(
          "billing-delivery", LoggerFactory.getLogger(LeasedKey.class), new Faults());
  private final KeyTable keys = new KeyTable(Clock.system(), Duration.ofDays(1));
  private final QuotaKeeper quotas =
      new QuotaKeeper(
          WhenQuotaUnknown.deny(),
          keys,
          new Swallow(),
          new Generous(),
          Clock.system(),
          scheduler,
          new RetrySchedule(Duration.ofSeconds(1), Duration.ofSeconds(15), () -> 0));

  QuotaKeeper quotas() {
    return quotas;
  }

  void start() {
    V2KeyFeed feed =
        new V2KeyFeed(
            keys,
            Clock.system(),
            scheduler,
            new RetrySchedule(Duration.ofDays(1), Duration.ofDays(1), () -> 0),
            () -> {},
            changes -> {});
    feed.up();
    feed.received(new KeyFeedMessage(true, 1, 0, 1, 1, List.of(record()), 0).encode());
    scheduler.execute(quotas.line()::up);
  }

  void stop() {
    scheduler.shutdown(Duration.ofSeconds(1));
  }

  private static KeyRecord record() {
    return new KeyRecord(
        "k-1",
        KeyRef.sha256(KEY),
        "app",
        KeyRecord.Status.OK,
        null,
        1,
        null,
        List.of("m"),
        null,
        List.of(quota("calls", "customer-calls"), quota("usage", "key-usage")));
  }

  private static KeyRecord.Quota quota(String meter, String id) {
    return new KeyRecord.Quota(meter, MUCH, BigDecimal.ZERO, null, /* overage= */ false, id);
  }

  private final class Generous implements LeaseWire {
    @Override
    public UUID stream() {
      return STREAM;
    }

    @Override
    public @Nullable StreamSecret secret(UUID stream) {
      return null;
    }

    @Override
    public long mark() {
      return 0;
    }

    @Override
    public boolean settledUpTo(long mark) {
      return true;
    }

    @Override
    public void send(byte[] request, Answered onAnswer) {
      try {
        LeaseRequest asked = LeaseRequest.decode(request);
        LeaseGrant grant =
            new LeaseGrant(
                asked.number(),
                STREAM,
                STREAM,
                asked.asks().stream().map(each -> lease(each.quota())).toList(),
                List.of());
        scheduler.execute(() -> quotas.line().granted(grant));
      } catch (MalformedMessageException malformed) {
        throw new IllegalStateException(malformed);
      }
    }

    private LeaseGrant.Lease lease(String quota) {
      return new LeaseGrant.Lease(
          quota, "e-" + quota, MUCH, 3_600_000, 0, 1L << 45, MUCH, MUCH, null, 0);
    }
  }

  private static final class Swallow implements UsageReporter {
    @Override
    public ReportOutcome report(
        UsageEvent event, AdmissionMark mark, @Nullable CompletableFuture<Void> durable) {
      return ACCEPTED;
    }

    @Override
    public CompletableFuture<Accepted> durably(
        Function<CompletableFuture<Void>, ReportOutcome> action) {
      return CompletableFuture.completedFuture((Accepted) action.apply(new CompletableFuture<>()));
    }
  }
}
