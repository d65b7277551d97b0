package io.billingsdk.internal.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.Protocol;
import io.billingsdk.WhenQuotaUnknown;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.delivery.DeliveryObserver;
import io.billingsdk.internal.delivery.DeliverySettings;
import io.billingsdk.internal.delivery.EventDelivery;
import io.billingsdk.internal.delivery.StreamSecrets;
import io.billingsdk.internal.journal.MemoryJournal;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.keys.V1KeyFeed;
import io.billingsdk.internal.keys.V2KeyFeed;
import io.billingsdk.internal.link.BrokerLink;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.LinkObserver;
import io.billingsdk.internal.link.OutgoingMessage;
import io.billingsdk.internal.link.PublishResult;
import io.billingsdk.internal.quotas.LeaseLine;
import io.billingsdk.internal.quotas.QuotaKeeper;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.internal.time.ManualScheduler;
import io.billingsdk.internal.time.RetrySchedule;
import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyUpdate;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A session with everything around it in the hands of the test. */
final class ProtocolSessionBench {
  static final V1Topics V1 = V1Topics.under("billing");
  static final V2Topics V2 = V2Topics.under("billing");
  private static final LinkLimits LIMITS = new LinkLimits(100, 1 << 20);

  final ManualClock clock = new ManualClock();
  final ManualScheduler scheduler = new ManualScheduler(clock);
  final MemoryJournal journal = new MemoryJournal(1 << 20);
  final KeyTable keys = new KeyTable(clock, Duration.ofMinutes(5));
  final StatusBoard board = new StatusBoard("broker:8883", clock, () -> {});
  final Negotiation negotiation;
  final ProtocolSession session;

  /** What was done, in its order: topics, {@code beat}, {@code ask v1}, {@code ask v2} … */
  final List<String> done = new ArrayList<>();

  ProtocolSessionBench(Protocol setting) {
    negotiation = new Negotiation(setting, V1, V2, "i");
    BrokerLink link = new RecordingLink();
    RetrySchedule retry = new RetrySchedule(Duration.ofSeconds(10), Duration.ofMinutes(1), () -> 0);
    EventDelivery delivery =
        new EventDelivery(
            new DeliverySettings(
                V1.report(),
                V2.usage("i"),
                100,
                1 << 20,
                Duration.ofSeconds(30),
                retry,
                retry,
                retry,
                StreamSecrets.NONE),
            journal,
            link,
            clock,
            scheduler,
            new Observer());
    journal.onAvailable(delivery::wake);
    session =
        new ProtocolSession(
            V1,
            V2,
            negotiation,
            () -> done.add("remember"),
            scheduler,
            new ProtocolSession.Parts(
                link,
                delivery,
                new Heartbeat(scheduler, Duration.ofSeconds(10), () -> done.add("beat")),
                new V1KeyFeed(keys, scheduler, retry, () -> done.add("ask v1"), changes -> {}),
                new V2KeyFeed(
                    keys, clock, scheduler, retry, () -> done.add("ask v2"), changes -> {}),
                leases(link)),
            board);
    session.begin();
  }

  private LeaseLine leases(BrokerLink link) {
    return new QuotaKeeper(
            WhenQuotaUnknown.deny(),
            keys,
            new AdmittedReports(
                new Intake(journal, keys, clock, () -> Protocol.V2, new Faults()),
                new DurableReports(scheduler, new Faults())),
            new LeaseTransport(journal, link, StreamSecrets.NONE, new ClientTopics("i", V1, V2)),
            clock,
            scheduler,
            new RetrySchedule(Duration.ofSeconds(1), Duration.ofSeconds(15), () -> 0))
        .line();
  }

  void up() {
    session.up(LIMITS);
    scheduler.run();
  }

  void presence(boolean online) {
    receive(V2.collector(), Presence.of(online).encode());
  }

  void keyUpdate(int protocol) {
    receive(
        V1.keysUpdate(),
        V1Codec.encodeKeyUpdate(new KeyUpdate(clock.wallMillis(), protocol, List.of(), 0)));
  }

  void snapshot(String topic) {
    receive(topic, new KeyFeedMessage(true, 3, 0, 1, 1, List.of(), 0).encode());
  }

  void receive(String topic, byte[] payload) {
    session.received(topic, payload);
    scheduler.run();
  }

  void report() {
    var unused = journal.append("{\"api_key\":\"sk\",\"usage\":1,\"timestamp\":2}".getBytes(UTF_8));
    scheduler.advance(Duration.ofMillis(50));
  }

  /** What was done since the last call. */
  List<String> newlyDone() {
    List<String> taken = List.copyOf(done);
    done.clear();
    return taken;
  }

  private final class RecordingLink implements BrokerLink {
    @Override
    public void start(LinkObserver observer) {}

    @Override
    public void publish(OutgoingMessage message, Consumer<PublishResult> callback) {
      done.add(message.topic());
    }

    @Override
    public void reconnect(String why) {
      done.add("reconnect");
      session.down();
    }

    @Override
    public CompletableFuture<Void> close() {
      return CompletableFuture.completedFuture(null);
    }
  }

  private final class Observer implements DeliveryObserver {
    @Override
    public void holding(ProblemKind kind, String why) {
      board.hindered(kind, why);
    }

    @Override
    public void delivering() {
      board.unhindered();
    }

    @Override
    public void deadLettered(UUID stream, long seq, String why) {
      done.add("dead letter");
    }
  }
}
