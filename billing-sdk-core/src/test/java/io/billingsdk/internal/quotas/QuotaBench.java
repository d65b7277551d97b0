package io.billingsdk.internal.quotas;

import io.billingsdk.Admission;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.WhenQuotaUnknown;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.keys.V2KeyFeed;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.internal.time.ManualScheduler;
import io.billingsdk.internal.time.RetrySchedule;
import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.StreamSecret;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Quotas with everything around them in the hands of the test: time, wire, journal and keys. */
final class QuotaBench {
  static final String KEY = "sk-one";
  static final String OTHER = "sk-other";

  final ManualClock clock = new ManualClock();
  final ManualScheduler scheduler = new ManualScheduler(clock);
  final LeaseServer server = new LeaseServer(clock);
  final List<LeaseRequest> requests = new ArrayList<>();
  final List<Reported> reported = new ArrayList<>();
  final QuotaKeeper quotas;

  /** Whether answers come. */
  boolean answering = true;

  /** Whether events are stored at once; false: they wait in the journal. */
  boolean delivering = true;

  /** What goes wrong, to see that somebody notices. */
  PlantedQuotaBug bug = PlantedQuotaBug.NONE;

  boolean forbidden;
  @Nullable RejectionReason rejecting;

  /** Events that the journal does not take. */
  Predicate<UsageEvent> faulty = event -> event.usage() == null || event.usage().signum() < 0;

  UUID stream = new UUID(9, 9);

  private final KeyTable keys = new KeyTable(clock, Duration.ofDays(375));
  private final V2KeyFeed feed =
      new V2KeyFeed(
          keys,
          clock,
          scheduler,
          new RetrySchedule(Duration.ofDays(300), Duration.ofDays(300), () -> 0),
          () -> {},
          changes -> {});
  private final List<KeyRecord.Quota> quotaTerms = new ArrayList<>();
  private long version;
  private int delivered;

  /** An event that went to the journal. */
  record Reported(UsageEvent event, AdmissionMark mark) {}

  QuotaBench() {
    this(WhenQuotaUnknown.deny());
  }

  QuotaBench(WhenQuotaUnknown whenUnknown) {
    quotas =
        new QuotaKeeper(
            whenUnknown,
            keys,
            new Reporter(),
            new Wire(),
            clock,
            scheduler,
            new RetrySchedule(Duration.ofSeconds(1), Duration.ofSeconds(8), () -> 0));
    feed.up();
  }

  /** Both keys have the quota, if {@code shared}; only the first otherwise. */
  QuotaBench quota(String id, String meter, long limit, boolean overage) {
    server.quota(id, limit);
    return terms(id, meter, limit, overage);
  }

  QuotaBench hard(String id, String meter, long limit) {
    return quota(id, meter, limit, /* overage= */ false);
  }

  QuotaBench terms(String id, String meter, long limit, boolean overage) {
    quotaTerms.add(
        new KeyRecord.Quota(meter, BigDecimal.valueOf(limit), BigDecimal.ZERO, null, overage, id));
    return this;
  }

  /** Both keys are known, with all quotas so far. */
  QuotaBench keys(KeyRecord.@Nullable Rate rate, String... models) {
    version++;
    feed.received(
        new KeyFeedMessage(
                true,
                version,
                0,
                1,
                1,
                List.of(record(KEY, rate, models), record(OTHER, null, models)),
                0)
            .encode());
    return this;
  }

  private KeyRecord record(String key, KeyRecord.@Nullable Rate rate, String... models) {
    return new KeyRecord(
        key.replace("sk-", "k-"),
        KeyRef.sha256(key),
        "app",
        KeyRecord.Status.OK,
        null,
        version,
        null,
        List.of(models),
        rate,
        quotaTerms);
  }

  QuotaBench up() {
    quotas.line().up();
    scheduler.run();
    return this;
  }

  Admission admit() {
    Admission admission = quotas.admit(KEY, null);
    scheduler.run();
    return admission;
  }

