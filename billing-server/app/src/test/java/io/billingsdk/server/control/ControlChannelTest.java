package io.billingsdk.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.BrokerLink;
import io.billingsdk.server.broker.BrokerLink.ConnectionListener;
import io.billingsdk.server.broker.HeldMessage;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.Counts.Family;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.keys.NewKey;
import io.billingsdk.server.ledger.Strangers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The switchboard over a real database, at a link without a broker. */
@Tag("postgres")
@Timeout(180)
class ControlChannelTest {
  private static final V2Topics TOPICS = V2Topics.under("billing");
  private static final String REQUEST = V1Topics.under("billing").keysRequest();
  private static final String UPDATE = V1Topics.under("billing").keysUpdate();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path directory;
  private final Counts counts = new Counts();
  private final FakeLink link = new FakeLink();
  private World world;
  private Database database;
  private Notifications notifications;
  private ControlChannel controlChannel;

  /** Counts what is published, and says when. */
  private static final class FakeLink implements BrokerLink {
    final Map<String, AtomicInteger> published = new ConcurrentHashMap<>();
    private @Nullable ConnectionListener listener;

    @Override
    public void start() {
      Objects.requireNonNull(listener, "made").up();
    }

    @Override
    public boolean isUp() {
      return true;
    }

    @Override
    public int connections() {
      return 1;
    }

    @Override
    public CompletableFuture<Void> publish(String topic, byte[] payload, boolean retain) {
      published.computeIfAbsent(topic, any -> new AtomicInteger()).incrementAndGet();
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}

    int messages(String topic) {
      AtomicInteger count = published.get(topic);
      return count == null ? 0 : count.get();
    }
  }

  /** A message that notes what became of it. */
  private static final class SentControl implements HeldMessage {
    private final String topic;
    private final byte[] payload;
    private final int sender;
    boolean settled;
    Duration slowed = Duration.ZERO;

    SentControl(String topic, byte[] payload, int sender) {
      this.topic = topic;
      this.payload = payload;
      this.sender = sender;
    }

    @Override
    public String topic() {
      return topic;
    }

    @Override
    public byte[] payload() {
      return payload;
    }

    @Override
    public int bytes() {
      return payload.length;
    }

    @Override
    public boolean hasProperty(String name, String value) {
      return false;
    }

    @Override
    public boolean isRepeated() {
      return true;
    }

    @Override
    public int sender() {
      return sender;
    }

    @Override
    public void settle() {
      settled = true;
    }

