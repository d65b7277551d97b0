package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.Gzip;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Event;
import io.billingsdk.protocol.V2Codec;
import io.billingsdk.protocol.V2Event;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.tail.TailItem.TailSink;
import io.billingsdk.testbed.RawMqtt;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/**
 * What every source of usage promises, as cases that run against any of them: each with a ledger
 * and a collector of its own, and a producer over TLS.
 */
final class SourceContract {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int OK = 0;

  private final Testbed testbed = Testbed.get();
  private final UsageSide side;

  SourceContract(UsageSide side) {
    this.side = side;
  }

  /** One promise. */
  @FunctionalInterface
  interface Case {
    void holds(SourceContract contract) throws Exception;
  }

  /** All of them, by what they say. */
  static Map<String, Case> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("a batch of v2 is stored and receipted", SourceContract::batch);
    cases.put("a batch that comes again is a duplicate", SourceContract::batchAgain);
    cases.put("a compressed batch is read", SourceContract::compressedBatch);
    cases.put("an empty batch is answered", SourceContract::probe);
    cases.put("numbered reports of v1 that come again are counted once", SourceContract::reports);
    cases.put("reports of v1 without a number are each counted", SourceContract::unnumbered);
    cases.put("a report of QoS 0 is stored", SourceContract::qosZero);
    cases.put("what cannot be read is kept, and holds back nothing", SourceContract::malformed);
    cases.put("PUBACKs come in the order of their publishes", SourceContract::order);
    cases.put("a commit that fails is done again", SourceContract::failedCommits);
    cases.put("a commit whose outcome is unknown counts once", SourceContract::unknownCommit);
    cases.put("a collector that stops leaves nothing half done", SourceContract::restart);
    cases.put("while the database is away nothing is receipted", SourceContract::outage);
    return cases;
  }

  /** A collector at work. */
  private final class SourceWork implements AutoCloseable {
    private final World world = testbed.world();
    private final Database database = world.database();
    private final Collector collector;

    SourceWork(Failpoint.Hook hook) throws Exception {
      collector =
          new Collector(
              database, side.source(), UsageSide.PREFIX, TailSink.NONE, hook, arrival -> arrival);
      collector.start();
      await().atMost(PATIENCE).until(collector::isUp);
    }

    long events() throws Exception {
      return world.count("SELECT count(*) FROM usage_event");
    }

    void awaitEvents(long count) throws Exception {
      await().atMost(PATIENCE).until(() -> events() >= count);
      assertThat(events()).isEqualTo(count);
      assertThat(world.count("SELECT coalesce(sum(events), 0) FROM usage_rollup")).isEqualTo(count);
    }

    @Override
    public void close() {
      collector.close();
      database.close();
    }
  }

  private SourceWork work() throws Exception {
    return new SourceWork(Failpoint.Hook.NONE);
  }

  private LightProducer producer() {
    return new LightProducer(side.producer(), UsageSide.PREFIX, UsageSide.INSTANCE);
  }

  private void batch() throws Exception {
    try (SourceWork work = work();
        LightProducer producer = producer()) {
      producer.append(600);
      producer.drain();
      work.awaitEvents(600);
      assertThat(producer.duplicates()).isEmpty();
    }
  }

  private void batchAgain() throws Exception {
    try (SourceWork work = work();
        LightProducer producer = producer()) {
      long now = System.currentTimeMillis();
      producer.put(1, 5, now, null);
      producer.drain();
      producer.put(1, 5, now, null);
      producer.drain();
      assertThat(producer.duplicates()).containsExactly(1L);
      work.awaitEvents(1);
    }
  }

  private void compressedBatch() throws Exception {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(batch(UUID.randomUUID(), 1));
    }
    String topic = "billing/v2/" + UsageSide.INSTANCE + "/usage";
    try (SourceWork work = work();
        RawMqtt client = side.connect()) {
      client.send(
          client.publish(
              topic,
              compressed.toByteArray(),
              1,
              1,
              /* duplicate= */ false,
              Gzip.PROPERTY,
              Gzip.VALUE));
      assertThat(client.await(RawMqtt.PUBACK).reason()).isEqualTo(OK);
      work.awaitEvents(1);
    }
  }

  private void probe() throws Exception {
    try (SourceWork work = work();
        LightProducer producer = producer()) {
      AtomicInteger receipts = new AtomicInteger();
      producer.onReceipt(receipt -> receipts.incrementAndGet());
      producer.send(
          new BatchWriter(UUID.randomUUID(), System.currentTimeMillis(), Bounds.BATCH_BYTES)
              .toBytes());
      await().atMost(PATIENCE).until(() -> receipts.get() == 1);
      work.awaitEvents(0);
    }
  }

  private void reports() throws Exception {
    UUID stream = UUID.randomUUID();
    try (SourceWork work = work();
        RawMqtt client = side.connect()) {
      for (int id = 1; id <= 40; id++) {
        publish(client, id, numbered(stream, (id + 1) / 2));
      }
      acknowledged(client, 1, 40);
      work.awaitEvents(20);
    }
  }

  private void unnumbered() throws Exception {
    try (SourceWork work = work();
        RawMqtt client = side.connect()) {
      for (int id = 1; id <= 20; id++) {
        publish(client, id, V1Codec.encode(report()).orElseThrow());
      }
      acknowledged(client, 1, 20);
      work.awaitEvents(20);
    }
  }

  private void qosZero() throws Exception {
    try (SourceWork work = work();
        RawMqtt client = side.connect()) {
      client.send(
          client.publish(
              "billing/report",
              V1Codec.encode(report()).orElseThrow(),
              0,
              0,
              /* duplicate= */ false));
      work.awaitEvents(1);
    }
  }

  private void malformed() throws Exception {
    try (SourceWork work = work();
        RawMqtt client = side.connect()) {
      publish(client, 1, "no report".getBytes(StandardCharsets.UTF_8));
      publish(client, 2, numbered(UUID.randomUUID(), 1));
      acknowledged(client, 1, 2);
      work.awaitEvents(1);
      await()
          .atMost(PATIENCE)
          .until(() -> work.world.count("SELECT count(*) FROM rejected_event") == 1);
    }
  }

  /** Of two streams, which two lanes store at the same time. */
  private void order() throws Exception {
    UUID one = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    try (SourceWork work = work();
        RawMqtt client = side.connect()) {
      // Mosquitto wants no more than 20 without an answer.
      for (int begin = 1; begin <= 200; begin += 20) {
        for (int id = begin; id < begin + 20; id++) {
          publish(client, id, numbered(id % 2 == 0 ? one : other, (id + 1) / 2));
        }
        acknowledged(client, begin, begin + 19);
      }
      work.awaitEvents(200);
    }
  }

  private void failedCommits() throws Exception {
    AtomicInteger reached = new AtomicInteger();
    Failpoint.Hook fails =
        at -> {
          if (at == Failpoint.BEFORE_COMMIT && reached.incrementAndGet() <= 3) {
            throw new IllegalStateException("planted");
          }
        };
    try (SourceWork work = new SourceWork(fails);
        LightProducer producer = producer()) {
      producer.append(10);
      producer.drain();
      assertThat(reached.get()).isGreaterThan(3);
      work.awaitEvents(10);
    }
  }

  private void unknownCommit() throws Exception {
    AtomicInteger reached = new AtomicInteger();
    Failpoint.Hook fails =
        at -> {
          if (at == Failpoint.AFTER_COMMIT && reached.incrementAndGet() == 1) {
            throw new IllegalStateException("planted");
          }
        };
    try (SourceWork work = new SourceWork(fails);
        RawMqtt client = side.connect()) {
      publish(client, 1, V1Codec.encode(report()).orElseThrow());
      publish(client, 2, numbered(UUID.randomUUID(), 1));
      acknowledged(client, 1, 2);
      work.awaitEvents(2);
      assertThat(reached.get()).isGreaterThan(1);
    }
  }

  private void restart() throws Exception {
    AtomicInteger reached = new AtomicInteger();
    Failpoint.Hook fails =
        at -> {
          if (at == Failpoint.BEFORE_COMMIT) {
            reached.incrementAndGet();
            throw new IllegalStateException("planted");
          }
        };
    try (SourceWork work = new SourceWork(fails);
        LightProducer producer = producer()) {
      producer.append(500);
      producer.sendPending();
      await().atMost(PATIENCE).until(() -> reached.get() > 0);
      work.collector.close();
      assertThat(work.events()).isZero();
      assertThat(producer.pending()).isEqualTo(500);
      try (Collector next =
          new Collector(work.database, side.source(), UsageSide.PREFIX, TailSink.NONE)) {
        next.start();
        producer.drain();
        work.awaitEvents(500);
      }
    }
  }

  private void outage() throws Exception {
    try (SourceWork work = work();
        LightProducer producer = producer()) {
      producer.append(100);
      producer.drain();
      testbed.stopDatabase();
      try {
        producer.append(400);
        producer.sendPending();
        await().during(Duration.ofSeconds(2)).until(() -> producer.pending() == 400);
      } finally {
        testbed.startDatabase();
      }
      producer.drain();
      work.awaitEvents(500);
    }
  }

  private static void publish(RawMqtt client, int packetId, byte[] report) throws Exception {
    client.publish("billing/report", report, packetId);
  }

  /** Each with success, in their order. */
  private static void acknowledged(RawMqtt client, int first, int last) throws Exception {
    for (int id = first; id <= last; id++) {
      RawMqtt.Packet answer = client.await(RawMqtt.PUBACK);
      assertThat(answer.packetId()).isEqualTo(id);
      assertThat(answer.reason()).isEqualTo(OK);
    }
  }

  static byte[] batch(UUID stream, int events) throws Exception {
    BatchWriter batch = new BatchWriter(stream, System.currentTimeMillis(), Bounds.BATCH_BYTES);
    V2Event event =
        new V2Event(
            new KeyRef.KeyId("k_1"), "llm", "gpt-4", 1, System.currentTimeMillis(), Map.of(), null);
    for (int seq = 1; seq <= events; seq++) {
      assertThat(batch.add(seq, V2Codec.encode(event).orElseThrow())).isTrue();
    }
    return batch.toBytes();
  }

  static byte[] numbered(UUID stream, long seq) throws Exception {
    return V1Codec.message(V1Codec.encode(report()).orElseThrow(), stream, seq);
  }

  static V1Event report() {
    return new V1Event(
        null, "sk-1", "llm", "gpt-4", 1, System.currentTimeMillis(), Map.of("tokens", 3));
  }
}
