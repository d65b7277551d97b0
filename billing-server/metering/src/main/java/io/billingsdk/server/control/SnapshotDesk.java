package io.billingsdk.server.control;

import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.Counts.Family;
import io.billingsdk.server.common.LimitedLog;
import io.billingsdk.server.control.Turns.Turn;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.keys.KeyVersions;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Sends the key table to the instances that ask for it, in the order in which they ask. An instance
 * waits once, however often it asks, and who asks faster than an SDK does comes later than the
 * others. The table is read and encoded once for all who ask while no key changes, and goes out
 * chunk by chunk to a bounded number of instances at a time, so that changes of keys find a broker
 * that is not busy with tables. Thread-safe.
 */
final class SnapshotDesk implements AutoCloseable {
  private static final LimitedLog log = new LimitedLog(LoggerFactory.getLogger(SnapshotDesk.class));

  /**
   * An SDK asks at each connect, once a second at most, and then after 10 s and more; a service
   * that is started again and again is to have its table each time.
   */
  static final int BURST = 10;

  static final Duration INTERVAL = Duration.ofSeconds(2);

  /** Instances that are being sent to. */
  static final int AT_ONCE = 32;

  /** Whose client takes nothing is sent no other table: it would fill the broker's memory. */
  static final int QUEUED = 100;

  /** A larger table is not kept for those who ask next. */
  private static final long KEPT_BYTES = 32L << 20;

  private static final long PATIENCE_SECONDS = 10;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Database database;
  private final V2Topics topics;
  private final KeyPublisher publisher;
  private final Counts counts;
  private final Turns<Boolean> turns =
      new Turns<>(BURST, INTERVAL, (before, now) -> now, System::nanoTime);
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final Thread thread = new Thread(this::run, "billing-key-snapshots");

  /** Confined to the thread. */
  private @Nullable KeySnapshot kept;

  private volatile boolean closed;

  /** A desk to be opened. */
  SnapshotDesk(Database database, String prefix, KeyPublisher publisher, Counts counts) {
    this.database = database;
    this.topics = V2Topics.under(prefix);
    this.publisher = publisher;
    this.counts = counts;
    thread.setDaemon(true);
  }

  /** Begins to send. */
  void start() {
    thread.start();
  }

  /** An instance asks; returns at once. */
  void ask(String instance) {
    if (turns.enter(instance, /* value= */ true).isNegative()) {
      log.warn(
          LimitedLog.LogKind.CONTROL,
          "{} instances wait for the key table; {} must ask again",
          turns.size(),
          instance);
    }
  }

  @Override
  public void close() {
    closed = true;
    turns.close();
    thread.interrupt();
  }

  private void run() {
    while (!closed) {
      try {
        serve(turns.take(AT_ONCE));
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException defect) {
        // Out of here it would be the last snapshot of all.
        log.error(LimitedLog.LogKind.DEFECT, "key tables could not be sent", defect);
      }
    }
  }

  private void serve(List<Turn<Boolean>> asking) throws InterruptedException {
    Iterator<Turn<Boolean>> left = asking.iterator();
    try {
      KeySnapshot snapshot = asking.isEmpty() ? null : current();
      while (snapshot != null && left.hasNext()) {
        send(left.next(), snapshot);
      }
    } catch (DatabaseException failed) {
      log.warn(LimitedLog.LogKind.CONTROL, "the key table cannot be read: {}", failed.getMessage());
      left.forEachRemaining(each -> turns.again(each, PAUSE));
    }
  }

  /** As of now: an instance that asked before this has every change since, or receives it. */
  private KeySnapshot current() {
    KeySnapshot before = kept;
    if (before != null && database.read(KeyVersions::current) == before.version()) {
      return before;
    }
    KeySnapshot read = database.read(KeySnapshot::read);
    counts.add(Family.SNAPSHOTS, "built");
    kept = read.bytes() <= KEPT_BYTES ? read : null;
    return read;
  }

  private void send(Turn<Boolean> turn, KeySnapshot snapshot) throws InterruptedException {
    places.acquire();
    Sending sending = new Sending(turn, snapshot.messages());
    // Not waited for: the broker answers behind all that it is to write.
    var unused =
        publisher
            .queued(turn.name())
            .completeOnTimeout(0, PATIENCE_SECONDS, TimeUnit.SECONDS)
            .exceptionally(unknown -> 0)
            .thenAccept(sending::begin);
  }

  /** A table on its way to one instance: a chunk is sent when the broker has the one before. */
  private final class Sending {
    private final Turn<Boolean> turn;
    private final String topic;
    private final Iterator<byte[]> left;

    Sending(Turn<Boolean> turn, List<byte[]> messages) {
      this.turn = turn;
      this.topic = topics.keys(turn.name());
      this.left = messages.iterator();
    }

    void begin(int queued) {
      if (queued > QUEUED) {
        end("put-off");
        turns.again(turn, INTERVAL);
      } else {
        next();
      }
    }

    private void next() {
      try {
        while (left.hasNext()) {
          CompletableFuture<Void> sent = publisher.publish(topic, left.next());
          if (!sent.isDone()) {
            var unused =
                sent.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .whenComplete((done, failed) -> then(failed));
            return;
          }
          sent.join();
        }
        end("sent");
      } catch (RuntimeException failed) {
        end("failed");
      }
    }

    private void then(@Nullable Throwable failed) {
      if (failed == null) {
        next();
      } else {
        end("failed");
      }
    }

    /** The instance asks again when half of it has come. */
    private void end(String fate) {
      places.release();
      counts.add(Family.SNAPSHOTS, fate);
    }
  }
}
