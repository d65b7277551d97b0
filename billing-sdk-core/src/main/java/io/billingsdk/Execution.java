package io.billingsdk;

import static java.util.Objects.requireNonNull;

import io.billingsdk.internal.LoggerNames;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run of your application, such as the making of a video: its steps, and what each call to
 * another service costs. All of it is reported as usage events, so nothing is lost that was
 * reported before a failure.
 *
 * <pre>{@code
 * try (Execution run = Billing.execution("video_generation").subject(user).start()) {
 *   run.step("transcribe", () -> transcribe(audio));
 *   run.cost("whisper", "transcribe", minutes, "minutes");
 *   run.complete();
 * }
 * }</pre>
 *
 * <p>Events that its thread reports within belong to it. Work on another thread takes {@link
 * #wrap}, or the context of {@link #usage}. An execution that is closed before {@link #complete}
 * has failed.
 *
 * <p>Thread-safe. Only the thread that started it may call {@link #close}.
 */
public final class Execution implements AutoCloseable {
  /** The module of events about steps; the server makes durations of them. */
  static final String MODULE = "performance";

  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CLIENT);
  private static final AtomicBoolean warned = new AtomicBoolean();
  private static final String WHOLE = "execution";
  private static final int ERROR_CHARS = 1_000;

  private final ExecutionBuilder settings;
  private final String id;
  private final UsageContext usage;
  private final @Nullable UsageContext outer;
  private final Instant begun;
  private final long begunNanos;
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean completed;
  private volatile @Nullable String error;

  Execution(ExecutionBuilder settings, String id) {
    this.settings = settings;
    this.id = id;
    UsageContext before = UsageContext.current();
    this.usage =
        (settings.subject == null ? before : before.withSubject(settings.subject))
            .withSession(settings.session == null ? before.session() : settings.session)
            .withExecution(id);
    this.outer = UsageContext.enter(usage);
    this.begun = settings.clock.instant();
    this.begunNanos = settings.nanos.getAsLong();
    reportPart(null, begun, 0, "started", null);
  }

  /** Work that may fail. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object, E extends Exception> {
    /** Does it. */
    T run() throws E;
  }

  /** The same without a result. */
  @FunctionalInterface
  public interface Task<E extends Exception> {
    /** Does it. */
    void run() throws E;
  }

  /** Its name. */
  public String id() {
    return id;
  }

  /** The context of its events: {@code BillingContext.with} of billing-sdk-grpc carries it on. */
  public UsageContext usage() {
    return usage;
  }

  /** The same work, whose events belong to this execution on whichever thread it runs. */
  public Runnable wrap(Runnable work) {
    requireNonNull(work, "work");
    return () -> {
      UsageContext before = UsageContext.enter(usage);
      try {
        work.run();
      } finally {
        UsageContext.leave(before);
      }
    };
  }

  /** Begins a step. It has failed if it is closed before {@link ExecutionStep#complete}. */
  public ExecutionStep step(String name) {
    return new ExecutionStep(this, requireNonNull(name, "name"));
  }

  /** Does a step: it has failed when the work throws, and its exception is thrown on. */
  public <E extends Exception> void step(String name, Task<E> task) throws E {
    var unused =
        call(
            name,
            () -> {
              task.run();
              return true;
            });
  }

  /** Does a step that has a result, as {@link #step(String, Task)} does. */
  public <T extends @Nullable Object, E extends Exception> T call(String name, Work<T, E> work)
      throws E {
    try (ExecutionStep step = step(name)) {
      try {
        T result = work.run();
        step.complete();
        return result;
      } catch (Exception failed) {
        step.fail(failed.toString());
        throw failed;
      }
    }
  }

  /**
   * Reports a call to another service; the server knows what it costs. It is kept also when the
   * execution fails later.
   *
   * @param service as the prices name it, such as {@code whisper}
   * @param operation the act there, such as {@code transcribe}
   * @param unit of the quantity, such as {@code minutes}, {@code tokens} or {@code GB}
   */
  public ReportOutcome cost(
      String service, String operation, @Nullable BigDecimal quantity, String unit) {
    return cost(service, operation, quantity, unit, Map.of());
  }

  /** As {@link #cost(String, String, BigDecimal, String)}, with more about it. */
  public ReportOutcome cost(
      String service,
      String operation,
      @Nullable BigDecimal quantity,
      String unit,
      Map<String, ?> metadata) {
    Map<String, Object> all = new LinkedHashMap<>(metadata);
    all.put("operation", operation);
    all.put("unit", unit);
    all.put("record_id", nextRecord());
    return settings.reporter.apply(
        event(service, operation).withMetadata(all).toBuilder()
            .usage(quantity)
            .build()
            .inContext(usage));
  }

  /** As {@link #cost(String, String, BigDecimal, String)}. */
  public ReportOutcome cost(String service, String operation, long quantity, String unit) {
    return cost(service, operation, BigDecimal.valueOf(quantity), unit);
  }

  /** It has succeeded, whatever its steps have done: say it last. */
  public void complete() {
    completed = true;
  }

  /** Says why it fails; the last one said counts, unless it completes. */
  public void fail(@Nullable String message) {
    error = message;
  }

  /** Ends it, once. */
  @Override
  public void close() {
    if (!closed.compareAndSet(/* expectedValue= */ false, /* newValue= */ true)) {
      return;
    }
    UsageContext.leave(outer);
    long millis = millisSince(begunNanos);
    if (completed) {
      reportPart(null, begun, millis, "success", null);
    } else {
      String why = error;
      reportPart(null, begun, millis, "failed", why == null ? "closed before its end" : why);
    }
  }

  Instant now() {
    return settings.clock.instant();
  }

  long nanos() {
    return settings.nanos.getAsLong();
  }

  long millisSince(long startNanos) {
    return Math.max(0, Duration.ofNanos(nanos() - startNanos).toMillis());
  }

  /** Reports a step, or the whole without a name; nobody waits for it, and nothing is thrown. */
  void reportPart(
      @Nullable String step, Instant at, long millis, String status, @Nullable String message) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("step_name", step == null ? WHOLE : step);
    metadata.put("status", status);
    metadata.put("record_id", nextRecord());
    if (step == null) {
      metadata.put("whole", true);
    }
    if (!status.equals("started")) {
      metadata.put("completed_at", at.plusMillis(millis).toString());
    }
    if (message != null) {
      metadata.put("error", message.substring(0, Math.min(ERROR_CHARS, message.length())));
    }
    ReportOutcome outcome =
        settings.reporter.apply(
            event(MODULE, settings.taskType).withMetadata(metadata).toBuilder()
                .usage(millis)
                .time(at)
                .build()
                .inContext(usage));
    warnOnce(outcome);
  }

  private static void warnOnce(ReportOutcome outcome) {
    if (outcome instanceof ReportOutcome.Rejected rejected
        && warned.compareAndSet(/* expectedValue= */ false, /* newValue= */ true)) {
      log.warn("a step of an execution was not taken (logged once): {}", rejected);
    }
  }

  private UsageEvent event(String module, String model) {
    Caller caller = settings.caller;
    return caller == null
        ? UsageEvent.of(settings.apiKey, module, model, 0)
        : UsageEvent.by(caller, module, model, 0);
  }

  private String nextRecord() {
    return id + "/" + numbers.incrementAndGet();
  }
}
