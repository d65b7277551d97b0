package io.billingsdk.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.StreamSecret;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Codec;
import io.billingsdk.protocol.V2Event;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.ledger.HelloStore;
import io.billingsdk.server.ledger.HelloStore.SignOfLife;
import io.billingsdk.server.ledger.Strangers;
import io.billingsdk.server.ledger.StreamChanges;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.LossEquation;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may add to a stream and speak of it: who opened it, and who has its journal. */
@Tag("postgres")
class StreamOwnersTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final UUID STREAM = UUID.fromString("6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11");
  private static final StreamSecret SECRET = StreamSecret.of(new byte[] {1}, STREAM);
  private static final StreamSecret WRONG = StreamSecret.of(new byte[] {2}, STREAM);

  private final Testbed testbed = Testbed.get();
  private final Strangers strangers = new Strangers();
  private final Map<String, LightProducer> producers = new HashMap<>();
  private final Map<String, LinkedBlockingQueue<Receipt>> receipts = new HashMap<>();
  private World world;
  private Database database;
  private HelloStore helloStore;
  private Collector collector;

  @BeforeEach
  void start() throws Exception {
    world = testbed.world();
    database = world.database();
    helloStore = new HelloStore(database, strangers);
    collector =
        new Collector(
            database, testbed.broker("collector"), world.prefix() + "-collector", world.prefix());
    collector.start();
    await().atMost(PATIENCE).until(collector::isUp);
    for (String name : List.of("owner", "other")) {
      LightProducer producer = new LightProducer(testbed.broker("sdk"), world.prefix(), name);
      LinkedBlockingQueue<Receipt> received = new LinkedBlockingQueue<>();
      producer.onReceipt(received::add);
      producers.put(name, producer);
      receipts.put(name, received);
    }
  }

  @AfterEach
  void stop() {
    producers.values().forEach(LightProducer::close);
    collector.close();
    database.close();
  }

  @Test
  void batch_ofAnotherInstance_isRefusedForNow_andLeavesNoTrace() throws Exception {
    requireTaken(send("owner", null, 1));
    requireForeign(send("other", null, 2));
    requireForeign(send("other", WRONG, 1_000));

    assertThat(stream().highest()).isEqualTo(1);
    assertThat(stream().gaps()).isEmpty();
    assertThat(world.count("SELECT count(*) FROM rejected_event")).isZero();
    assertThat(collector.counts().strangers().refused()).isEqualTo(2);
    requireTaken(send("owner", null, 2));
  }

  @Test
  void batch_withTheSecretOfTheJournal_isTakenFromAnyInstance() throws Exception {
    requireTaken(send("owner", SECRET, 1));
    requireTaken(send("other", SECRET, 2));
    requireForeign(send("other", WRONG, 3));
    requireTaken(send("owner", SECRET, 3));
    // An SDK of before, on the same journal and under the same name.
    requireTaken(send("owner", null, 4));

    assertThat(stream().instance()).isEqualTo("owner");
    assertThat(stream().stored()).isEqualTo(4);
  }

  @Test
  void secret_thatTheOwnerSaysLater_isNoted_andThatOfAnotherIsNot() throws Exception {
    requireTaken(send("owner", null, 1));
    requireForeign(send("other", WRONG, 2));
    requireTaken(send("owner", SECRET, 2));
    requireTaken(send("other", SECRET, 3));
    requireForeign(send("other", WRONG, 4));
  }

  @Test
  void hello_ofAnotherInstance_changesNothing() throws Exception {
    requireTaken(send("owner", SECRET, 1));
    assertThat(helloStore.keep("owner", hello(5, SECRET, null))).isTrue();
    assertThat(helloStore.keep("other", hello(900, null, null))).isFalse();
    assertThat(helloStore.keep("other", hello(900, WRONG, null))).isFalse();
    assertThat(helloStore.keep("other", hello(0, null, new SeqRange(2, 5)))).isFalse();

    assertThat(stream().reported()).isEqualTo(5);
    assertThat(stream().instance()).isEqualTo("owner");
    assertThat(stream().dropped()).isEmpty();
    assertThat(strangers.refused()).isEqualTo(4);
  }

  @Test
  void droppedNumbers_ofAJournalThatWasTakenOver_areKeptWithItsSecret() throws Exception {
    assertThat(helloStore.keep("owner", hello(5, SECRET, null))).isTrue();
    UUID own = UUID.randomUUID();
    SeqRange range = new SeqRange(2, 5);
    assertThat(helloStore.keep("other", hello(own, 0, null, dropped(range, null)))).isFalse();
    assertThat(stream().dropped()).isEmpty();
    assertThat(helloStore.keep("other", hello(own, 0, null, dropped(range, SECRET)))).isTrue();
    assertThat(stream().dropped()).containsExactly(range);
    assertThat(stream().instance()).isEqualTo("owner");
  }

  @Test
  void handOver_byAnOperator_letsTheOtherInAndTheOwnerOut() throws Exception {
    requireTaken(send("owner", SECRET, 1));
    StreamChanges changes = new StreamChanges(database, new Actor("ops"));
    assertThat(changes.handOver(STREAM, "other", "host replaced")).contains("owner");
    requireTaken(send("other", null, 2));
    requireForeign(send("owner", SECRET, 3));

    assertThat(
            world.count(
                "SELECT count(*) FROM audit_log WHERE action = 'stream.hand-over'"
                    + " AND before ->> 'instance' = 'owner' AND after ->> 'instance' = 'other'"))
        .isOne();
    assertThatThrownBy(() -> changes.handOver(UUID.randomUUID(), "other", "x"))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("the server has received nothing of the stream");
  }

  @Test
  void stream_ofNoKnownInstance_isOfWhoUsesItFirst() throws Exception {
    world.execute("INSERT INTO stream (uuid, highest_seq) VALUES ('" + STREAM + "', 4)");
    requireTaken(send("owner", SECRET, 5));
    requireForeign(send("other", null, 6));
    requireTaken(send("other", SECRET, 6));
  }

  @Test
  void reportOfV1_forAStreamOfV2_isKeptAsRejected_butNotForOneThatBeganByV1() throws Exception {
    requireTaken(send("owner", null, 1));
    v1(STREAM, 2);
    await().atMost(PATIENCE).until(() -> world.count("SELECT count(*) FROM rejected_event") == 1);
    assertThat(world.count("SELECT count(*) FROM rejected_event WHERE code = 'STREAM_FOREIGN'"))
        .isOne();
    assertThat(stream().refused()).as("of its owner").isZero();
    requireTaken(send("owner", null, 3));
    assertThat(new Streams(database).after(new UUID(0, 0), 1).get(0).stored())
        .as("reckoned, with 2 in a gap")
        .isEqualTo(2);

    UUID begunByV1 = UUID.randomUUID();
    v1(begunByV1, 1);
    await().atMost(PATIENCE).until(() -> new Streams(database).one(begunByV1).isPresent());
    requireTaken(send("owner", begunByV1, null, 3));
    v1(begunByV1, 2);
    await()
        .atMost(PATIENCE)
        .until(() -> new Streams(database).one(begunByV1).orElseThrow().gaps().isEmpty());
  }

  @Test
  void stream_thatTheServerNumbers_isOfNoInstance() throws Exception {
    var unused =
        collector
            .intake()
            .store(
                List.of(
                    SentEvent.of(
                        seq -> new ReceivedEvent.Invalid(seq, "A", "b", "{}"),
                        /* timed= */ false)));
    UUID own = new Streams(database).all().get(0).stream();
    requireForeign(send("other", own, SECRET, 2));
    assertThat(helloStore.keep("other", hello(own, 2, SECRET, null))).isFalse();
  }

  private Receipt send(String instance, @Nullable StreamSecret secret, long seq) throws Exception {
    return send(instance, STREAM, secret, seq);
  }

  private Receipt send(String instance, UUID stream, @Nullable StreamSecret secret, long seq)
      throws Exception {
    BatchWriter batch =
        new BatchWriter(stream, secret, System.currentTimeMillis(), Bounds.BATCH_BYTES);
    assertThat(
            batch.add(
                seq,
                V2Codec.encode(
                        new V2Event(
                            new KeyRef.KeyId("k_1"),
                            "llm",
                            "m",
                            1,
                            System.currentTimeMillis(),
                            null,
                            null))
                    .orElseThrow()))
        .isTrue();
    Objects.requireNonNull(producers.get(instance))
        .publish(V2Topics.under(world.prefix()).usage(instance), batch.toBytes());
    Receipt receipt =
        Objects.requireNonNull(receipts.get(instance)).poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return Objects.requireNonNull(receipt, "no receipt came");
  }

  private static void requireTaken(Receipt receipt) {
    assertThat(receipt.rejected()).isEmpty();
    assertThat(receipt.committed()).hasSize(1);
  }

  private static void requireForeign(Receipt receipt) {
    assertThat(receipt.committed()).isEmpty();
    assertThat(receipt.rejected())
        .allSatisfy(
            each -> {
              assertThat(each.code()).isEqualTo("STREAM_FOREIGN");
              assertThat(each.retryable()).isTrue();
            })
        .hasSize(1);
  }

  private void v1(UUID stream, long seq) {
    String report =
        "{\"api_key\":\"k\",\"module\":\"llm\",\"model\":\"m\",\"usage\":1,\"timestamp\":"
            + System.currentTimeMillis()
            + ",\"stream\":\""
            + stream
            + "\",\"seq\":"
            + seq
            + "}";
    Objects.requireNonNull(producers.get("owner"))
        .publish(V1Topics.under(world.prefix()).report(), report.getBytes(UTF_8));
  }

  private StreamState stream() throws Exception {
    return new Streams(database).one(STREAM).orElseThrow();
  }

  private static SignOfLife.Dropped dropped(SeqRange range, @Nullable StreamSecret secret) {
    return new SignOfLife.Dropped(STREAM, List.of(range), secret);
  }

  private static SignOfLife hello(
      long lastSeq, @Nullable StreamSecret secret, @Nullable SeqRange dropped) {
    return hello(STREAM, lastSeq, secret, dropped == null ? null : dropped(dropped, secret));
  }

  private static SignOfLife hello(
      UUID stream,
      long lastSeq,
      @Nullable StreamSecret secret,
      SignOfLife.@Nullable Dropped dropped) {
    return new SignOfLife(
        stream,
        "test",
        System.currentTimeMillis(),
        lastSeq,
        0,
        new LossEquation(lastSeq, lastSeq, 0, 0, 0, 0),
        0,
        0,
        dropped == null ? List.of() : List.of(dropped),
        secret);
  }
}
