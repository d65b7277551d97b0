package io.billingsdk.internal.client;

import io.billingsdk.ClientStatus.Problem;
import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.ConnectionState;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the client stands, and the one place that logs it: one line for each change of state and
 * for each kind of problem in it, however often an attempt is repeated.
 */
final class StatusBoard {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CONNECTION);

  private final Object lock = new Object();
  private final String broker;
  private final Clock clock;
  private final Runnable onChange;

  // All guarded by lock.
  private ConnectionState state = ConnectionState.CONNECTING;
  private Instant since;
  private @Nullable Problem lastProblem;
  private @Nullable ProblemKind openProblem;
  private final Set<ProblemKind> logged = EnumSet.noneOf(ProblemKind.class);

  /** What the board shows. */
  record Shown(ConnectionState state, Instant since, @Nullable Problem lastProblem) {}

  /**
   * A board for one client.
   *
   * @param broker its address, for the log
   * @param onChange run after each change, with no lock held
   */
  StatusBoard(String broker, Clock clock, Runnable onChange) {
    this.broker = broker;
    this.clock = clock;
    this.onChange = onChange;
    this.since = now();
  }

  Shown shown() {
    synchronized (lock) {
      return new Shown(state, since, lastProblem);
    }
  }

  /** The connection's state, after each attempt. A closed client stays closed. */
  void connection(ConnectionState newState, @Nullable ProblemKind kind, String message) {
    boolean changed;
    boolean logs;
    synchronized (lock) {
      if (state == ConnectionState.CLOSED) {
        return;
      }
      changed = newState != state || kind != openProblem;
      if (newState != state) {
        state = newState;
        since = now();
        logged.clear();
      }
      // Attempts that fail in two ways by turns would else log a line each, for hours.
      logs = changed && (kind == null || logged.add(kind));
      openProblem = kind;
      if (kind != null) {
        lastProblem = Problem.of(kind, message, now());
      }
    }
    logConnection(newState, message, logs);
    if (changed) {
      onChange.run();
    }
  }

  /** Something hinders the delivery, though the connection stands. */
  void hindered(ProblemKind kind, String message) {
    boolean changed;
    synchronized (lock) {
      if (state == ConnectionState.CLOSED) {
        return;
      }
      changed = kind != openProblem;
      openProblem = kind;
      lastProblem = Problem.of(kind, message, now());
    }
    if (changed) {
      log.warn("events are kept: {}", message);
      onChange.run();
    }
  }

  /** Events are refused for good, while others may go through: the connection stands. */
  void refused(String message, boolean first) {
    synchronized (lock) {
      if (state == ConnectionState.CLOSED) {
        return;
      }
      lastProblem = Problem.of(ProblemKind.REFUSED, message, now());
    }
    if (first) {
      onChange.run();
    }
  }

  /** The hindrance is over. */
  void unhindered() {
    boolean changed;
    synchronized (lock) {
      changed = openProblem != null && state != ConnectionState.CLOSED;
      openProblem = null;
    }
    if (changed) {
      log.info("events are delivered again");
      onChange.run();
    }
  }

  /** Something failed that was not expected to. It is logged where it was caught. */
  void failedInside(String message) {
    boolean changed;
    synchronized (lock) {
      if (state == ConnectionState.CLOSED) {
        return;
      }
      changed = lastProblem == null || !lastProblem.message().equals(message);
      lastProblem = Problem.of(ProblemKind.LOCAL, message, now());
    }
    if (changed) {
      onChange.run();
    }
  }

  private void logConnection(ConnectionState newState, String message, boolean logs) {
    if (!logs) {
      log.trace("still {}: {}", newState, message);
      return;
    }
    switch (newState) {
      case CONNECTING -> log.info("connecting to {}", broker);
      case CONNECTED -> log.info("connected to {}", broker);
      case DISCONNECTED -> log.warn("not connected to {}, trying again: {}", broker, message);
      case UNAUTHORIZED ->
          log.warn("refused by {}, trying again every 30 s or more: {}", broker, message);
      case CLOSED -> log.info("closed the connection to {}", broker);
      case NOT_STARTED, DISABLED -> log.trace("{} has no connection", broker);
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.wallMillis());
  }
}
