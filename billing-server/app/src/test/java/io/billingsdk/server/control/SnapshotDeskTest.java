package io.billingsdk.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.Counts.Family;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("postgres")
@Timeout(120)
class SnapshotDeskTest {
  private static final int KEYS = 450;
  private static final int CHUNKS = 3;
  private static final V2Topics TOPICS = V2Topics.under("billing");

  private final Counts counts = new Counts();
  private final FakeBroker broker = new FakeBroker();
  private Database database;
  private World world;
  private SnapshotDesk desk;

  /** Takes a message at once, or when it is told to. */
  private static final class FakeBroker implements KeyPublisher {
    final Map<String, Queue<byte[]>> published = new ConcurrentHashMap<>();
    final Queue<CompletableFuture<Void>> open = new ConcurrentLinkedQueue<>();
    final Map<String, Integer> queued = new ConcurrentHashMap<>();
    volatile boolean holds;

    @Override
    public CompletableFuture<Void> publish(String topic, byte[] message) {
      published.computeIfAbsent(topic, any -> new ConcurrentLinkedQueue<>()).add(message);
      CompletableFuture<Void> sent = new CompletableFuture<>();
      if (holds) {
        open.add(sent);
      } else {
        sent.complete(null);
      }
      return sent;
    }

    @Override
    public CompletableFuture<Integer> queued(String instance) {
      return CompletableFuture.completedFuture(queued.getOrDefault(instance, 0));
    }

    int messagesTo(String instance) {
      Queue<byte[]> sent = published.get(TOPICS.keys(instance));
      return sent == null ? 0 : sent.size();
    }
  }

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    database = world.database();
    KeyAdmin admin = new KeyAdmin(database, null);
    admin.createApp("acme", "Acme");
    world.execute(
        "INSERT INTO api_key (key_id, sha256, app_id, version) SELECT 'k' || n,"
            + " sha256(n::text::bytea), 'acme', n FROM generate_series(1, "
            + KEYS
            + ") AS n; UPDATE key_table SET version = "
            + KEYS);
    desk = new SnapshotDesk(database, "billing", broker, counts);
    desk.start();
  }

  @AfterEach
  void stop() {
    desk.close();
    database.close();
  }

  private void awaitTables(String instance, int tables) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> broker.messagesTo(instance) == tables * CHUNKS);
  }

  @Test
  void ask_2200InstancesAtOnce_besideAFlood_allHaveTheTable_fromAFewBuilds() throws Exception {
    for (int i = 0; i < 2_200; i++) {
      for (int flood = 0; flood < 48; flood++) {
        desk.ask("flood");
      }
      desk.ask("honest-" + i);
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                IntStream.range(0, 2_200)
                    .allMatch(i -> broker.messagesTo("honest-" + i) == CHUNKS));
    assertThat(broker.messagesTo("flood")).isLessThanOrEqualTo(3 * SnapshotDesk.BURST * CHUNKS);
    assertThat(counts.of(Family.SNAPSHOTS, "built")).isEqualTo(1);
    for (byte[] message : Objects.requireNonNull(broker.published.get(TOPICS.keys("honest-7")))) {
      KeyFeedMessage chunk = KeyFeedMessage.decode(message);
      assertThat(chunk.version()).isEqualTo(KEYS);
      assertThat(chunk.chunks()).isEqualTo(CHUNKS);
    }
  }

  @Test
  void ask_afterAChange_hasTheNewTable() throws Exception {
    desk.ask("a");
    awaitTables("a", 1);
    new KeyAdmin(database, null).block("k7", "unpaid");
    desk.ask("b");
    awaitTables("b", 1);
    byte[] first = Objects.requireNonNull(broker.published.get(TOPICS.keys("b"))).element();
    assertThat(KeyFeedMessage.decode(first).version()).isEqualTo(KEYS + 1);
    assertThat(counts.of(Family.SNAPSHOTS, "built")).isEqualTo(2);
  }

  @Test
  void ask_brokerIsSlow_boundsWhatIsOnItsWay_andFreesThePlacesOfWhatIsLost() {
    broker.holds = true;
    List<String> many = IntStream.range(0, 100).mapToObj(each -> "slow-" + each).toList();
    many.forEach(desk::ask);
    await().until(() -> broker.open.size() == SnapshotDesk.AT_ONCE);
    assertThat(many.stream().mapToInt(broker::messagesTo).sum()).isEqualTo(SnapshotDesk.AT_ONCE);
    // Each loses its first chunk: its instance asks again, and the others come.
    List.copyOf(broker.open)
        .forEach(each -> each.completeExceptionally(new IllegalStateException("away")));
    await()
        .until(() -> many.stream().mapToInt(broker::messagesTo).sum() == 2 * SnapshotDesk.AT_ONCE);
    assertThat(counts.of(Family.SNAPSHOTS, "failed")).isEqualTo(SnapshotDesk.AT_ONCE);
  }

  @Test
  void ask_clientThatTakesNothing_isSentNoOtherTable_andTheOthersAre() {
    broker.queued.put("deaf", SnapshotDesk.QUEUED + 1);
    desk.ask("deaf");
    desk.ask("honest");
    awaitTables("honest", 1);
    assertThat(broker.messagesTo("deaf")).isZero();
    assertThat(counts.of(Family.SNAPSHOTS, "put-off")).isEqualTo(1);
  }
}
