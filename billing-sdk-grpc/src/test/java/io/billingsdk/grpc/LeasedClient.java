package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import io.billingsdk.Admission;
import io.billingsdk.Admission.Admitted;
import io.billingsdk.Caller;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision;
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
import io.billingsdk.protocol.LeaseGrant.Refusal;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.protocol.LeaseRequest.Ask;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.StreamSecret;
import io.billingsdk.testbed.Await;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * One key with hard quotas, admitted by the code of the SDK itself; a billing system that leases
 * everything to this one process at once.
 */
final class LeasedClient extends ForwardingClient {
  static final String KEY = "good";
  static final String MODEL = "plain";

  private static final UUID STREAM = new UUID(1, 2);
  private static final long END_MILLIS = 1L << 45;

  private final TableClient table;
  private final Map<String, BigDecimal> limits = new TreeMap<>();
  private final KeyTable keys = new KeyTable(Clock.system(), Duration.ofDays(1));
  private final SerialScheduler scheduler =
      new SerialScheduler(
          "billing-delivery", LoggerFactory.getLogger(LeasedClient.class), new Faults());
  private final QuotaKeeper quotas =
      new QuotaKeeper(
          WhenQuotaUnknown.deny(),
          keys,
          new Reporter(),
          new Wire(),
          Clock.system(),
          scheduler,
          new RetrySchedule(Duration.ofSeconds(1), Duration.ofSeconds(15), () -> 0));

  /** Events that went past their admission. */
  private final AtomicInteger outside = new AtomicInteger();

  /**
   * Ready when this returns.
   *
   * @param limits by meter
   */
  LeasedClient(Map<String, Long> limits) {
    this(new TableClient(), limits);
  }

  private LeasedClient(TableClient table, Map<String, Long> limits) {
    super(table);
    this.table = table;
    limits.forEach((meter, limit) -> this.limits.put(meter, BigDecimal.valueOf(limit)));
    table.decide(KEY, KeyDecision.Allowed.of(Caller.of(KEY, "k-1", "app-1")));
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
    UsageEvent nothing = event();
    Await.until(
        () -> {
          Admission answer = quotas.admit(KEY, nothing);
          if (answer instanceof Admitted admitted) {
            admitted.close();
          }
          return answer instanceof Admitted;
        });
  }

  /** Of everything that has a quota nothing. */
  private UsageEvent event() {
    UsageEvent event = UsageEvent.of(KEY, "echo", MODEL, 0);
    for (String meter : limits.keySet()) {
      if (!meter.equals("calls") && !meter.equals("usage")) {
        event = event.quantity(meter, 0);
      }
    }
    return event;
  }

  private KeyRecord record() {
    List<KeyRecord.Quota> all =
        limits.entrySet().stream()
            .map(
                each ->
                    new KeyRecord.Quota(
                        each.getKey(),
                        each.getValue(),
                        BigDecimal.ZERO,
                        null,
                        /* overage= */ false,
                        each.getKey()))
            .toList();
    return new KeyRecord(
        "k-1",
        KeyRef.sha256(KEY),
        "app-1",
        KeyRecord.Status.OK,
        null,
        1,
        null,
        List.of(),
        null,
        all);
  }

  TableClient table() {
    return table;
  }

  int outside() {
    return outside.get();
  }

  /** How much of each lease is used or set aside, by meter, at the latest when no call is open. */
  Map<String, BigDecimal> taken() {
    Map<String, BigDecimal> taken = new TreeMap<>();
    try (Admitted probe = (Admitted) quotas.admit(KEY, null)) {
      for (Entitlements.Quota each : probe.quotas()) {
        BigDecimal own = each.meter().equals("calls") ? BigDecimal.ONE : BigDecimal.ZERO;
        taken.put(each.meter(), each.used().subtract(own).stripTrailingZeros());
      }
    }
    return taken;
  }

  void stop() {
    scheduler.shutdown(Duration.ofSeconds(5));
  }

  @Override
  public Admission admit(@Nullable String apiKey) {
    return KEY.equals(apiKey) ? quotas.admit(apiKey, null) : super.admit(apiKey);
  }

  @Override
  public ReportOutcome report(@Nullable UsageEvent event) {
    outside.incrementAndGet();
    return table.report(event);
  }

  private final class Wire implements LeaseWire {
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
                asked.asks().stream().map(this::lease).toList(),
                List.of());
        scheduler.execute(() -> quotas.line().granted(grant));
      } catch (MalformedMessageException malformed) {
        throw new IllegalStateException(malformed);
      }
    }

    private LeaseGrant.Lease lease(Ask ask) {
      BigDecimal all = requireNonNull(limits.get(ask.quota()));
      boolean exhausted = all.subtract(ask.spent()).compareTo(ask.want()) < 0;
      return new LeaseGrant.Lease(
          ask.quota(),
          "e-" + ask.quota(),
          all,
          3_600_000,
          0,
          END_MILLIS,
          all,
          all,
          exhausted ? Refusal.EXHAUSTED : null,
          exhausted ? 60_000 : 0);
    }
  }

  private final class Reporter implements UsageReporter {
    @Override
    public ReportOutcome report(
        UsageEvent event, AdmissionMark mark, @Nullable CompletableFuture<Void> durable) {
      return table.report(event);
    }

    @Override
    public CompletableFuture<Accepted> durably(
        Function<CompletableFuture<Void>, ReportOutcome> action) {
      return CompletableFuture.completedFuture((Accepted) action.apply(new CompletableFuture<>()));
    }
  }
}
