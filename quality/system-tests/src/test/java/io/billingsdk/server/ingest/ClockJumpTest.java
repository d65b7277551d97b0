package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.ClientStatus;
import io.billingsdk.DrainReport;
import io.billingsdk.Protocol;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.UsageSource;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.ledger.BatchReplays;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.RejectedEvents;
import io.billingsdk.server.tail.TailItem.TailSink;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clock of the server or of a service jumps, usage goes on, and somebody sets the clock right:
 * a real client over a real broker, with clocks that the test moves.
 */
@Tag("postgres")
final class ClockJumpTest {
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int BEFORE = 5;
  private static final int AFTER = 20;
  private static final int OVER_HTTP = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private final Instant begun = Instant.now();

  @TempDir Path directory;

  private World world;
  private Database database;

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    database = world.database();
  }

  @AfterEach
  void stop() {
    database.close();
  }

  /** Whose clock jumps. */
  private enum Whose {
    SERVER,
    CLIENT
  }

  /** What is left of the events that were accepted. */
  private record JumpResult(
      long accepted, long byItself, long byCommand, long lost, long twice, String trouble) {}

  /** A clock of this machine that somebody sets. */
  private static final class Jumping extends Clock implements io.billingsdk.internal.time.Clock {
    private final AtomicLong offset = new AtomicLong();

    void jump(Duration by) {
      offset.set(by.toMillis());
    }

    @Override
    public long wallMillis() {
      return System.currentTimeMillis() + offset.get();
    }

    @Override
    public long monotonicNanos() {
      return System.nanoTime();
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(wallMillis());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void clock_jumpsAndIsSetRight_nothingIsLost() throws Exception {
    List<Duration> jumps = new ArrayList<>();
    List<Duration> sizes =
        RELEASE
            ? List.of(
                Duration.ofHours(1), Duration.ofDays(2), Duration.ofDays(365), Duration.ofDays(730))
            : List.of(Duration.ofHours(1), Duration.ofDays(2), Duration.ofDays(365));
    for (Duration size : sizes) {
      jumps.add(size);
      jumps.add(size.negated());
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<JumpResult>> results = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Whose whose : Whose.values()) {
      for (Duration jump : jumps) {
        names.add(whose.name().toLowerCase(java.util.Locale.ROOT) + " " + jump);
        int number = names.size();
        results.add(threads.submit(() -> run("jump" + number, whose, jump)));
      }
    }
    long lost = 0;
    for (int i = 0; i < results.size(); i++) {
      JumpResult result = results.get(i).get();
      Proof.of("clock-jump")
          .with("size", RELEASE ? "release" : "commit")
          .with("whose", names.get(i))
          .with("accepted", result.accepted())
          .with("by_itself", result.byItself())
          .with("by_one_command", result.byCommand())
          .with("lost", result.lost())
          .with("twice", result.twice())
          .with("said", result.trouble())
          .print();
      lost += result.lost();
      assertThat(result.lost()).as(names.get(i)).isZero();
      assertThat(result.twice()).as(names.get(i)).isZero();
      if (names.get(i).startsWith("server")) {
        assertThat(result.byItself()).as(names.get(i)).isEqualTo(result.accepted());
      }
    }
    threads.shutdown();
    assertThat(lost).isZero();
  }

  private JumpResult run(String name, Whose whose, Duration jump) throws Exception {
    Jumping server = new Jumping();
    Jumping service = new Jumping();
    Collector collector =
        new Collector(
            database,
            UsageSource.subscribed(Testbed.get().broker("collector"), name + "-collector", name),
            name,
            TailSink.NONE,
            Failpoint.Hook.NONE,
            arrival -> arrival,
            TimeBounds.by(server));
    BillingClient client = client(name, service);
    try {
      collector.start();
      await().atMost(PATIENCE).until(collector::isUp);
      client.start();
      report(client, BEFORE);
      assertThat(client.flush(PATIENCE).held()).isZero();

      Jumping wrong = whose == Whose.SERVER ? server : service;
      wrong.jump(jump);
      UUID stream = report(client, AFTER);
      int http = whose == Whose.SERVER ? OVER_HTTP : 0;
      List<Intake.Outcome> answers = collector.intake().store(sent(name, http));
      ClientStatus status =
          await()
              .atMost(PATIENCE)
              .until(
                  client::status,
                  now -> now.delivery().pending() == 0 || now.delivery().trouble() != null);
      String trouble = String.valueOf(status.delivery().trouble()).replace("null", "-");

      wrong.jump(Duration.ZERO);
      DrainReport drained = client.flush(PATIENCE);
      assertThat(drained.held()).isZero();
      int unused = collector.returning().look();
      long accepted = (long) BEFORE + AFTER + answers.size();
      long byItself = stored(name, stream);
      replay(name, jump.negated());
      long all = stored(name, stream);
      return new JumpResult(
          accepted,
          byItself,
          all - byItself,
          accepted - distinct(name, stream),
          all - distinct(name, stream),
          trouble);
    } finally {
      client.close(Duration.ofSeconds(1));
      collector.close();
    }
  }

  private BillingClient client(String name, Jumping clock) {
    BrokerAddress broker = Testbed.get().broker("sdk");
    return DefaultBillingClient.create(
        BillingConfig.builder()
            .host(broker.host())
            .port(broker.port())
            .caCertificates(Objects.requireNonNull(broker.caPem()))
            .credentials(broker.user(), broker.password())
            .clientId(name)
            .topicPrefix(name)
            .protocol(Protocol.V2)
            .journalMinFreeBytes(0)
            .journalDirectory(directory.resolve(name))
            .build(),
        clock);
  }

  private static UUID report(BillingClient client, int events) {
    UUID stream = new UUID(0, 0);
    for (int i = 0; i < events; i++) {
      stream = client.reportDurably(UsageEvent.of("sk-1", "llm", "m", 1)).join().stream();
    }
    return stream;
  }

  /** Events of now, by a clock that is right. */
  private static List<SentEvent> sent(String name, int events) throws Exception {
    List<SentEvent> sent = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      String json =
          "{\"ts\":"
              + System.currentTimeMillis()
              + ",\"key_id\":\"k_1\",\"module\":\"http-"
              + name
              + "\",\"model\":\"m\",\"usage\":"
              + i
              + "}";
      var tree = new ObjectMapper().readTree(json);
      sent.add(SentEvent.of(seq -> ReceivedEvent.read(seq, tree), /* timed= */ true));
    }
    return sent;
  }

  private long stored(String name, UUID stream) throws Exception {
    return count("count(*)", name, stream);
  }

  private long distinct(String name, UUID stream) throws Exception {
    return count("count(DISTINCT (stream_id, seq))", name, stream);
  }

  private long count(String what, String name, UUID stream) throws Exception {
    return world.count(
        "SELECT "
            + what
            + " FROM usage_event JOIN stream USING (stream_id) WHERE uuid = '"
            + stream
            + "' OR module = 'http-"
            + name
            + "'");
  }

  /** What {@code billing replay --instance … --occurred-at-offset …} does. */
  private void replay(String instance, Duration offset) throws Exception {
    var unused =
        new BatchReplays(
                database, new Actor("ann"), new ReplayIntake(LedgerAppender.withoutHooks()))
            .replay(
                new BatchReplays.Order(
                    new RejectedEvents.Filter(null, instance, null, begun, null),
                    null,
                    offset.toMillis(),
                    /* isDryRun= */ false),
                0,
                1_000);
  }
}
