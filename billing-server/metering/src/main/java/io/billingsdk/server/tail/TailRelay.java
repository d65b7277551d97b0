package io.billingsdk.server.tail;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.SqlArrays;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what this server stored to all servers, this one among them, by notifications of the
 * database, on a thread and in transactions of its own. Faster items are counted and left out.
 */
final class TailRelay implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TailRelay.class);

  static final String CHANNEL = "billing_tail";

  private static final int WAITING = 5_000;
  private static final int AT_ONCE = 500;
  private static final long PAUSE_MILLIS = 500;

  private final Database database;
  private final BlockingQueue<TailItem> waiting = new ArrayBlockingQueue<>(WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread = new Thread(this::run, "billing-tail-relay");
  private volatile boolean closed;

  TailRelay(Database database) {
    this.database = database;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void offer(List<? extends TailItem> items) {
    for (TailItem each : items) {
      if (!waiting.offer(each)) {
        lost.incrementAndGet();
      }
    }
  }

  static boolean send(Handle handle, List<String> messages) {
    handle
        .createUpdate("SELECT pg_notify(:channel, message) FROM unnest(:messages) AS message")
        .bind("channel", CHANNEL)
        .bind("messages", SqlArrays.texts(messages))
        .execute();
    return true;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    boolean told = false;
    while (!closed) {
      List<TailItem> items = new ArrayList<>();
      try {
        items.add(waiting.take());
        waiting.drainTo(items, AT_ONCE - 1);
        List<String> messages = TailCodec.encode(items, lost.getAndSet(0));
        var unused = database.read(handle -> send(handle, messages));
        told = false;
      } catch (RuntimeException failed) {
        lost.addAndGet(items.size());
        if (!told && !closed) {
          log.warn("the live tail receives no stored events: {}", failed.getMessage());
          told = true;
        }
        pause();
      } catch (InterruptedException atTheEnd) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
