package io.billingsdk.system;

import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.StreamSecret;
import io.billingsdk.protocol.V2Codec;
import io.billingsdk.protocol.V2Event;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.BrokerConnection;
import io.billingsdk.server.broker.BrokerConnection.ConnectionSettings;
import io.billingsdk.server.broker.BrokerLink.ConnectionListener;
import io.billingsdk.server.broker.HeldMessage;
import io.billingsdk.testbed.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An instance without the SDK: what it sends is what the caller wants, right or wrong. */
final class OneAtATime {
  private static final long PATIENCE_SECONDS = 120;

  private final String instance;
  private final String keyId;
  private final V2Topics topics = V2Topics.under("billing");
  private final BrokerConnection connection;
  private final BlockingQueue<Receipt> receipts = new LinkedBlockingQueue<>();

  /** Connected when this returns. */
  OneAtATime(Arguments arguments) throws InterruptedException {
    this.instance = arguments.text("user");
    this.keyId = arguments.text("keyId");
    ConnectionListener listener = this::received;
    this.connection =
        new BrokerConnection(
            new BrokerAddress(
                "localhost",
                (int) arguments.number("port", 0),
                Path.of(arguments.text("ca")),
                instance,
                arguments.text("password")),
            new ConnectionSettings(
                instance, List.of(topics.receipts(instance)), 0, 100, 1 << 20, null),
            listener);
    connection.start();
    Await.until(connection::isUp);
  }

  V2Topics topics() {
    return topics;
  }

  String instance() {
    return instance;
  }

  /** An event as it stands in a batch, without its number. */
  byte[] event() throws IOException {
    return V2Codec.encode(
            new V2Event(
                new KeyRef.KeyId(keyId), "llm", "m", 1, System.currentTimeMillis(), null, null))
        .orElseThrow();
  }

  byte[] batch(UUID stream, @Nullable StreamSecret secret, long first, long step, int most)
      throws IOException {
    BatchWriter batch =
        new BatchWriter(stream, secret, System.currentTimeMillis(), Bounds.BATCH_BYTES);
    byte[] event = event();
    for (int i = 0; i < most; i++) {
      if (!batch.add(first + i * step, event)) {
        throw new IllegalStateException("a batch takes no more than " + i);
      }
    }
    return batch.toBytes();
  }

  CompletableFuture<Void> publish(String topic, byte[] message) {
    return connection.publish(topic, message, /* retain= */ false);
  }

  /** Sends a batch of its own, and returns its receipt. */
  Receipt send(byte[] batch) throws InterruptedException {
    receipts.clear();
    var unused = publish(topics.usage(instance), batch);
    return next();
  }

  Receipt next() throws InterruptedException {
    Receipt receipt = receipts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (receipt == null) {
      throw new IllegalStateException("no receipt");
    }
    return receipt;
  }

  /** Nanoseconds to the receipts of so many events, one after the other; sorted. */
  long[] measure(UUID stream, @Nullable StreamSecret secret, long first, int events)
      throws IOException, InterruptedException {
    long[] nanos = new long[events];
    for (int i = 0; i < events; i++) {
      byte[] batch = batch(stream, secret, first + i, 1, 1);
      long begun = System.nanoTime();
      Receipt receipt = send(batch);
      nanos[i] = System.nanoTime() - begun;
      if (receipt.committed().isEmpty()) {
        throw new IllegalStateException("not committed: " + receipt);
      }
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private void received(HeldMessage message) {
    message.confirm();
    try {
      receipts.add(Receipt.decode(message.payload()));
    } catch (MalformedMessageException malformed) {
      throw new IllegalStateException(malformed);
    }
  }
}
