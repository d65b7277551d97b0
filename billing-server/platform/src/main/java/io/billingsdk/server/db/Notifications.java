package io.billingsdk.server.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the notifications of PostgreSQL (NOTIFY), on one connection for all who subscribe.
 *
 * <p><b>Nothing is missed in silence.</b> PostgreSQL does not repeat what it said while nobody
 * listened. So a subscriber is asked to look again ({@link NotificationListener#lookAgain()}) once
 * its channel is heard, after each reconnection, and when it was too slow to be given everything.
 *
 * <p><b>In order.</b> A subscriber is called by one thread at a time, in the order in which
 * PostgreSQL said it. <b>One harms no other.</b> Each is called on an executor of its own, and what
 * waits for it is bounded.
 *
 * <p>A subscription gets no earlier notification. After an outage it connects again by itself,
 * after a quarter of a second, doubling to four seconds. {@link #start()} returns at once; {@link
 * #close()} ends it and waits until it holds no connection. Thread-safe.
 */
public final class Notifications implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Notifications.class);

  /** Of notifications that wait for one subscriber; of more it is asked to look again. */
  static final int WAITING = 1_000;

  private static final Pattern CHANNEL = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  /** A new subscription and the end are seen after this time at most. */
  private static final int WAIT_MILLIS = 250;

  /** A connection on which nothing is said may be dead without a sign of it. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int NETWORK_MILLIS = 10_000;
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 4_000;
  private static final long STOP_MILLIS = 2_000;

  private final Database database;
  private final Set<SubscriptionQueue> subscriptions = new CopyOnWriteArraySet<>();
  private final Thread thread = new Thread(this::run, "billing-notifications");
  private volatile boolean closed;

  /** Confined to the thread: the logged failure, until it is over; and how long to wait next. */
  private @Nullable String problem;

  private long pauseMillis = FIRST_PAUSE_MILLIS;

  /** Of a database; nothing is connected yet. */
  public Notifications(Database database) {
    this.database = database;
    thread.setDaemon(true);
  }

  /** A subscriber. */
  public interface NotificationListener {
    /** Somebody said this on the channel. */
    void received(String payload);

    /** Something may have been said that was not heard: what it would have said is to be read. */
    void lookAgain();
  }

  /** What a subscriber hears by. Thread-safe. */
  public interface ChannelSubscription extends AutoCloseable {
    /** Nothing more is delivered, except a call of the listener that is under way. */
    @Override
    void close();
  }

  /**
   * Hears a channel, before the start or after it, until the subscription is closed.
   *
   * @param channel letters, digits and underscores
   * @param executor calls the listener; one that calls it at once, on the thread that hears for
   *     all, is for listeners that return at once
   */
  public ChannelSubscription subscribe(
      String channel, Executor executor, NotificationListener listener) {
    if (!CHANNEL.matcher(channel).matches()) {
      throw new IllegalArgumentException(
          "channel must be 1 to 63 of a-z, 0-9, _ after a letter, but is " + channel);
    }
    SubscriptionQueue made =
        new SubscriptionQueue(channel, executor, listener, subscriptions::remove);
    subscriptions.add(made);
    return made;
  }

  /** Begins to listen. */
  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      // Otherwise the pool takes its connection away, which is logged as a fault.
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try (Connection connection = database.connection()) {
        hearAndAbort(connection);
      } catch (SQLException | RuntimeException failed) {
        tellOnce(String.valueOf(failed.getMessage()));
        pause();
      }
    }
  }

  private void hearAndAbort(Connection connection) throws SQLException {
    try {
      // The pool's own timeout is for batches; a dead connection is to be noticed sooner here.
      connection.setNetworkTimeout(Runnable::run, NETWORK_MILLIS);
      hear(connection, connection.unwrap(PGConnection.class));
    } finally {
      // In the pool it would go on to collect what nobody reads.
      database.evict(connection);
    }
  }

  private void hear(Connection connection, PGConnection postgres) throws SQLException {
    Set<SubscriptionQueue> begun = new HashSet<>();
    long heard = System.nanoTime();
    while (!closed) {
      begin(connection, begun);
      problem = null;
      pauseMillis = FIRST_PAUSE_MILLIS;
      // Those that came with the answer to a statement are not waited for.
      boolean any = deliver(postgres.getNotifications());
      any |= deliver(postgres.getNotifications(WAIT_MILLIS));
      if (any) {
        heard = System.nanoTime();
      } else if (System.nanoTime() - heard >= SILENCE_NANOS) {
        begun.retainAll(subscriptions);
        ask(connection, begun);
        heard = System.nanoTime();
      }
    }
  }

  /** Listens for those that have come since; each looks again, since it may have missed some. */
  private void begin(Connection connection, Set<SubscriptionQueue> begun) throws SQLException {
    for (SubscriptionQueue each : subscriptions) {
      if (begun.add(each)) {
        listen(connection, each.channel());
        each.lookAgain();
      }
    }
  }

  /** An answer shows that the connection lives; to listen once more changes nothing. */
  private static void ask(Connection connection, Set<SubscriptionQueue> begun) throws SQLException {
    for (SubscriptionQueue one : begun) {
      listen(connection, one.channel());
      return;
    }
  }

  private static void listen(Connection connection, String channel) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + channel);
    }
  }

  private boolean deliver(PGNotification @Nullable [] notifications) {
    if (notifications == null || notifications.length == 0) {
      return false;
    }
    for (PGNotification said : notifications) {
      for (SubscriptionQueue each : subscriptions) {
        if (each.channel().equals(said.getName())) {
          each.offer(said.getParameter());
        }
      }
    }
    return true;
  }

  private void tellOnce(String why) {
    if (problem == null && !closed) {
      problem = why;
      log.warn("the server receives no notifications from the database: {}", why);
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(pauseMillis);
      pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
