package io.billingsdk.server.tail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.db.Notifications.ChannelSubscription;
import io.billingsdk.server.ledger.EventFilter;
import io.billingsdk.server.tail.TailItem.TailSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows events as they are stored and refused, by any server of this database, to the watchers at
 * one of them. The shown events are committed. It is for the eye, not for the books: it has no
 * memory, and under a flood it leaves out what it cannot show, and says how much. The ledger is
 * what counts.
 *
 * <p>A server tells the others by notifications of the database, after its COMMIT and in
 * transactions of their own, which write nothing; in the collector's transaction they would make
 * all collectors commit one after the other. Nothing is sent while nobody watches.
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
      log.debug("the other servers cannot be notified yet that somebody watches", failed);
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
      log.debug("the other servers cannot be notified that somebody watches", failed);
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

  /**
   * What one listener is shown. It keeps {@value #WAITING} items; a watcher that takes them too
   * slowly loses the newer ones, and sees how many. To be closed. Items may come from any thread;
   * one thread takes them.
   */
  public static final class Subscription implements AutoCloseable {
    private static final int WAITING = 1_000;

    private final BlockingQueue<TailItem> waiting = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong lost = new AtomicLong();
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final TailFilter filter;
    private final Consumer<Subscription> end;
    private volatile Runnable onItem = () -> {};

    Subscription(TailFilter filter, Consumer<Subscription> end) {
      this.filter = filter;
      this.end = end;
    }

    /** Has something run each time that there may be something new; it must not wait. */
    public void onItem(Runnable action) {
      onItem = action;
    }

    /**
     * The next item; null when none came for so long.
     *
     * @throws InterruptedException when the waiting thread is to stop
     */
    public @Nullable TailItem poll(Duration wait) throws InterruptedException {
      TailItem next = poll();
      return next == null ? waiting.poll(wait.toNanos(), TimeUnit.NANOSECONDS) : next;
    }

    /** The next item; null when there is none just now. */
    public @Nullable TailItem poll() {
      TailItem next = waiting.poll();
      if (next != null) {
        return next;
      }
      // After what came before it, and before what will come.
      long missing = lost.getAndSet(0);
      if (interrupted.getAndSet(false) || missing > 0) {
        return new TailItem.Lost(missing);
      }
      return null;
    }

    void offer(TailItem item) {
      if (item instanceof TailItem.Lost some) {
        lost.addAndGet(some.atLeast());
      } else if (filter.accepts(item) && !waiting.offer(item)) {
        lost.incrementAndGet();
      }
      onItem.run();
    }

    /** Something may have been missed, and nobody knows how much. */
    void interrupted() {
      interrupted.set(true);
      onItem.run();
    }

    /** Ends it. */
    @Override
    public void close() {
      end.accept(this);
    }
  }

  /**
   * What a listener wants to see.
   *
   * @param events which events that were stored
   * @param usage whether it wants these
   * @param rejected whether it wants those that were refused. They have no app, key, module or
   *     model that could be relied on: a filter that asks for one sees none of them
   */
  public record TailFilter(EventFilter events, boolean usage, boolean rejected) {
    /** Everything. */
    public static final TailFilter ALL = new TailFilter(EventFilter.ALL, true, true);

    boolean accepts(TailItem item) {
      if (item instanceof TailItem.Usage event) {
        return usage && accepts(event);
      }
      return item instanceof TailItem.Rejected && rejected && events.equals(EventFilter.ALL);
    }

    private boolean accepts(TailItem.Usage event) {
      return isOrAny(events.app(), event.app())
          && isOrAny(events.key(), event.key())
          && isOrAny(events.module(), event.module())
          && isOrAny(events.model(), event.model())
          && isOrAny(events.subject(), event.details().subject())
          && isOrAny(events.session(), event.details().session())
          && isOrAny(events.execution(), event.details().execution())
          && !(events.unattributed() && event.app() != null)
          && hasMetadata(event.metadata());
    }

    private static boolean isOrAny(@Nullable String asked, @Nullable String value) {
      return asked == null || asked.equals(value);
    }

    private boolean hasMetadata(@Nullable String json) {
      if (events.metadata().isEmpty()) {
        return true;
      }
      if (json == null) {
        return false;
      }
      try {
        JsonNode metadata = TailCodec.JSON.readTree(json);
        for (Map.Entry<String, String> each : events.metadata().entrySet()) {
          if (!each.getValue().equals(text(metadata.path(each.getKey())))) {
            return false;
          }
        }
        return true;
      } catch (JsonProcessingException malformed) {
        return false;
      }
    }

    /** As the database writes it. */
    private static @Nullable String text(JsonNode value) {
      if (value.isNumber()) {
        return value.decimalValue().toPlainString();
      }
      return value.isValueNode() && !value.isNull() ? value.asText() : null;
    }
  }
}
