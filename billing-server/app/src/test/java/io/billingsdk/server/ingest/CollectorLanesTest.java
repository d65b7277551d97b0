package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.V2Codec;
import io.billingsdk.protocol.V2Event;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.tail.TailItem.TailSink;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class CollectorLanesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Testbed testbed = Testbed.get();

  @Test
  void stream_whoseRowIsHeldElsewhere_holdsUpNoStreamOfAnotherLane() throws Exception {
    World world = testbed.world();
    UUID held = UUID.randomUUID();
    UUID free = UUID.randomUUID();
    try (Database database = world.database();
        CollectorLanes collectorLanes =
            new CollectorLanes(
                database,
                receipts -> {},
                TailSink.NONE,
                new CollectorCounts(),
                Failpoint.Hook.NONE);
        Connection elsewhere = database.connection();
        Statement statement = elsewhere.createStatement()) {
      collectorLanes.start();
      await().atMost(PATIENCE).untilTrue(sent(collectorLanes, held, 1));
      elsewhere.setAutoCommit(false);
      statement.execute("SELECT * FROM stream WHERE uuid = '" + held + "' FOR UPDATE");
      AtomicBoolean waits = sent(collectorLanes, held, 2);
      AtomicBoolean passes = sent(collectorLanes, free, 1);

      await().atMost(PATIENCE).untilTrue(passes);
      assertThat(waits).isFalse();
      elsewhere.rollback();
      await().atMost(PATIENCE).untilTrue(waits);
      assertThat(collectorLanes.streamsUnderWay()).isZero();
    }
    assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(3);
  }

  /** Hands over a batch of one event; becomes true when that is acknowledged. */
  private static AtomicBoolean sent(CollectorLanes collectorLanes, UUID stream, long seq)
      throws Exception {
    V2Event event =
        new V2Event(
            new KeyRef.KeyId("k1"), "llm", "gpt-4", 1, System.currentTimeMillis(), Map.of(), null);
    BatchWriter batch = new BatchWriter(stream, System.currentTimeMillis(), Bounds.BATCH_BYTES);
    assertThat(batch.add(seq, V2Codec.encode(event).orElseThrow())).isTrue();
    List<IncomingEvent> entries =
        UsageBatch.decode(batch.toBytes()).events().stream()
            .map(each -> new IncomingEvent(stream, "instance-1", each))
            .toList();
    AtomicBoolean acknowledged = new AtomicBoolean();
    collectorLanes.arrived(
        new IncomingMessage(
                "topic", 1, "instance-1", entries, null, true, () -> acknowledged.set(true))
            .from(new Sender("instance-1", stream.hashCode())));
    return acknowledged;
  }
}
