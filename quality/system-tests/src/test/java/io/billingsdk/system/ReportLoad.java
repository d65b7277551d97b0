package io.billingsdk.system;

import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Event;
import io.billingsdk.testbed.RawMqtt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One producer of {@link ReportLoadChild}: reports of protocol v1 at QoS 1, one message each, with
 * as many without a PUBACK as its window allows. What it sends is made before the clock starts.
 */
final class ReportLoad {
  private static final int PACKET_IDS = 65_535;
  private static final long PATIENCE_SECONDS = 120;

  private final RawMqtt connection;
  private final String key;
  private final int window;
  private final UUID stream = UUID.randomUUID();
  private long numbered;
  private byte[][] messages = new byte[0][];
  private long[] sent = new long[0];
  private long[] nanos = new long[0];

  ReportLoad(RawMqtt connection, String key, int window) {
    this.connection = connection;
    this.key = key;
    this.window = window;
  }

  void make(int events) throws IOException {
    messages = new byte[events][];
    sent = new long[events];
    nanos = new long[events];
    for (int i = 0; i < events; i++) {
      V1Event report =
          new V1Event(
              null,
              key,
              "llm",
              "gpt-4",
              1,
              System.currentTimeMillis(),
              Map.of("prompt_tokens", 100, "completion_tokens", 50));
      byte[] message = V1Codec.message(V1Codec.encode(report).orElseThrow(), stream, ++numbered);
      messages[i] =
          connection.publish("billing/report", message, 1, packetId(i), /* duplicate= */ false);
    }
  }

  private static int packetId(int index) {
    return index % PACKET_IDS + 1;
  }

  /** Sends all, and returns from publish to PUBACK of each when the last has come. */
  long[] send() throws Exception {
    Semaphore room = new Semaphore(window);
    CompletableFuture<Void> answered =
        CompletableFuture.runAsync(
            () -> answers(room), work -> new Thread(work, "answers").start());
    for (int next = 0; next < messages.length; ) {
      if (!room.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("no answer");
      }
      next = burst(next, 1 + room.drainPermits(), room);
    }
    answered.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return nanos;
  }

  /** As many as there is room for leave in one write. */
  private int burst(int from, int allowed, Semaphore room) throws IOException {
    int to = Math.min(messages.length, from + allowed);
    room.release(allowed - (to - from));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = from; i < to; i++) {
      bytes.writeBytes(messages[i]);
    }
    long now = System.nanoTime();
    for (int i = from; i < to; i++) {
      sent[i] = now;
    }
    connection.send(bytes.toByteArray());
    return to;
  }

  /** In the order in which they were sent: so MQTT has it, and so it is demanded here. */
  private void answers(Semaphore room) {
    try {
      for (int i = 0; i < messages.length; i++) {
        RawMqtt.Packet packet = connection.await(RawMqtt.PUBACK);
        if (packet.packetId() != packetId(i) || packet.reason() != 0) {
          throw new IllegalStateException("PUBACK " + packet.packetId() + "/" + packet.reason());
        }
        nanos[i] = System.nanoTime() - sent[i];
        room.release();
      }
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }
}