    @Override
    public void slowDown(Duration pause) {
      slowed = pause;
    }
  }

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    database = world.database();
    notifications = new Notifications(database);
    notifications.start();
    controlChannel =
        new ControlChannel(
            database,
            notifications,
            new KeyVault(new Secrets(directory)),
            listener -> {
              link.listener = listener;
              return link;
            },
            "billing",
            UUID.randomUUID(),
            new Strangers(),
            InstanceLeases.NONE,
            counts);
    controlChannel.start();
  }

  @AfterEach
  void stop() {
    controlChannel.close();
    notifications.close();
    database.close();
  }

  private SentControl say(String instance, UUID stream) {
    return hear(TOPICS.hello(instance), hello(stream), 0);
  }

  private SentControl hear(String topic, byte[] payload, int sender) {
    SentControl said = new SentControl(topic, payload, sender);
    Objects.requireNonNull(link.listener).received(said);
    return said;
  }

  private static byte[] hello(UUID stream) {
    return new Hello(
            "test",
            System.currentTimeMillis(),
            stream,
            0,
            0,
            /* keysWanted= */ true,
            new Hello.LossEquation(0, 0, 0, 0, 0, 0),
            new Hello.JournalState(/* onDisk= */ true, 0, 0, 0, null),
            List.of())
        .encode();
  }

  @Test
  void hellos_106000OfOneLogin_areAcknowledgedAndSlowedDown_andOthersAreServedAndStored()
      throws Exception {
    UUID stream = UUID.randomUUID();
    SentControl last = say("flood", stream);
    for (int i = 1; i < 106_000; i++) {
      last = say("flood", i % 2 == 0 ? stream : UUID.randomUUID());
      if (i % 10_000 == 0) {
        assertThat(say("honest-" + i, UUID.randomUUID()).slowed).isZero();
      }
    }
    assertThat(last.settled).isTrue();
    assertThat(last.slowed).isBetween(Duration.ofMillis(1), ControlChannel.INTERVAL);
    for (int i = 10_000; i < 106_000; i += 10_000) {
      String topic = TOPICS.keys("honest-" + i);
      await().atMost(PATIENCE).until(() -> link.messages(topic) == 1);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> world.count("SELECT count(*) FROM stream WHERE instance <> 'flood'") == 10);
    assertThat(world.count("SELECT count(*) FROM stream WHERE instance = 'flood'"))
        .isLessThan(1_000);
    assertThat(counts.of(Family.HELLOS, "dropped")).isZero();
    assertThat(counts.of(Family.HELLOS, "superseded")).isGreaterThan(90_000);
  }

  private void awaitTables(int instances) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                IntStream.range(0, instances)
                    .allMatch(i -> link.messages(TOPICS.keys("instance-" + i)) == 1));
  }

  @Test
  void hellos_of2200InstancesAtOnce_areAllAnsweredAndAllStored() throws Exception {
    for (int i = 0; i < 2_200; i++) {
      assertThat(say("instance-" + i, UUID.randomUUID()).slowed).isZero();
    }
    awaitTables(2_200);
    await().atMost(PATIENCE).until(() -> world.count("SELECT count(*) FROM stream_hello") == 2_200);
  }

  @Test
  void hellos_ofOneInstanceWithTwoStreams_areBothStored() {
    // The last word of a closed stream, and the first of the next one.
    say("a", UUID.randomUUID());
    say("a", UUID.randomUUID());
    await().atMost(PATIENCE).until(() -> world.count("SELECT count(*) FROM stream_hello") == 2);
  }

  @Test
  void block_whileNoHelloCanBeStored_isToldAtOnce_andTablesAreSent() throws Exception {
    KeyAdmin admin = new KeyAdmin(database, null);
    admin.createApp("acme", "Acme");
    NewKey key = admin.create("acme", List.of(), null, /* legacy= */ false);
    await().atMost(PATIENCE).until(() -> link.messages(TOPICS.keys()) == 1);
    try (Connection blocker =
            DriverManager.getConnection(
                world.owner().url(), world.owner().user(), world.owner().password());
        Statement lock = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      lock.execute("LOCK TABLE stream IN ACCESS EXCLUSIVE MODE");
      for (int i = 0; i < 50; i++) {
        say("instance-" + i, UUID.randomUUID());
      }
      awaitTables(50);
      admin.block(key.keyId(), "unpaid");
      await().atMost(PATIENCE).until(() -> link.messages(TOPICS.keys()) == 2);
      assertThat(counts.of(Family.HELLOS, "kept")).isZero();
      blocker.rollback();
    }
    await().atMost(PATIENCE).until(() -> counts.of(Family.HELLOS, "kept") == 50);
  }

  @Test
  void requestsOfV1_floodOfOneConnection_costAFewAnswers_andAnotherIsAnswered() {
    await().atMost(PATIENCE).until(() -> link.messages(UPDATE) == 1);
    byte[] request = "{\"timestamp\":1}".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 100_000; i++) {
      hear(REQUEST, request, 1);
    }
    await().atMost(PATIENCE).until(() -> link.messages(UPDATE) >= 2);
    int before = link.messages(UPDATE);
    hear(REQUEST, request, 2);
    await().atMost(PATIENCE).until(() -> link.messages(UPDATE) > before);
    assertThat(link.messages(UPDATE)).isLessThan(10);
  }

  @Test
  void hellos_malformed_areCountedAndSpoilNothing() {
    for (String each : List.of("", "{", "[]", "{\"stream\":7}", "\u0000", "[".repeat(100_000))) {
      hear(TOPICS.hello("bad"), each.getBytes(StandardCharsets.UTF_8), 0);
      say("good", UUID.randomUUID());
    }
    await().atMost(PATIENCE).until(() -> counts.of(Family.HELLOS, "kept") > 0);
    await().atMost(PATIENCE).until(() -> counts.of(Family.HELLOS, "malformed") > 0);
  }

  @Test
  void hellos_thatAreTooLong_areIgnored_andTheirConnectionIsSlowedDown() {
    byte[] tooLong = new byte[ControlChannel.MOST_BYTES + 1];
    assertThat(hear(TOPICS.hello("bad"), tooLong, 0).slowed).isPositive();
    assertThat(counts.of(Family.HELLOS, "malformed")).isEqualTo(1);
    assertThat(controlChannel.unreadBytes()).isZero();
  }

  /** Each alone keeps to its bound; together they would fill the memory. */
  @Test
  void hellos_longOnesOfManyInstances_takeABoundedRoom_andNoneOfTheShortOnes() {
    byte[] longOne = " ".repeat(ControlChannel.MOST_BYTES).getBytes(StandardCharsets.UTF_8);
    long most = 0;
    for (int round = 0; round < ControlChannel.BURST + ControlChannel.UNREAD; round++) {
      for (int i = 0; i < 200; i++) {
        hear(TOPICS.hello("bad-" + i), longOne, 0);
        most = Math.max(most, controlChannel.unreadBytes());
      }
    }
    assertThat(most).isBetween(1L, 2 * ControlChannel.UNREAD_BYTES);
    assertThat(counts.of(Family.HELLOS, "dropped")).isPositive();
    UUID stream = UUID.randomUUID();
    assertThat(say("good", stream).slowed).isZero();
    await().atMost(PATIENCE).until(() -> counts.of(Family.HELLOS, "kept") == 1);
    await().atMost(PATIENCE).until(() -> controlChannel.unreadBytes() == 0);
  }
}
