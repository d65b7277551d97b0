package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import io.billingsdk.ClientStatus;
import io.billingsdk.DrainReport;
import io.billingsdk.Protocol;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Accepted;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import io.billingsdk.WhenFull;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.FaultProxy;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.SpiedMessage;
import io.billingsdk.testbed.WireSpy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The broker is away until the journal is full: what becomes of events is what was chosen. */
@Tag("broker")
final class JournalFullTest {
  private static final String PROOF = "journal-when-full";
  private static final Pattern SEQ = Pattern.compile("\"seq\":(\\d+),");
  private static final long BOUND = 16 << 20;

  /** Of some 12 kB each; the journal holds fewer than half of them. */
  private static final int EVENTS = 3_000;

  @TempDir private static Path brokerDirectory;
  private static EmbeddedTestBroker broker;

  @TempDir private Path directory;
  private FaultProxy proxy;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedTestBroker.in(brokerDirectory);
    broker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void keepAway() {
    proxy = FaultProxy.to(broker.port());
    proxy.cut();
  }

  @AfterEach
  void closeProxy() {
    proxy.close();
  }

  @Test
  void dropOldest_brokerAway_keepsTheNewestAndCountsWhatIsLost() throws Exception {
    try (WireSpy system = WireSpy.on(broker, Role.SYSTEM, "billing/report");
        DefaultBillingClient client = client(WhenFull.dropOldest())) {
      Outcomes outcomes = new Outcomes();
      while (outcomes.accepted() < EVENTS) {
        outcomes.add(client.report(event()));
        // Room is made by the journal's thread: who reports without a pause is faster.
        Pace.pause(Duration.ofNanos(100_000));
      }
      ClientStatus.Delivery full = client.status().delivery();
      assertThat(full.delivered()).isZero();
      assertThat(full.dropped()).isPositive();
      assertAddsUp(full);

      proxy.pass();
      DrainReport drained = client.flush(Clients.PATIENCE);
      ClientStatus.Delivery end = client.status().delivery();
      List<Long> arrived = arrived(system, end.delivered());
      prove("drop-oldest", outcomes, end, arrived);

      assertAddsUp(end);
      assertThat(end.accepted()).isEqualTo(outcomes.accepted());
      assertThat(end.rejected()).isEqualTo(outcomes.rejected);
      assertThat(end.pending()).isZero();
      assertThat(end.dropped()).as("several times the bound").isGreaterThan(EVENTS / 3);
      assertThat(drained.dropped()).isEqualTo(end.dropped());
      assertThat(drained.lost()).isZero();
      // The oldest are missing, and nothing else.
      assertThat(arrived)
          .isEqualTo(LongStream.rangeClosed(end.dropped() + 1, end.accepted()).boxed().toList());
      assertThat(warningsOfClosing(client))
          .as("dropped, and not lost by closing")
          .containsExactly(end.dropped() + " events were dropped to make room since the start");
    }
  }

