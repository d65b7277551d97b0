package io.billingsdk.server.ingest;

import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.V2Codec;
import io.billingsdk.protocol.V2Event;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.BrokerConnection;
import io.billingsdk.server.broker.BrokerConnection.ConnectionSettings;
import io.billingsdk.server.broker.BrokerLink.ConnectionListener;
import io.billingsdk.server.broker.HeldMessage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A producer of protocol v2 that keeps its events until a receipt frees them, and no more. */
public final class LightProducer implements AutoCloseable {
  private static final int BATCH = 250;

  private final BrokerConnection connection;
  private final V2Topics topics;
  private final String instance;
  private final UUID stream = UUID.randomUUID();
  private final ConcurrentSkipListMap<Long, byte[]> journal = new ConcurrentSkipListMap<>();
  private final Map<Long, String> rejected = new ConcurrentHashMap<>();
  private final Set<Long> duplicates = ConcurrentHashMap.newKeySet();
  private final List<Consumer<Receipt>> watchers = new CopyOnWriteArrayList<>();
  private final AtomicLong next = new AtomicLong();

  /** Connected when this returns. */
  public LightProducer(BrokerAddress broker, String prefix, String instance) {
    this.topics = V2Topics.under(prefix);
    this.instance = instance;
    ConnectionListener listener = this::received;
    this.connection =
        new BrokerConnection(
            broker,
            new ConnectionSettings(
                instance, List.of(topics.receipts(instance)), 0, 100, 1 << 20, null),
            listener);
    connection.start();
    Awaitility.await().until(connection::isUp);
  }

  UUID stream() {
    return stream;
  }

  Map<Long, String> rejected() {
    return rejected;
  }

  Set<Long> duplicates() {
    return duplicates;
  }

  int pending() {
    return journal.size();
  }

  void onReceipt(Consumer<Receipt> watcher) {
    watchers.add(watcher);
  }

  /** Appends events of usage 1 each, and sends nothing yet. */
  public void append(int events) throws IOException {
    for (int i = 0; i < events; i++) {
      append(1, System.currentTimeMillis(), null);
    }
  }

  /** Appends an event, and sends nothing yet; returns its number. */
  public long append(double usage, long timestampMillis, @Nullable String idempotencyKey)
      throws IOException {
    long seq = next.incrementAndGet();
    put(seq, usage, timestampMillis, idempotencyKey);
    return seq;
  }

  void put(long seq, double usage, long timestampMillis, @Nullable String idempotencyKey)
      throws IOException {
    journal.put(
        seq,
        V2Codec.encode(
                new V2Event(
                    new KeyRef.KeyId("k_1"),
                    "llm",
                    "gpt-4",
                    usage,
                    timestampMillis,
                    Map.of("prompt_tokens", 100, "completion_tokens", 50),
                    idempotencyKey))
            .orElseThrow());
  }

  void skip(long seq) {
    journal.remove(seq);
  }

  /** What has no receipt, as its receiver reads it. */
  List<ReceivedEvent> unreceipted() throws MalformedMessageException {
    BatchWriter batch = batch();
    journal.forEach(batch::add);
    return UsageBatch.decode(batch.toBytes()).events();
  }

  /** Sends all that has no receipt. */
  void sendPending() {
    BatchWriter batch = batch();
    for (Map.Entry<Long, byte[]> each : journal.entrySet()) {
      if (batch.events() == BATCH || !batch.add(each.getKey(), each.getValue())) {
        send(batch.toBytes());
        batch = batch();
        batch.add(each.getKey(), each.getValue());
      }
    }
    if (batch.events() > 0) {
      send(batch.toBytes());
    }
  }

  void send(byte[] batch) {
    publish(topics.usage(instance), batch);
  }

  /** Publishes anything. */
  public void publish(String topic, byte[] message) {
    var unused =
        connection.publish(topic, message, /* retain= */ false).exceptionally(gone -> null);
  }

  /** Sends again, every two seconds, until all has a receipt. */
  public void drain() {
    sendPending();
    AtomicLong last = new AtomicLong(System.nanoTime());
    Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(90))
        .until(
            () -> {
              if (System.nanoTime() - last.get() > 2_000_000_000L) {
                sendPending();
                last.set(System.nanoTime());
              }
              return journal.isEmpty();
            });
  }

  @Override
  public void close() {
    connection.close();
  }

  private BatchWriter batch() {
    return new BatchWriter(stream, System.currentTimeMillis(), Bounds.BATCH_BYTES);
  }

  private void received(HeldMessage message) {
    message.confirm();
    try {
      Receipt receipt = Receipt.decode(message.payload());
      watchers.forEach(watcher -> watcher.accept(receipt));
      receipt.committed().forEach(this::forget);
      for (SeqRange range : receipt.duplicates()) {
        for (long seq = range.first(); seq <= range.last(); seq++) {
          duplicates.add(seq);
        }
        forget(range);
      }
      for (Receipt.Rejection each : receipt.rejected()) {
        rejected.put(each.seq(), each.code());
        journal.remove(each.seq());
      }
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  private void forget(SeqRange range) {
    journal.subMap(range.first(), true, range.last(), true).clear();
  }
}
