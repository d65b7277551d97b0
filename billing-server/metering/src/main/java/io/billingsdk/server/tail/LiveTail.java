package io.billingsdk.server.tail;

import io.billingsdk.server.db.ChannelSubscription;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.Notifications;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows what is stored and refused while it happens, by any server of this database, to whoever
 * watches at one of them. What is shown is committed. It is for the eye, not for the books: it has
 * no memory, and under a flood it leaves out what it cannot show, and says how much. The ledger is
 * what counts.
 *
 * <p>A server tells the others by notifications of the database, after its COMMIT and in
 * transactions of their own, which write nothing; in the collector's transaction they would make
 * all collectors commit one after the other. Nothing is told while nobody watches.
 *
 * <p>{@link #start()} returns at once; {@link #close()} ends it. Thread-safe.
 */
public final class LiveTail implements TailSink, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveTail.class);

  /** So many may watch at once. Each keeps what it has not been shown yet. */
  public static final int PLACES = 200;

  private static final Duration WANTED = Duration.ofSeconds(10);

  /** How often it is said that somebody watches. */
  private static final Duration SAID = Duration.ofSeconds(2);

  private final Database database;
  private final Notifications notifications;
  private final TailRelay relay;
  private final Set<Subscription> listeners = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "billing-tail");
            made.setDaemon(true);
            return made;
          });
  private volatile long wantedUntil = System.nanoTime();
  private volatile @Nullable ChannelSubscription subscription;

  /** Of the servers of a database. */
  public LiveTail(Database database, Notifications notifications) {
    this.database = database;
    this.notifications = notifications;
    this.relay = new TailRelay(database);
  }

  /** Begins to listen. */
  public void start() {
    subscription = notifications.subscribe(TailRelay.CHANNEL, thread, new Heard());
    var unused =
        thread.scheduleWithFixedDelay(
            this::say, SAID.toMillis(), SAID.toMillis(), TimeUnit.MILLISECONDS);
    relay.start();
  }

  /** Shows from now on what passes the filter; empty when too many watch here already. */
  public Optional<Subscription> subscribe(TailFilter filter) {
    Subscription made = new Subscription(filter, listeners::remove);
    synchronized (listeners) {
      if (listeners.size() >= PLACES) {
        return Optional.empty();
      }
      listeners.add(made);
    }
    wanted();
    try {
      var unused = database.read(LiveTail::want);
    } catch (DatabaseException failed) {
      // It is said again within a second or two.
      log.debug("the other servers do not know yet that somebody watches", failed);
    }
    return Optional.of(made);
  }

  @Override
  public boolean isWanted() {
    return wantedUntil - System.nanoTime() > 0;
  }

  @Override
  public void offer(List<? extends TailItem> items) {
    relay.offer(items);
  }

  @Override
  public void close() {
    ChannelSubscription made = subscription;
    if (made != null) {
      made.close();
    }
    relay.close();
    thread.shutdownNow();
  }

  private void wanted() {
    wantedUntil = System.nanoTime() + WANTED.toNanos();
  }

  private static boolean want(Handle handle) {
    return TailRelay.send(handle, List.of(TailCodec.WANT));
  }

  /** Not each time that somebody asks: it comes back as a notification. */
  private void say() {
    if (listeners.isEmpty()) {
      return;
    }
    try {
      boolean unused = database.read(LiveTail::want);
    } catch (RuntimeException failed) {
      // It is said again two seconds later.
      log.debug("the other servers do not hear that somebody watches", failed);
    }
  }

  private final class Heard implements Notifications.NotificationListener {
    @Override
    public void received(String payload) {
      if (payload.equals(TailCodec.WANT)) {
        wanted();
      } else if (!listeners.isEmpty()) {
        for (TailItem item : TailCodec.decode(payload)) {
          listeners.forEach(listener -> listener.offer(item));
        }
      }
    }

    @Override
    public void lookAgain() {
      listeners.forEach(Subscription::interrupted);
    }
  }
}
