package io.billingsdk.internal.link;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.ConnectionState;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.link.Connector.Connection;
import io.billingsdk.internal.link.PublishResult.Outcome;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of the link: one attempt at a time, each with a connection object of its own,
 * and a pause after each that failed.
 *
 * <p>Confined to the scheduler's thread. Events of an attempt that is no longer the present one are
 * ignored: that is why a late answer of a given-up connection can do no harm.
 */
final class MqttLink implements BrokerLink {
  private final Connector connector;
  private final RetryPolicy retry;
  private final Faults faults;
  private final Clock clock;
  private final Scheduler scheduler;

  /** Receives all notices from the start on; null before it. */
  private @Nullable LinkObserver started;

  private @Nullable Attempt present;
  private @Nullable Cancellable nextAttempt;
  private int failures;
  private int refusals;
  private boolean closed;

  MqttLink(
      Connector connector, RetryPolicy retry, Faults faults, Clock clock, Scheduler scheduler) {
    this.connector = connector;
    this.retry = retry;
    this.faults = faults;
    this.clock = clock;
    this.scheduler = scheduler;
  }

  @Override
  public void start(LinkObserver observer) {
    started = observer;
    observer.state(ConnectionState.CONNECTING, null, "");
    attempt();
  }

  @Override
  public void publish(OutgoingMessage message, Consumer<PublishResult> callback) {
    Attempt attempt = present;
    if (attempt == null || !attempt.up) {
      scheduler.execute(() -> callback.accept(new PublishResult(Outcome.UNKNOWN, "not connected")));
      return;
    }
    attempt
        .connection()
        .publish(message, result -> scheduler.execute(() -> callback.accept(result)));
  }

  @Override
  public void reconnect(String why) {
    Attempt attempt = present;
    if (attempt != null && attempt.up) {
      var unused = attempt.connection().close();
      ended(attempt, Failure.soon(ProblemKind.BROKER, why));
    }
  }

  @Override
  public CompletableFuture<Void> close() {
    closed = true;
    if (nextAttempt != null) {
      nextAttempt.cancel();
    }
    Attempt attempt = present;
    present = null;
    if (attempt != null) {
      attempt.over = true;
      attempt.endWatch();
    }
    CompletableFuture<Void> done =
        attempt == null ? CompletableFuture.completedFuture(null) : attempt.connection().close();
    return done.whenComplete((nothing, never) -> connector.shutdown());
  }

  @Override
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return connector.awaitEnd(timeout);
  }

  private LinkObserver observer() {
    if (started == null) {
      throw new IllegalStateException("the link was not started");
    }
    return started;
  }

  private void attempt() {
    nextAttempt = null;
    if (!closed) {
      Attempt attempt = new Attempt();
      present = attempt;
      attempt.watch = scheduler.schedule(() -> overdue(attempt), retry.attempt());
      try {
        attempt.connection = connector.open(attempt);
      } catch (Throwable failed) {
        // For want of a thread, say. Thrown out of here, this attempt would have been the last.
        String message = faults.caught("the connection to the broker", failed);
        ended(attempt, Failure.soon(ProblemKind.LOCAL, message));
      }
    }
  }

  /** The library has lost it: an error on a thread of its own, say. */
  private void overdue(Attempt attempt) {
    if (attempt == present && !attempt.up) {
      ended(
          attempt,
          Failure.soon(
              ProblemKind.LOCAL,
              "an attempt to connect did not end within "
                  + retry.attempt().toSeconds()
                  + " s; the log may have an error of the MQTT library"));
      var unused = attempt.connection().close();
    }
  }

  private void came(Attempt attempt, LinkLimits limits) {
    if (attempt != present) {
      var unused = attempt.connection().close();
      return;
    }
    attempt.up = true;
    attempt.endWatch();
    attempt.upSinceNanos = clock.monotonicNanos();
    try {
      LinkObserver observer = observer();
      observer.state(ConnectionState.CONNECTED, null, "");
      observer.up(limits);
    } catch (Throwable failed) {
      // Half of the client would take it for connected, and the other half never begin.
      String message = faults.caught("the use of a connection", failed);
      var unused = attempt.connection().close();
      ended(attempt, Failure.soon(ProblemKind.LOCAL, message));
    }
  }

  private void ended(Attempt attempt, Failure failure) {
    if (attempt != present) {
      return;
    }
    present = null;
    attempt.over = true;
    attempt.endWatch();
    if (attempt.up) {
      forgetFailuresIfStable(attempt);
    }
    // First: were the next attempt made after what may throw, there could be none.
    nextAttempt = scheduler.schedule(this::attempt, pauseAfter(failure));
    LinkObserver observer = observer();
    if (attempt.up) {
      observer.down();
    }
    ConnectionState state =
        failure.kind() == ProblemKind.UNAUTHORIZED || failure.kind() == ProblemKind.FORBIDDEN
            ? ConnectionState.UNAUTHORIZED
            : ConnectionState.DISCONNECTED;
    observer.state(state, failure.kind(), failure.message());
  }

  private void forgetFailuresIfStable(Attempt attempt) {
    long heldNanos = clock.monotonicNanos() - attempt.upSinceNanos;
    if (heldNanos >= retry.stable().toNanos()) {
      failures = 0;
      refusals = 0;
    }
  }

  private Duration pauseAfter(Failure failure) {
    return switch (failure.pace()) {
      case SOON -> retry.soon().delay(failures++);
      case RARELY -> retry.rarely().delay(refusals++);
    };
  }

  /** One attempt; its events come on any thread and go on on the scheduler's. */
  private final class Attempt implements Connector.Events {
    private @Nullable Connection connection;
    private @Nullable Cancellable watch;
    private boolean up;
    private long upSinceNanos;

    /** Read on the threads of the MQTT client. */
    private volatile boolean over;

    private void endWatch() {
      if (watch != null) {
        watch.cancel();
        watch = null;
      }
    }

    private Connection connection() {
      if (connection == null) {
        throw new IllegalStateException("an event came before the attempt was opened");
      }
      return connection;
    }

    @Override
    public void up(LinkLimits limits) {
      scheduler.execute(() -> came(this, limits));
    }

    @Override
    public void failed(Failure failure) {
      scheduler.execute(() -> ended(this, failure));
    }

    @Override
    public void received(String topic, byte[] payload) {
      // A key update that was still queued could undo one of the next connection.
      if (!over) {
        observer().received(topic, payload);
      }
    }
  }
}
