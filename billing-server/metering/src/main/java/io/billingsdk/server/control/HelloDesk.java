package io.billingsdk.server.control;

import io.billingsdk.protocol.Hello;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.Counts.Family;
import io.billingsdk.server.common.LimitedLog;
import io.billingsdk.server.control.Turns.Turn;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.ledger.HelloStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Stores signs of life, one instance after the other, on a thread of its own: nothing else waits
 * for it. Of each stream of an instance the newest one waits, and of an instance a few streams,
 * since one that was closed says its last word just before the next one begins. While the database
 * is away, they wait. Thread-safe.
 */
final class HelloDesk implements AutoCloseable {
  private static final LimitedLog log = new LimitedLog(LoggerFactory.getLogger(HelloDesk.class));

  /** Of one instance; of more the oldest are left out. */
  static final int STREAMS = 4;

  /** Of all instances together, while the database is away. */
  static final long WAITING_BYTES = 16L << 20;

  private static final int HELLO_BYTES = 512;
  private static final int DROPPED_BYTES = 256;
  private static final int RANGE_BYTES = 32;

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final HelloStore helloStore;
  private final InstanceLeases leases;
  private final Counts counts;
  private final Turns<Map<UUID, Hello>> turns = new Turns<>(this::merge);
  private final Room room = new Room(WAITING_BYTES);
  private final Thread thread = new Thread(this::run, "billing-hellos");
  private volatile boolean closed;

  /** A desk to be opened. */
  HelloDesk(HelloStore helloStore, InstanceLeases leases, Counts counts) {
    this.helloStore = helloStore;
    this.leases = leases;
    this.counts = counts;
    thread.setDaemon(true);
  }

  /** Begins to store. */
  void start() {
    thread.start();
  }

  /** An instance has said something; returns at once. */
  void said(String instance, Hello hello) {
    Map<UUID, Hello> one = new LinkedHashMap<>();
    one.put(hello.stream(), hello);
    long size = size(hello);
    boolean roomy = room.enter(size);
    if (!roomy || turns.enter(instance, one).isNegative()) {
      room.leave(roomy ? size : 0);
      counts.add(Family.HELLOS, "dropped");
      log.warn(
          LimitedLog.LogKind.CONTROL,
          "signs of life of {} instances wait to be stored: one of {} is left out until its next",
          turns.size(),
          instance);
    }
  }

  /** About what it takes in memory. */
  private static long size(Hello hello) {
    long size = HELLO_BYTES;
    for (Hello.Dropped each : hello.dropped()) {
      size += DROPPED_BYTES + (long) RANGE_BYTES * each.ranges().size();
    }
    return size;
  }

  private void leave(@Nullable Hello hello) {
    if (hello != null) {
      room.leave(size(hello));
    }
  }

  /** Bytes of what waits. */
  long waitingBytes() {
    return room.held();
  }

  @Override
  public void close() {
    closed = true;
    turns.close();
    thread.interrupt();
  }

  /** The map itself is added to: it is in nobody else's hands. */
  private Map<UUID, Hello> merge(Map<UUID, Hello> before, Map<UUID, Hello> now) {
    now.forEach(
        (stream, hello) -> {
          // Removed first: the newest is to be the last.
          Hello older = before.remove(stream);
          if (older != null) {
            leave(older);
            counts.add(Family.HELLOS, "superseded");
          }
          before.put(stream, hello);
        });
    while (before.size() > STREAMS) {
      leave(before.remove(before.keySet().iterator().next()));
      counts.add(Family.HELLOS, "superseded");
    }
    return before;
  }

  private void run() {
    while (!closed) {
      try {
        for (Turn<Map<UUID, Hello>> turn : turns.take(1)) {
          keep(turn);
        }
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void keep(Turn<Map<UUID, Hello>> turn) throws InterruptedException {
    for (Hello hello : List.copyOf(turn.value().values())) {
      try {
        boolean own = helloStore.keep(turn.name(), SignsOfLife.of(hello));
        counts.add(Family.HELLOS, own ? "kept" : "foreign");
        if (own) {
          leases.heard(turn.name(), hello.stream(), isEmpty(hello));
        }
        leave(turn.value().remove(hello.stream()));
      } catch (DatabaseException failed) {
        log.warn(
            LimitedLog.LogKind.CONTROL, "a sign of life is not stored: {}", failed.getMessage());
        if (isAway(failed)) {
          turns.again(turn, PAUSE);
          TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
          return;
        }
        // It never will be: the others are not to wait for it.
        leave(turn.value().remove(hello.stream()));
        counts.add(Family.HELLOS, "malformed");
      } catch (RuntimeException defect) {
        log.error(LimitedLog.LogKind.DEFECT, "a sign of life cannot be stored", defect);
        leave(turn.value().remove(hello.stream()));
      }
    }
  }

  private static boolean isEmpty(Hello hello) {
    return hello.loss().pending() == 0 && hello.journal().oldestMillis() == null;
  }

  /** Without a connection, or of a server that ends, has no room, or wants it done once more. */
  private static boolean isAway(DatabaseException failed) {
    return failed.sqlState().matches("|(08|53|57|58|40|55|XX).*");
  }
}
