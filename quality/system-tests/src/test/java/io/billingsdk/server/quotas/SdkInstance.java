package io.billingsdk.server.quotas;

import io.billingsdk.Admission;
import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.DenialReason;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Accepted;
import io.billingsdk.UsageEvent;
import io.billingsdk.WhenQuotaUnknown;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.keys.V2KeyFeed;
import io.billingsdk.internal.quotas.AdmissionMark;
import io.billingsdk.internal.quotas.LeaseWire;
import io.billingsdk.internal.quotas.QuotaKeeper;
import io.billingsdk.internal.quotas.UsageReporter;
import io.billingsdk.internal.time.RetrySchedule;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.LeaseGrant;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.StreamSecret;
import io.billingsdk.server.control.LeaseBridge;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.quotas.SimulatedTime.ProcessClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One process with the SDK's own code for quotas and rates, before a real server without a broker:
 * messages take a while, and a link that is down loses them.
 */
final class SdkInstance {
  private final String name;
  private final SimulatedTime time;
  private final LeaseBridge server;
  private final Map<String, SdkInstance> others;
  private final LongSupplier delayMillis;
  private final ProcessClock clock;
  private final UUID stream = UUID.randomUUID();
  private final List<AdmittedLane.Admitted> journal = new ArrayList<>();
  private final List<LeaseGrant> received = new ArrayList<>();
  private final QuotaKeeper quotas;
  private final Map<String, String> keyIds;
  private long seq;
  private long stored;
  private long arrivalNanos;
  private boolean up = true;

  /**
   * A process that is up.
   *
   * @param others by their names; it adds itself
   * @param delayMillis how long a message takes
   */
  SdkInstance(
      String name,
      SimulatedTime time,
      LeaseBridge server,
      Map<String, SdkInstance> others,
      LongSupplier delayMillis,
      List<KeyRecord> records,
      Map<String, String> keyIds) {
    this.name = name;
    this.time = time;
    this.server = server;
    this.others = others;
    this.delayMillis = delayMillis;
    this.keyIds = keyIds;
    this.clock = time.new ProcessClock();
    KeyTable keys = new KeyTable(clock, Duration.ofDays(375));
    this.quotas =
        new QuotaKeeper(
            WhenQuotaUnknown.deny(),
            keys,
            new Reporter(),
            new Wire(),
            clock,
            time,
            new RetrySchedule(Duration.ofSeconds(1), Duration.ofSeconds(15), () -> 0));
    others.put(name, this);
    V2KeyFeed feed =
        new V2KeyFeed(
            keys,
            clock,
            time,
            new RetrySchedule(Duration.ofDays(300), Duration.ofDays(300), () -> 0),
            () -> {},
            changes -> {});
    feed.up();
    feed.received(new KeyFeedMessage(true, 1, 0, 1, 1, records, 0).encode());
    quotas.line().up();
  }

  /** A key as the server's table has it. */
  static KeyRecord key(
      String id,
      String text,
      String app,
      KeyRecord.@Nullable Rate rate,
      List<KeyRecord.Quota> quotas) {
    return new KeyRecord(
        id, KeyRef.sha256(text), app, KeyRecord.Status.OK, null, 1, null, List.of(), rate, quotas);
  }

  String name() {
    return name;
  }

  UUID stream() {
    return stream;
  }

  ProcessClock clock() {
    return clock;
  }

  List<AdmittedLane.Admitted> journal() {
    return journal;
  }

  /** It is gone without a word. */
  void kill() {
    up = false;
    others.remove(name);
  }

  Admission admit(String apiKey, long estimate) {
    return quotas.admit(apiKey, UsageEvent.of(apiKey, "llm", "m", estimate));
  }

  /** Asks until it is let in, or the quota is used up; null for that. */
  @Nullable Admitted admitted(String apiKey, long estimate) {
    for (int i = 0; i < 100; i++) {
      Admission answer = admit(apiKey, estimate);
      if (answer instanceof Admitted call) {
        return call;
      }
      if (((Refused) answer).reason() == DenialReason.QUOTA_EXCEEDED) {
        return null;
      }
      time.advance(Duration.ofMillis(100));
    }
    return null;
  }

  /** Uses one unit after the other until it is refused; how many. */
  long useAll(String apiKey) {
    long used = 0;
    for (Admitted call = admitted(apiKey, 1); call != null; call = admitted(apiKey, 1)) {
      used += call.settle(BigDecimal.ONE).accepted() ? 1 : 0;
    }
    return used;
  }

  /** All grants that have come come again. */
  void replayGrants() {
    List.copyOf(received).forEach(each -> time.execute(() -> quotas.line().granted(each)));
    time.advance(Duration.ofMillis(50));
  }

  void deliver(AdmittedLane lane) throws Exception {
    var unused = lane.store(journal.subList((int) stored, journal.size()));
    stored = journal.size();
  }

  private void arrive(LeaseGrant grant) {
    received.add(grant);
    quotas.line().granted(grant);
  }

  /** Messages overtake none on their way to one instance. */
  private void send(LeaseGrant grant) {
    arrivalNanos =
        Math.max(arrivalNanos, time.nanos() + Duration.ofMillis(delayMillis.getAsLong()).toNanos());
    var unused =
        time.schedule(
            () -> {
              if (up) {
                arrive(grant);
              }
            },
            Duration.ofNanos(arrivalNanos - time.nanos()));
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
      return seq;
    }

    @Override
    public boolean settledUpTo(long mark) {
      return stored >= mark;
    }

    @Override
    public void send(byte[] request, Answered onAnswer) {
      var unused =
          time.schedule(
              () -> {
                if (up) {
                  answer(request);
                }
              },
              Duration.ofMillis(delayMillis.getAsLong()));
    }

    private void answer(byte[] request) {
      try {
        server
            .ask(name, request)
            .forEach(
                (instance, grant) -> {
                  SdkInstance to = others.get(instance);
                  if (to != null) {
                    to.send(grant);
                  }
                });
      } catch (MalformedMessageException malformed) {
        throw new AssertionError("a request is malformed", malformed);
      }
    }
  }

  private final class Reporter implements UsageReporter {
    @Override
    public ReportOutcome report(
        UsageEvent event, AdmissionMark mark, @Nullable CompletableFuture<Void> durable) {
      BigDecimal usage = event.usage();
      if (usage == null || !Bounds.isQuantity(usage)) {
        return ReportOutcome.Rejected.of(RejectionReason.INVALID, "usage", "out of bounds");
      }
      long at = mark.atMillis() == 0 ? clock.wallMillis() : mark.atMillis();
      journal.add(
          new AdmittedLane.Admitted(
              stream,
              name,
              ++seq,
              String.valueOf(keyIds.get(String.valueOf(event.apiKey()))),
              usage,
              Instant.ofEpochMilli(at),
              mark.epochs()));
      return Accepted.of(stream, seq);
    }

    @Override
    public CompletableFuture<Accepted> durably(
        Function<CompletableFuture<Void>, ReportOutcome> action) {
      throw new UnsupportedOperationException();
    }
  }
}
