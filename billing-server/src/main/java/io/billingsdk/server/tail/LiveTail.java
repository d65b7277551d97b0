package io.billingsdk.server.tail;

import io.billingsdk.server.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
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

  private static final int WAIT_MILLIS = 250;
  private static final long STOP_MILLIS = 1_000;
  private static final long PAUSE_MILLIS = 500;

  private final Database database;
  private final TailRelay relay;
  private final Set<Subscription> listeners = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this::run, "billing-tail");
  private volatile long wantedUntil = System.nanoTime();
  private volatile boolean closed;

  /** Of the servers of a database. */
  public LiveTail(Database database) {
    this.database = database;
    this.relay = new TailRelay(database);
    thread.setDaemon(true);
  }

  /** Begins to listen. */
  public void start() {
    thread.start();
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
      database.call(LiveTail::want);
    } catch (SQLException failed) {
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
    closed = true;
    relay.close();
    thread.interrupt();
    try {
      // Else the pool takes its connection away, which is told as a fault.
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void wanted() {
    wantedUntil = System.nanoTime() + WANTED.toNanos();
  }

  private static boolean want(Connection connection) throws SQLException {
    TailRelay.send(connection, List.of(TailCodec.WANT));
    return true;
  }

  private void run() {
    @Nullable String problem = null;
    while (!closed) {
      try (Connection connection = database.connection()) {
        problem = null;
        listeners.forEach(Subscription::interrupted);
        listen(connection);
      } catch (SQLException | RuntimeException failed) {
        if (problem == null && !closed) {
          problem = String.valueOf(failed.getMessage());
          log.warn("the live tail hears nothing: {}", problem);
        }
        pause();
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + TailRelay.CHANNEL);
    }
    try {
      hear(connection);
    } catch (SQLException | RuntimeException failed) {
      // In the pool it would go on to collect what nobody reads.
      connection.abort(Runnable::run);
      throw failed;
    }
  }

  private void hear(Connection connection) throws SQLException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    long said = System.nanoTime() - SAID.toNanos();
    while (!closed) {
      // Not each time: it comes back as a notification, which ends the wait.
      if (!listeners.isEmpty() && System.nanoTime() - said >= SAID.toNanos()) {
        said = System.nanoTime();
        want(connection);
      }
      // Those that came with the answer to a statement are not waited for.
      deliver(postgres.getNotifications());
      deliver(postgres.getNotifications(WAIT_MILLIS));
    }
  }

  private void deliver(PGNotification @Nullable [] notifications) {
    if (notifications == null) {
      return;
    }
    for (PGNotification each : notifications) {
      if (each.getParameter().equals(TailCodec.WANT)) {
        wanted();
      } else if (!listeners.isEmpty()) {
        for (TailItem item : TailCodec.decode(each.getParameter())) {
          listeners.forEach(listener -> listener.offer(item));
        }
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