  @Test
  void block_brokerComesBack_callerWaitsAndEverythingArrives() throws Exception {
    try (WireSpy system = WireSpy.on(broker, Role.SYSTEM, "billing/report");
        DefaultBillingClient client = client(WhenFull.block(Duration.ofMinutes(1)))) {
      Outcomes outcomes = new Outcomes();
      CompletableFuture<Void> reporting = new CompletableFuture<>();
      Thread caller =
          new Thread(
              () -> {
                for (int i = 0; i < EVENTS; i++) {
                  outcomes.add(client.report(event()));
                }
                reporting.complete(null);
              },
              "caller");
      caller.setDaemon(true);
      caller.start();
      Clients.await(client, status -> status.journal().bytes() > BOUND * 9 / 10 && waits(caller));
      assertThat(reporting).as("the caller waits for room").isNotDone();
      assertThat(client.status().delivery().accepted()).isLessThan(EVENTS);
      assertAddsUp(client.status().delivery());

      proxy.pass();
      reporting.get(2 * Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(client.flush(Clients.PATIENCE)).isEqualTo(DrainReport.of(EVENTS, 0, 0));
      ClientStatus.Delivery end = client.status().delivery();
      List<Long> arrived = arrived(system, EVENTS);
      prove("block", outcomes, end, arrived);

      assertAddsUp(end);
      assertThat(end.accepted()).isEqualTo(EVENTS);
      assertThat(end.rejected()).isEmpty();
      assertThat(arrived).isEqualTo(LongStream.rangeClosed(1, EVENTS).boxed().toList());
    }
  }

  @Test
  void block_brokerStaysAway_callerIsToldAfterItsTimeAndWhatWasAcceptedArrives() throws Exception {
    try (WireSpy system = WireSpy.on(broker, Role.SYSTEM, "billing/report");
        DefaultBillingClient client = client(WhenFull.block(Duration.ofMillis(200)))) {
      Outcomes outcomes = new Outcomes();
      while (outcomes.rejected.isEmpty()) {
        outcomes.add(client.report(event()));
      }
      long accepted = outcomes.accepted();
      assertThat(outcomes.rejected).isEqualTo(Map.of(RejectionReason.BUFFER_FULL, 1L));

      proxy.pass();
      assertThat(client.flush(Clients.PATIENCE)).isEqualTo(DrainReport.of(accepted, 0, 0));
      ClientStatus.Delivery end = client.status().delivery();
      List<Long> arrived = arrived(system, accepted);
      prove("block-in-vain", outcomes, end, arrived);

      assertAddsUp(end);
      assertThat(end.rejected()).isEqualTo(outcomes.rejected);
      assertThat(arrived).isEqualTo(LongStream.rangeClosed(1, accepted).boxed().toList());
    }
  }

  private static List<String> warningsOfClosing(DefaultBillingClient client) {
    Logger logger = (Logger) LoggerFactory.getLogger(LoggerNames.CLIENT);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    DrainReport unused = client.close(Clients.PATIENCE);
    logger.detachAppender(logged);
    return logged.list.stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  /** What callers were told. */
  private static final class Outcomes {
    private final List<Long> seqs = new ArrayList<>();
    private final Map<RejectionReason, Long> rejected = new HashMap<>();

    void add(ReportOutcome outcome) {
      if (outcome instanceof Accepted accepted) {
        seqs.add(accepted.seq());
      } else if (outcome instanceof Rejected refused) {
        rejected.merge(refused.reason(), 1L, Long::sum);
      }
    }

    long accepted() {
      return seqs.size();
    }
  }

  private static boolean waits(Thread caller) {
    return caller.getState() == Thread.State.TIMED_WAITING;
  }

  private static void assertAddsUp(ClientStatus.Delivery figures) {
    assertThat(figures.accepted())
        .as("%s", figures)
        .isEqualTo(
            figures.delivered() + figures.pending() + figures.deadLettered() + figures.dropped());
  }

  private static void prove(
      String choice, Outcomes told, ClientStatus.Delivery figures, List<Long> arrived) {
    Proof.sized(PROOF)
        .with("choice", choice)
        .with("bound", BOUND)
        .with("accepted", told.accepted())
        .with("rejected", told.rejected)
        .with("delivered", figures.delivered())
        .with("dropped", figures.dropped())
        .with("pending", figures.pending())
        .with("arrived", arrived.size())
        .with("distinct", arrived.stream().distinct().count())
        .print();
  }

  private static List<Long> arrived(WireSpy system, long expected) {
    List<Long> seqs = new ArrayList<>();
    for (SpiedMessage message : system.await(seen -> seen.size() >= expected, Clients.PATIENCE)) {
      Matcher matcher = SEQ.matcher(message.text());
      assertThat(matcher.find()).isTrue();
      seqs.add(Long.parseLong(matcher.group(1)));
    }
    return seqs;
  }

  private DefaultBillingClient client(WhenFull whenFull) {
    BillingConfigBuilder config =
        BillingConfig.builder()
            .host(broker.host())
            .port(proxy.port())
            .caCertificates(broker.caPem())
            .protocol(Protocol.V1)
            .credentials(Role.SDK.user(), Role.SDK.password())
            .journalDirectory(directory.resolve("journal"))
            .journalMaxBytes(BOUND)
            .whenFull(whenFull);
    return Clients.start(config);
  }

  private static UsageEvent event() {
    Map<String, String> metadata = new HashMap<>();
    for (int i = 0; i < 12; i++) {
      metadata.put("m" + i, "x".repeat(1_000));
    }
    return UsageEvent.of("key", "llm", "gpt-4", 1).withMetadata(metadata);
  }
}
