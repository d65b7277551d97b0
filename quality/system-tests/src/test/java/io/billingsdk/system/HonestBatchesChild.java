package io.billingsdk.system;

import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.RawMqtt;
import io.billingsdk.testbed.RawMqtt.Login;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * An instance that reports a small batch now and then, and measures how long its receipts take:
 * {@code user}, {@code password}, {@code port}, {@code ca}. On {@code MEASURE n} it connects anew,
 * and says {@code MEASURED} with the milliseconds until its first receipt, and of the others the
 * median, the 99th of a hundred and the largest.
 */
public final class HonestBatchesChild {
  private static final int EVENTS = 10;
  private static final long PAUSE_MILLIS = 20;

  private final Arguments arguments;
  private final V2Topics topics = V2Topics.under("billing");
  private UUID stream = UUID.randomUUID();
  private long numbered;

  private HonestBatchesChild(Arguments arguments) {
    this.arguments = arguments;
  }

  /** Runs it until its standard input ends. */
  public static void main(String[] args) throws Exception {
    HonestBatchesChild honest = new HonestBatchesChild(new Arguments(args));
    System.out.println("READY");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println("MEASURED " + honest.measure(Integer.parseInt(line.split(" ", -1)[1])));
    }
    Runtime.getRuntime().halt(0);
  }

  private String measure(int batches) throws Exception {
    stream = UUID.randomUUID();
    numbered = 0;
    String user = arguments.text("user");
    long begun = System.nanoTime();
    try (RawMqtt connection =
        RawMqtt.tls(
            (int) arguments.number("port", 0),
            Path.of(arguments.text("ca")),
            Login.of(user, arguments.text("password")))) {
      connection.subscribe(topics.receipts(user));
      batch(connection, user);
      long first = System.nanoTime() - begun;
      long[] nanos = new long[batches];
      for (int i = 0; i < batches; i++) {
        Pace.pause(Duration.ofMillis(PAUSE_MILLIS));
        long sent = System.nanoTime();
        batch(connection, user);
        nanos[i] = System.nanoTime() - sent;
      }
      Arrays.sort(nanos);
      return millis(first)
          + " "
          + millis(nanos[batches / 2])
          + " "
          + millis(nanos[(int) (0.99 * (batches - 1))])
          + " "
          + millis(nanos[batches - 1])
          + " "
          + numbered;
    }
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /** Returns when its receipt has come. */
  private void batch(RawMqtt connection, String user)
      throws IOException, MalformedMessageException {
    BatchWriter batch = new BatchWriter(stream, System.currentTimeMillis(), Bounds.BATCH_BYTES);
    byte[] event =
        ("{\"ts\":"
                + System.currentTimeMillis()
                + ",\"key_id\":\"k_honest\",\"module\":\"m\",\"model\":\"m\",\"usage\":1}")
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < EVENTS; i++) {
      if (!batch.add(++numbered, event)) {
        throw new IllegalStateException("a batch takes no more");
      }
    }
    connection.publish(topics.usage(user), batch.toBytes(), (int) (numbered / EVENTS % 60_000) + 1);
    while (true) {
      RawMqtt.Packet packet = connection.read();
      if (packet.type() == RawMqtt.PUBLISH) {
        Receipt receipt = Receipt.decode(connection.acknowledge(packet));
        if (receipt.stream().equals(stream)
            && receipt.committed().stream().anyMatch(range -> range.contains(numbered))) {
          return;
        }
      } else if (packet.type() != RawMqtt.PUBACK || packet.reason() != 0) {
        throw new IOException("answered with " + packet.type() + "/" + packet.reason());
      }
    }
  }
}
