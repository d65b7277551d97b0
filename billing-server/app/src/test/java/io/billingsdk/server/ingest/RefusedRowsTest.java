package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.tail.TailItem.TailSink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How much is kept of what a sender has refused, and that all of it is counted. */
@Tag("postgres")
class RefusedRowsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int PART = 5_000;
  private static final String FLOOD = "flood";
  private static final long LONG_AGO = 1_000_000_000L;

  private final List<Receipts.Addressed> receipts = new CopyOnWriteArrayList<>();
  private final CollectorCounts counts = new CollectorCounts();
  private final UUID stream = UUID.randomUUID();
  private World world;
  private Database database;
  private CollectorLanes collectorLanes;

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    database = world.database();
    collectorLanes =
        new CollectorLanes(database, receipts::addAll, TailSink.NONE, counts, Failpoint.Hook.NONE);
    collectorLanes.start();
  }

  @AfterEach
  void stop() {
    collectorLanes.close();
    database.close();
  }

  private void store(String instance, List<IncomingEvent> entries) {
    AtomicInteger done = new AtomicInteger();
    Runnable confirmation = done::incrementAndGet;
    collectorLanes.arrived(
        new IncomingMessage(
            "topic", 1, instance, entries, null, /* repeated= */ true, confirmation));
    await().atMost(PATIENCE).until(() -> done.get() == 1);
  }

  private List<IncomingEvent> invalid(String instance, long first, int events) {
    List<IncomingEvent> entries = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      entries.add(
          new IncomingEvent(
              stream,
              instance,
              new ReceivedEvent.Invalid(first + i, "MALFORMED", "planted", "{}")));
    }
    return entries;
  }

  private List<IncomingEvent> tooOld(String instance, long first, int events) throws Exception {
    BatchWriter batch = new BatchWriter(stream, LONG_AGO, Bounds.BATCH_BYTES);
    byte[] event =
        ("{\"ts\":" + LONG_AGO + ",\"key_id\":\"k\",\"module\":\"m\",\"model\":\"m\",\"usage\":1}")
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < events; i++) {
      assertThat(batch.add(first + i, event)).isTrue();
    }
    return UsageBatch.decode(batch.toBytes()).events().stream()
        .map(each -> new IncomingEvent(stream, instance, each))
        .toList();
  }

  private long of(String column) throws Exception {
    return world.count(
        "SELECT coalesce(sum("
            + column
            + "), 0)::bigint FROM refusal_count WHERE sender = '"
            + FLOOD
            + "'");
  }

  @Test
  void rejectedEvents_beyondTheBoundOfTheirSender_areSampled_andAllOfThemAreCounted()
      throws Exception {
    int all = 5 * PART;
    for (int i = 0; i < 5; i++) {
      store(FLOOD, invalid(FLOOD, 1 + (long) i * PART, PART));
    }
    long rows = world.count("SELECT count(*) FROM rejected_event");
    assertThat(rows)
        .isEqualTo(RowAllowance.ROWS + (all - RowAllowance.ROWS) / RowAllowance.SAMPLED);
    assertThat(of("refused")).isEqualTo(all);
    assertThat(of("kept")).isEqualTo(rows);
    assertThat(counts.rejected()).isEqualTo(all);
    assertThat(counts.leftOut()).isEqualTo(all - rows);
    assertThat(world.count("SELECT left_out FROM stream WHERE uuid = '" + stream + "'"))
        .isEqualTo(all - rows);
    assertThat(world.count("SELECT count(*) FROM stream_gap")).isZero();

    store(FLOOD, invalid(FLOOD, RowAllowance.ROWS + 1, PART));
    assertThat(world.count("SELECT left_out FROM stream WHERE uuid = '" + stream + "'"))
        .as("what comes again is one number")
        .isEqualTo(all - rows);

    List<IncomingEvent> others =
        List.of(
            new IncomingEvent(
                UUID.randomUUID(),
                "other",
                new ReceivedEvent.Invalid(1, "MALFORMED", "planted", "{}")));
    store("other", others);
    assertThat(world.count("SELECT count(*) FROM rejected_event WHERE instance = 'other'"))
        .as("another sender has an allowance of its own")
        .isEqualTo(1);
  }

  @Test
  void goodEvents_atAWrongTime_beyondTheBound_areToComeAgain_andAreMissingUntilThen()
      throws Exception {
    store(FLOOD, invalid(FLOOD, 1, PART));
    store(FLOOD, invalid(FLOOD, 1 + PART, PART));
    receipts.clear();

    store(FLOOD, tooOld(FLOOD, 2L * PART + 1, 100));

    List<Receipt.Rejection> rejected = receipts.get(0).receipt().rejected();
    assertThat(rejected).hasSize(100).allMatch(Receipt.Rejection::retryable);
    assertThat(counts.deferred()).isEqualTo(100);
    assertThat(counts.rejected()).isEqualTo(2 * PART);
    assertThat(of("refused")).isEqualTo(2 * PART);
    assertThat(world.count("SELECT highest_seq FROM stream WHERE uuid = '" + stream + "'"))
        .isEqualTo(2 * PART);
    assertThat(world.count("SELECT count(*) FROM rejected_event WHERE code = 'TOO_OLD'")).isZero();
  }

  @Test
  void messages_thatCannotBeRead_areKeptUpToTheBound_andAllOfThemAreCounted() throws Exception {
    int all = RowAllowance.ROWS + 2 * RowAllowance.SAMPLED;
    AtomicInteger done = new AtomicInteger();
    for (int i = 0; i < all; i++) {
      collectorLanes.arrived(
          new IncomingMessage(
              "topic",
              10,
              FLOOD,
              List.of(),
              "planted",
              /* repeated= */ true,
              done::incrementAndGet));
    }
    await().atMost(PATIENCE).until(() -> done.get() == all);
    assertThat(world.count("SELECT count(*) FROM rejected_event")).isEqualTo(RowAllowance.ROWS + 2);
    assertThat(of("refused")).isEqualTo(all);
    assertThat(counts.malformed()).isEqualTo(all);
  }

  @Test
  void allowance_isBackAfterAnHour_andBoundsTheCharactersToo() {
    AtomicLong now = new AtomicLong();
    RowAllowance allowance = new RowAllowance(now::get);
    int large = 1 << 20;
    int kept = 0;
    for (int i = 0; i < 100; i++) {
      kept += allowance.keeps(FLOOD, large) ? 1 : 0;
    }
    assertThat(kept).isEqualTo(RowAllowance.CHARACTERS / large);
    assertThat(allowance.keeps("other", large)).isTrue();

    now.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(allowance.keeps(FLOOD, large)).isTrue();
  }
}
