package io.billingsdk;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Begins an {@link Execution}; {@link Billing#execution} makes one. For one thread. No method
 * throws because of its argument: an event that is out of bounds is rejected when it is reported.
 */
public final class ExecutionBuilder {
  final Function<UsageEvent, ReportOutcome> reporter;
  final String taskType;
  final LongSupplier nanos;
  final InstantSource clock;
  @Nullable String apiKey;
  @Nullable Caller caller;
  @Nullable String subject;
  @Nullable String session;
  @Nullable String id;

  ExecutionBuilder(Function<UsageEvent, ReportOutcome> reporter, String taskType) {
    this(reporter, taskType, System::nanoTime, InstantSource.system());
  }

  ExecutionBuilder(
      Function<UsageEvent, ReportOutcome> reporter,
      String taskType,
      LongSupplier nanos,
      InstantSource clock) {
    this.reporter = reporter;
    this.taskType = requireNonNull(taskType, "taskType");
    this.nanos = nanos;
    this.clock = clock;
  }

  /** The key that its events are charged to. */
  public ExecutionBuilder apiKey(@Nullable String newApiKey) {
    this.apiKey = newApiKey;
    return this;
  }

  /** The caller that its events are charged to, in place of a key. */
  public ExecutionBuilder caller(@Nullable Caller newCaller) {
    this.caller = newCaller;
    return this;
  }

  /** The end user that it is for. */
  public ExecutionBuilder subject(@Nullable String newSubject) {
    this.subject = newSubject;
    return this;
  }

  /** The session of the end user. */
  public ExecutionBuilder session(@Nullable String newSession) {
    this.session = newSession;
    return this;
  }

  /** Its name, which no other execution has; a random one if this is not called. */
  public ExecutionBuilder id(@Nullable String newId) {
    this.id = newId;
    return this;
  }

  /**
   * Starts it. From now on events that this thread reports belong to it, until {@link
   * Execution#close}, which this thread calls.
   */
  public Execution start() {
    return new Execution(this, id == null ? UUID.randomUUID().toString() : id);
  }
}
