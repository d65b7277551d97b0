package io.billingsdk.server.control;

import io.billingsdk.protocol.KeyUpdate;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.server.common.LimitedLog;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.keys.KeyVersions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the legacy keys to all of protocol v1: at each change, and when somebody asks. One message
 * answers all who have asked until then, since each of them hears it. A connection that asks faster
 * than an SDK does waits, and of answers there is one a second at most. Thread-safe.
 */
final class LegacyDesk implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(LegacyDesk.class);
  private static final LimitedLog log = new LimitedLog(logger);

  private static final int PROTOCOL = 2;

  /** An SDK asks at each connect, and then after 10 s and more. */
  static final int BURST = 3;

  static final Duration INTERVAL = Duration.ofSeconds(10);

  /** Between two answers; a change is sent at once. */
  private static final long PAUSE_MILLIS = 1_000;

  private static final long PATIENCE_SECONDS = 10;
  private static final int ALL = Integer.MAX_VALUE;
  private static final String CHANGE = "a change";
  private static final String REQUESTS = "requests";

  private final Database database;
  private final KeyVault vault;
  private final String topic;
  private final KeyPublisher publisher;
  private final Turns<Boolean> asking =
      new Turns<>(BURST, INTERVAL, (before, now) -> now, System::nanoTime);

  /** Those that are to be answered now: a change, and those whose turn it was. */
  private final Turns<Boolean> due = new Turns<>((before, now) -> now);

  private final List<Thread> threads;
  private volatile boolean closed;

  /** A desk to be opened. */
  LegacyDesk(Database database, KeyVault vault, String prefix, KeyPublisher publisher) {
    this.database = database;
    this.vault = vault;
    this.topic = V1Topics.under(prefix).keysUpdate();
    this.publisher = publisher;
    this.threads =
        List.of(
            new Thread(() -> run(this::admit), "billing-legacy-requests"),
            new Thread(() -> run(this::tell), "billing-legacy-keys"));
    threads.forEach(each -> each.setDaemon(true));
  }

  /** Begins to send. */
  void start() {
    threads.forEach(Thread::start);
  }

  /**
   * Somebody asks; returns at once.
   *
   * @param connection its number; 0 when that is not known
   */
  void ask(int connection) {
    String name = Integer.toString(connection);
    var unused =
        connection == 0
            ? asking.enterUnpaced(name, /* value= */ true)
            : asking.enter(name, /* value= */ true);
  }

  /** A key has changed; returns at once. */
  void changed() {
    var unused = due.enter(CHANGE, /* value= */ true);
  }

  @Override
  public void close() {
    closed = true;
    asking.close();
    due.close();
    threads.forEach(Thread::interrupt);
  }

  /** One round of a thread. */
  @FunctionalInterface
  private interface Round {
    void once() throws InterruptedException;
  }

  private void run(Round round) {
    while (!closed) {
      try {
        round.once();
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException defect) {
        log.error(LimitedLog.LogKind.DEFECT, "legacy keys could not be sent", defect);
      }
    }
  }

  private void admit() throws InterruptedException {
    if (!asking.take(ALL).isEmpty()) {
      var unused = due.enter(REQUESTS, /* value= */ true);
      // Requests that come meanwhile are answered by the next message.
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private void tell() throws InterruptedException {
    List<Turns.Turn<Boolean>> wanted = due.take(ALL);
    if (wanted.isEmpty()) {
      return;
    }
    try {
      List<KeyUpdate.Entry> entries = entries();
      byte[] message =
          V1Codec.encodeKeyUpdate(new KeyUpdate(System.currentTimeMillis(), PROTOCOL, entries, 0));
      // Waits, so that the next one is not made before this one has gone.
      publisher.publish(topic, message).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (DatabaseException failed) {
      log.warn(
          LimitedLog.LogKind.CONTROL, "the legacy keys cannot be read: {}", failed.getMessage());
      wanted.forEach(each -> due.again(each, Duration.ofMillis(PAUSE_MILLIS)));
    } catch (ExecutionException | TimeoutException lost) {
      // Without a connection: who asked asks again, and the next connection tells all.
      logger.debug("the legacy keys were not sent: {}", lost.toString());
    }
  }

  private List<KeyUpdate.Entry> entries() {
    List<KeyUpdate.Entry> entries = new ArrayList<>();
    for (KeyVersions.LegacyKey each : database.read(KeyVersions::legacy)) {
      each.open(vault)
          .ifPresentOrElse(
              key ->
                  entries.add(new KeyUpdate.Entry(each.app(), key, !each.isValid(), each.reason())),
              () ->
                  log.warn(
                      LimitedLog.LogKind.KEYS,
                      "legacy key {} was encrypted with another secret",
                      each.keyId()));
    }
    return entries;
  }
}
