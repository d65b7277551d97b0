package io.billingsdk.system;

import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.BrokerConnection;
import io.billingsdk.server.broker.ConnectionListener;
import io.billingsdk.server.broker.ConnectionSettings;
import io.billingsdk.server.broker.HeldMessage;
import io.billingsdk.wire.BatchWriter;
import io.billingsdk.wire.Bounds;
import io.billingsdk.wire.KeyRef;
import io.billingsdk.wire.MalformedMessageException;
import io.billingsdk.wire.Receipt;
import io.billingsdk.wire.SeqRange;
import io.billingsdk.wire.UsageRecord;
import io.billingsdk.wire.UsageReport;
import io.billingsdk.wire.V1Codec;
import io.billingsdk.wire.V1Topics;
import io.billingsdk.wire.V2Codec;
import io.billingsdk.wire.V2Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A producer that costs as little as one can: what it sends is made before the clock starts, in
 * batches of the size and with the window that the SDK has. It keeps no journal and repeats
 * nothing: an event that is lost on the way ends the run.
 *
 * <p>Asked by lines: {@code v2 COUNT} answers {@code V2 NANOS} when receipts for all came, {@code
 * v1 COUNT} answers {@code V1} when the broker has all of them.
 */
public final class LoadChild {
  private static final int BATCH_EVENTS = 250;
  private static final int WINDOW_BATCHES = 64;
  private static final int WINDOW_REPORTS = 1_000;
  private static final long PATIENCE_SECONDS = 120;

  private final String key;
  private final String keyId;
  private final String instance;
  private final V2Topics topics = V2Topics.under("billing");
  private final BrokerConnection connection;
  private final UUID stream = UUID.randomUUID();
  private final AtomicLong receipted = new AtomicLong();
  private final Semaphore window = new Semaphore(WINDOW_BATCHES);
  private long sent;

  private LoadChild(Arguments arguments) {
    this.key = arguments.text("key");
    this.keyId = arguments.text("keyId");
    this.instance = arguments.text("user");
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
  }

  /** Runs it until its standard input ends. */
  public static void main(String[] args) throws Exception {
    LoadChild load = new LoadChild(new Arguments(args));
    load.connection.start();
    while (!load.connection.isUp()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    System.out.println("UP");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      int count = Integer.parseInt(line.substring(3));
      System.out.println(line.startsWith("v2") ? "V2 " + load.batches(count) : load.reports(count));
    }
    Runtime.getRuntime().halt(0);
  }

  private long batches(int count) throws IOException, InterruptedException {
    List<byte[]> messages = new ArrayList<>();
    for (int made = 0; made < count; made += BATCH_EVENTS) {
      BatchWriter batch = new BatchWriter(stream, System.currentTimeMillis(), Bounds.BATCH_BYTES);
      for (int i = 0; i < Math.min(BATCH_EVENTS, count - made); i++) {
        if (!batch.add(++sent, V2Codec.encode(event()).orElseThrow())) {
          throw new IllegalStateException("a batch takes no more");
        }
      }
      messages.add(batch.toBytes());
    }
    long begun = System.nanoTime();
    for (byte[] message : messages) {
      take(window, 1);
      publish(topics.usage(instance), message);
    }
    take(window, WINDOW_BATCHES);
    long nanos = System.nanoTime() - begun;
    window.release(WINDOW_BATCHES);
    return nanos;
  }

  private String reports(int count) throws IOException, InterruptedException {
    UUID own = UUID.randomUUID();
    List<byte[]> messages = new ArrayList<>();
    for (int seq = 1; seq <= count; seq++) {
      UsageReport report =
          new UsageReport(
              null, key, "llm", "gpt-4", 1, System.currentTimeMillis(), event().metadata());
      messages.add(V1Codec.message(V1Codec.encode(report).orElseThrow(), own, seq));
    }
    String topic = V1Topics.under("billing").report();
    Semaphore unanswered = new Semaphore(WINDOW_REPORTS);
    System.out.println("READY");
    for (byte[] message : messages) {
      take(unanswered, 1);
      var unused =
          connection
              .publish(topic, message, /* retain= */ false)
              .whenComplete((done, failed) -> answered(unanswered, failed));
    }
    take(unanswered, WINDOW_REPORTS);
    return "V1";
  }

  private UsageRecord event() {
    return new UsageRecord(
        new KeyRef.KeyId(keyId),
        "llm",
        "gpt-4",
        1,
        System.currentTimeMillis(),
        Map.of("prompt_tokens", 100, "completion_tokens", 50),
        null);
  }

  private void publish(String topic, byte[] message) {
    var unused =
        connection
            .publish(topic, message, /* retain= */ false)
            .whenComplete(
                (done, failed) -> {
                  if (failed != null) {
                    lost(failed);
                  }
                });
  }

  private static void answered(Semaphore unanswered, Throwable failed) {
    if (failed != null) {
      lost(failed);
    }
    unanswered.release();
  }

  private void received(HeldMessage message) {
    message.confirm();
    try {
      Receipt receipt = Receipt.decode(message.payload());
      if (!receipt.rejected().isEmpty() || !receipt.duplicates().isEmpty()) {
        lost(new IllegalStateException("not committed: " + receipt));
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
      lost(malformed);
    }
  }

  private static void take(Semaphore permits, int count) throws InterruptedException {
    if (!permits.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      lost(new IllegalStateException("no answer"));
    }
  }

  private static void lost(Throwable why) {
    why.printStackTrace();
    Runtime.getRuntime().halt(1);
    throw new UncheckedIOException(new IOException(why));
  }
}