  Admission admit(UsageEvent estimate) {
    Admission admission = quotas.admit(estimate.apiKey(), estimate);
    scheduler.run();
    return admission;
  }

  /** Asks until the lease is here. */
  Admission.Admitted admitted(UsageEvent estimate) {
    Admission admission = admit(estimate);
    if (admission instanceof Admission.Refused) {
      scheduler.advance(Duration.ofMillis(100));
      admission = admit(estimate);
    }
    if (admission instanceof Admission.Admitted admitted) {
      return admitted;
    }
    throw new AssertionError("refused: " + admission);
  }

  static UsageEvent event(String key, long usage) {
    return UsageEvent.of(key, "llm", "m", usage);
  }

  static UsageEvent event(long usage) {
    return event(KEY, usage);
  }

  /** What waits in the journal is stored. */
  void deliver() {
    for (; delivered < reported.size(); delivered++) {
      Reported each = reported.get(delivered);
      for (KeyRecord.Quota quota : quotaTerms) {
        server.store(
            String.valueOf(quota.id()),
            MeterValues.used(quota.meter(), each.event()),
            each.mark().epochs(),
            each.mark().atMillis() == 0 ? clock.wallMillis() : each.mark().atMillis());
      }
    }
  }

  List<LeaseRequest> newRequests() {
    List<LeaseRequest> taken = List.copyOf(requests);
    requests.clear();
    return taken;
  }

  LeaseRequest lastRequest() {
    return requests.get(requests.size() - 1);
  }

  void answer(LeaseRequest request) {
    quotas.line().granted(bug.of(server.answer(request)));
    scheduler.run();
  }

  private final class Wire implements LeaseWire {
    @Override
    public UUID stream() {
      return stream;
    }

    @Override
    public @Nullable StreamSecret secret(UUID of) {
      return null;
    }

    @Override
    public long mark() {
      return reported.size();
    }

    @Override
    public boolean settledUpTo(long mark) {
      return bug == PlantedQuotaBug.DONE_TOO_EARLY || delivered >= mark;
    }

    @Override
    public void send(byte[] bytes, Answered onAnswer) {
      LeaseRequest request;
      try {
        request = LeaseRequest.decode(bytes);
      } catch (MalformedMessageException malformed) {
        throw new AssertionError("a request is malformed", malformed);
      }
      request = bug.of(request);
      requests.add(request);
      LeaseRequest said = request;
      boolean isForbidden = forbidden;
      scheduler.execute(() -> onAnswer.accept(isForbidden, "not authorized"));
      if (answering) {
        scheduler.execute(() -> quotas.line().granted(bug.of(server.answer(said))));
      }
    }
  }

  private final class Reporter implements UsageReporter {
    @Override
    public synchronized ReportOutcome report(
        UsageEvent event, AdmissionMark mark, @Nullable CompletableFuture<Void> durable) {
      RejectionReason why = rejecting;
      if (why == null && faulty.test(event)) {
        why = RejectionReason.INVALID;
      }
      if (why != null) {
        return ReportOutcome.Rejected.of(why, "usage", "rejected by the test");
      }
      for (int i = 0; i < bug.copies(); i++) {
        reported.add(new Reported(event, bug.of(mark)));
      }
      if (durable != null) {
        durable.complete(null);
      }
      if (delivering) {
        deliver();
      }
      return ReportOutcome.Accepted.of(stream, reported.size());
    }

    @Override
    public CompletableFuture<ReportOutcome.Accepted> durably(
        Function<CompletableFuture<Void>, ReportOutcome> action) {
      ReportOutcome outcome = action.apply(new CompletableFuture<>());
      return outcome instanceof ReportOutcome.Accepted accepted
          ? CompletableFuture.completedFuture(accepted)
          : CompletableFuture.failedFuture(new IllegalStateException(outcome.toString()));
    }
  }
}
