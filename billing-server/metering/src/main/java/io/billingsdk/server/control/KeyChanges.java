package io.billingsdk.server.control;

import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.db.Notifications.ChannelSubscription;
import io.billingsdk.server.keys.KeyVersions;
import io.billingsdk.server.keys.StoredKey;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends every change of a key to all SDKs, whichever process changed it. It listens to
 * notifications of the database, and looks every few seconds too, since a notification that came
 * while the connection was lost is not repeated.
 *
 * <p>A lane of its own: it has a thread, so that a block waits for nothing that instances ask or
 * say. Repeating a change does no harm, so several servers may.
 */
final class KeyChanges implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KeyChanges.class);

  private static final int WAIT_MILLIS = 2_000;

  private final Database database;
  private final Notifications notifications;
  private final V2Topics topics;
  private final KeyPublisher publisher;
  private final Runnable changed;
  private final Semaphore wakes = new Semaphore(0);
  private final Thread thread = new Thread(this::run, "billing-key-changes");
  private volatile boolean closed;
  private volatile @Nullable ChannelSubscription subscription;

  /** Confined to the thread: the version of the table that was sent to all; -1: none yet. */
  private long told = -1;

  /** The same: the logged failure, until it is over. */
  private @Nullable String problem;

  /**
   * A lane to be started.
   *
   * @param changed called on its thread after changes; must not wait
   */
  KeyChanges(
      Database database,
      Notifications notifications,
      String prefix,
      KeyPublisher publisher,
      Runnable changed) {
    this.database = database;
    this.notifications = notifications;
    this.topics = V2Topics.under(prefix);
    this.publisher = publisher;
    this.changed = changed;
    thread.setDaemon(true);
  }

  /** Begins to listen. Changes from now on are sent. */
  void start() {
    try {
      // Here: a change that came before the thread's first look would be passed over.
      told = database.read(KeyVersions::current);
    } catch (DatabaseException away) {
      log.debug("the version of the keys is read at the first look", away);
    }
    subscription =
        notifications.subscribe(
            KeyVersions.CHANNEL,
            Runnable::run,
            new Notifications.NotificationListener() {
              @Override
              public void received(String payload) {
                wakes.release();
              }

              @Override
              public void lookAgain() {
                wakes.release();
              }
            });
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    ChannelSubscription made = subscription;
    if (made != null) {
      made.close();
    }
    thread.interrupt();
  }

  private void run() {
    while (!closed) {
      try {
        database.read(this::tell);
        problem = null;
        await();
      } catch (RuntimeException failed) {
        if (problem == null && !closed) {
          problem = String.valueOf(failed.getMessage());
          log.warn("the server cannot receive key changes: {}", problem);
        }
        pause();
      }
    }
  }

  private void await() {
    try {
      if (wakes.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        // One look finds what all of them were about.
        wakes.drainPermits();
      }
    } catch (InterruptedException atTheEnd) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells of what has changed since the last call; the first one may only remember. */
  private boolean tell(Handle handle) {
    if (told < 0) {
      told = KeyVersions.current(handle);
      return false;
    }
    List<StoredKey> keys = KeyVersions.since(handle, told);
    for (int from = 0; from < keys.size(); from += KeySnapshot.CHUNK_KEYS) {
      List<StoredKey> part =
          keys.subList(from, Math.min(keys.size(), from + KeySnapshot.CHUNK_KEYS));
      long version = part.get(part.size() - 1).version();
      // One that is lost is a gap at the SDKs, which ask for the table then.
      var unused =
          publisher.publish(
              topics.keys(),
              KeyFeedMessage.change(told, version, KeyFeedRecords.of(part)).encode());
      told = version;
    }
    if (!keys.isEmpty()) {
      changed.run();
    }
    return true;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
