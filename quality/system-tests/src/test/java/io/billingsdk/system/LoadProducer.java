package io.billingsdk.system;

import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.BrokerConnection;
import io.billingsdk.server.broker.BrokerConnection.ConnectionSettings;
import io.billingsdk.server.broker.BrokerLink.ConnectionListener;
import io.billingsdk.server.broker.HeldMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One instance of {@link LoadChild}: a connection and a stream of its own, batches of the size and
 * with the window that the SDK has.
 */
final class LoadProducer {
  private static final int BATCH_EVENTS = 250;
  private static final int WINDOW_BATCHES = 64;

  private final String instance;
  private final V2Topics topics = V2Topics.under("billing");
  private final BrokerConnection connection;
  private final UUID stream = UUID.randomUUID();
  private final AtomicLong receipted = new AtomicLong();
  private final Semaphore window = new Semaphore(WINDOW_BATCHES);
  private long numbered;
  private List<byte[]> made = List.of();

  LoadProducer(BrokerAddress broker) {
    this.instance = broker.user();
    ConnectionListener listener = this::received;
    this.connection =
        new BrokerConnection(
            broker,
            new ConnectionSettings(
                instance, List.of(topics.receipts(instance)), 0, 100, 1 << 20, null),
            listener);
  }

  void start() {
    connection.start();
  }

  boolean isUp() {
    return connection.isUp();
  }

  /** Makes the batches of so many events, before the clock starts. */
  void make(int events, boolean detailed) throws IOException {
    List<byte[]> messages = new ArrayList<>();
    for (int done = 0; done < events; done += BATCH_EVENTS) {
      BatchWriter batch = new BatchWriter(stream, System.currentTimeMillis(), Bounds.BATCH_BYTES);
      for (int i = 0; i < Math.min(BATCH_EVENTS, events - done); i++) {
        numbered++;
        byte[] event = detailed ? LoadChild.detailedEvent(stream, numbered) : LoadChild.event();
        if (!batch.add(numbered, event)) {
          throw new IllegalStateException("a batch takes no more");
        }
      }
      messages.add(batch.toBytes());
    }
    made = messages;
  }

  /** Sends what was made, and returns when receipts for all of it came. */
  void send() {
    for (byte[] message : made) {
      LoadChild.take(window, 1);
      var unused =
          publish(topics.usage(instance), message)
              .whenComplete(
                  (done, failed) -> {
                    if (failed != null) {
                      LoadChild.lost(failed);
                    }
                  });
    }
    LoadChild.take(window, WINDOW_BATCHES);
    window.release(WINDOW_BATCHES);
  }

  CompletableFuture<Void> publish(String topic, byte[] message) {
    return connection.publish(topic, message, /* retain= */ false);
  }

  private void received(HeldMessage message) {
    message.confirm();
    try {
      Receipt receipt = Receipt.decode(message.payload());
      if (!receipt.rejected().isEmpty() || !receipt.duplicates().isEmpty()) {
        LoadChild.lost(new IllegalStateException("not committed: " + receipt));
      }
      long events = 0;
      for (SeqRange range : receipt.committed()) {
        events += range.last() - range.first() + 1;
      }
      long before = receipted.getAndAdd(events);
      // All batches but the last of a run are full.
      long batches =
          (before + events + BATCH_EVENTS - 1) / BATCH_EVENTS
              - (before + BATCH_EVENTS - 1) / BATCH_EVENTS;
      window.release((int) batches);
    } catch (MalformedMessageException malformed) {
      LoadChild.lost(malformed);
    }
  }
}
