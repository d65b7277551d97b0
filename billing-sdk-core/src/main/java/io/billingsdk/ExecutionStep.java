package io.billingsdk;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A step of an {@link Execution}, timed from its beginning until it is closed. Thread-safe. */
public final class ExecutionStep implements AutoCloseable {
  private final Execution execution;
  private final String name;
  private final Instant begun;
  private final long begunNanos;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean completed;
  private volatile @Nullable String error;

  ExecutionStep(Execution execution, String name) {
    this.execution = execution;
    this.name = name;
    this.begun = execution.now();
    this.begunNanos = execution.nanos();
  }

  /** It has succeeded: say it last. */
  public void complete() {
    completed = true;
  }

  /** Says why it fails, and the execution with it, unless that completes all the same. */
  public void fail(@Nullable String message) {
    error = message;
  }

  /** Ends it, once, and reports it. */
  @Override
  public void close() {
    if (!closed.compareAndSet(/* expectedValue= */ false, /* newValue= */ true)) {
      return;
    }
    long millis = execution.millisSince(begunNanos);
    if (completed) {
      execution.reportPart(name, begun, millis, "success", null);
      return;
    }
    String why = error == null ? "closed before its end" : error;
    execution.fail(why);
    execution.reportPart(name, begun, millis, "failed", why);
  }
}
