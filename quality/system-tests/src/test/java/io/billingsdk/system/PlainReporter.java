package io.billingsdk.system;

import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Event;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.RawMqtt;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A producer of protocol v1 without a journal: it reports at QoS 1, forgets an event with its
 * PUBACK, and sends again, after each lost connection, what has none. Works on a thread of its own
 * from {@link #start} to {@link #stop}.
 */
final class PlainReporter {
  private static final int WINDOW = 50;
  private static final long PAUSE_MILLIS = 50;

  private final Callable<RawMqtt> connect;
  private final String key;
  private final long firstId;

  /** Null: its events have no number. */
  private final @Nullable UUID stream;

  private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean stopping;
  private volatile @Nullable AssertionError wrong;

  // For its thread.
  private final Deque<Long> unanswered = new ArrayDeque<>();
  private long reported;
  private long sentAgain;

  /**
   * A reporter to be started.
   *
   * @param firstId of its events; the next ones follow
   */
  PlainReporter(
      String name, Callable<RawMqtt> connect, String key, @Nullable UUID stream, long firstId) {
    this.connect = connect;
    this.key = key;
    this.stream = stream;
    this.firstId = firstId;
    this.thread = new Thread(this::run, name);
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Reports nothing more, and returns when all that it reported has its PUBACK. */
  void stop() throws InterruptedException {
    stopping = true;
    thread.join(Child.PATIENCE.toMillis());
    if (thread.isAlive()) {
      throw new AssertionError(thread.getName() + " waits for PUBACKs");
    }
    AssertionError found = wrong;
    if (found != null) {
      throw found;
    }
  }

  /** The ids of events with a PUBACK. */
  Collection<Long> acknowledged() {
    return acknowledged;
  }

  /** Events that were sent once more; after {@link #stop}. */
  long sentAgain() {
    return sentAgain;
  }

  private boolean isDone() {
    return stopping && unanswered.isEmpty();
  }

  private void run() {
    while (!isDone()) {
      try (RawMqtt connection = connect.call()) {
        for (long id : unanswered) {
          send(connection, id, /* again= */ true);
          sentAgain++;
        }
        while (!isDone()) {
          report(connection);
        }
      } catch (Exception lost) {
        pause();
      } catch (AssertionError found) {
        wrong = found;
        return;
      }
    }
  }

  /** Fills the window, and waits until half of it is answered. */
  private void report(RawMqtt connection) throws Exception {
    while (!stopping && unanswered.size() < WINDOW) {
      long id = firstId + reported++;
      unanswered.add(id);
      send(connection, id, /* again= */ false);
    }
    while (unanswered.size() > (stopping ? 0 : WINDOW / 2)) {
      RawMqtt.Packet answer = connection.read();
      if (answer.type() != RawMqtt.PUBACK) {
        throw new IOException("ended by the server: " + answer.type());
      }
      long first = unanswered.element();
      if (answer.reason() != 0 || answer.packetId() != packetId(first)) {
        throw new AssertionError("PUBACK " + answer.packetId() + "/" + answer.reason());
      }
      acknowledged.add(unanswered.remove());
    }
  }

  private void send(RawMqtt connection, long id, boolean again) throws Exception {
    V1Event report =
        new V1Event(null, key, "llm", "gpt-4", 1, System.currentTimeMillis(), Map.of("id", id));
    byte[] event = V1Codec.encode(report).orElseThrow();
    UUID of = stream;
    byte[] message = of == null ? event : V1Codec.message(event, of, id - firstId + 1);
    connection.send(connection.publish("billing/report", message, 1, packetId(id), again));
  }

  private static int packetId(long id) {
    return (int) (id % 60_000) + 1;
  }

  private static void pause() {
    Pace.pause(Duration.ofMillis(PAUSE_MILLIS));
  }
}
