package io.billingsdk.internal.client;

import static java.util.Objects.requireNonNull;

import io.billingsdk.Admission;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.BillingException;
import io.billingsdk.BillingListener;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import io.billingsdk.DrainReport;
import io.billingsdk.KeyDecision;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.journal.JournalFigures;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.SerialScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client: intake, journal, delivery, link and key table, listed in {@link ClientAssembly} and
 * begun and ended by {@link ClientLifecycle}.
 *
 * <p>Its own work is the lifecycle. Constructed it does nothing; {@link #start} begins.
 */
public final class DefaultBillingClient implements BillingClient {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CLIENT);
  private static final Duration STOP_TIMEOUT = Duration.ofMillis(1_500);

  /** For leases to go back; the billing system takes them back later by itself. */
  private static final Duration RETURN_TIMEOUT = Duration.ofMillis(500);

  private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofDays(365 * 100);

  private enum Phase {
    CREATED,
    STARTED,
    FAILED
  }

  private final BillingConfig config;
  private final Faults faults = new Faults();
  private final SerialScheduler scheduler;
  private final SerialScheduler callbacks;
  private final DurableReports durably;
  private final ClientAssembly parts;
  private final ClientLifecycle lifecycle;

  /** Null where none is wanted. */
  private final @Nullable ShutdownHook hook;

  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.CREATED);

  private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
  private final AtomicReference<@Nullable CompletableFuture<DrainReport>> closing =
      new AtomicReference<>();

  private DefaultBillingClient(BillingConfig config, @Nullable EventJournal journal, Clock clock) {
    this.config = config;
    this.scheduler = new SerialScheduler("billing-delivery", log, faults);
    this.callbacks = new SerialScheduler("billing-callbacks", log, faults);
    this.durably = new DurableReports(callbacks, faults);
    Runnable onFirstKeys = () -> ready.complete(true);
    this.parts =
        new ClientAssembly(
            new ClientContext(config, clock, scheduler, callbacks, faults),
            journal,
            this::status,
            onFirstKeys,
            durably);
    this.lifecycle = new ClientLifecycle(parts, scheduler, onFirstKeys);
    this.hook =
        config.shutdownHook()
            ? new ShutdownHook(parts.journal(), config.journalInMemory().isEmpty())
            : null;
  }

  /** A client that does nothing until it is started. */
  public static DefaultBillingClient create(BillingConfig config) {
    return create(config, Clock.system());
  }

  /** The same with a journal that somebody else has opened. */
  public static DefaultBillingClient create(BillingConfig config, EventJournal journal) {
    return new DefaultBillingClient(config, journal, Clock.system());
  }

  /** The same with a clock that may be wrong. */
  public static DefaultBillingClient create(BillingConfig config, Clock clock) {
    return new DefaultBillingClient(config, null, clock);
  }

  @Override
  public void start() {
    if (closing.get() != null) {
      throw new BillingException("this billing client was closed; create another");
    }
    if (!phase.compareAndSet(Phase.CREATED, Phase.STARTED)) {
      throw new BillingException(
          isStarted()
              ? "this billing client was started already; use it as it is"
              : "the start of this billing client has failed; create another");
    }
    try {
      OneCore.verify();
      lifecycle.open();
    } catch (RuntimeException | Error failed) {
      phase.set(Phase.FAILED);
      letGo(failed);
      throw failed;
    }
    begin();
  }

  /** The journal may be open, with its thread, and hold a directory that the next client wants. */
  private void letGo(Throwable failed) {
    try {
      long unused = parts.journal().release(RELEASE_TIMEOUT);
      lifecycle.awaitEnd(STOP_TIMEOUT);
      scheduler.shutdown(STOP_TIMEOUT);
      callbacks.shutdown(STOP_TIMEOUT);
    } catch (RuntimeException | Error another) {
      failed.addSuppressed(another);
    }
  }

  private boolean isStarted() {
    return phase.get() == Phase.STARTED;
  }

  private void begin() {
    log.info("starting: {}", config);
    if (config.allowInsecure()) {
      log.warn(
          "TLS IS OFF (allowInsecure): everybody between here and {}:{} can read API keys and"
              + " forge usage",
          config.host(),
          config.port());
    }
    if (hook != null) {
      hook.install();
    }
    scheduler.execute(lifecycle::begin);
  }

  @Override
  public ReportOutcome report(@Nullable UsageEvent event) {
    return isStarted() ? parts.intake().report(event) : notTaken();
  }

  /** A journal that is not open has no file: what it took would be nowhere. */
  private ReportOutcome.Rejected notTaken() {
    return closing.get() == null
        ? ReportOutcome.Rejected.of(
            RejectionReason.NOT_STARTED,
            "",
            "this billing client was created but not started; start it first")
        : ReportOutcome.Rejected.of(RejectionReason.CLOSED, "", "the billing client was closed");
  }

  @Override
  public CompletableFuture<ReportOutcome.Accepted> reportDurably(@Nullable UsageEvent event) {
    return durably.report(
        durable -> isStarted() ? parts.intake().report(event, durable) : notTaken());
  }

  @Override
  public KeyDecision check(@Nullable String apiKey) {
    return parts.keys().check(apiKey);
  }

  @Override
  public Admission admit(@Nullable String apiKey) {
    return parts.quotas().admit(apiKey, null);
  }

  @Override
  public Admission admit(@Nullable UsageEvent estimate) {
    return parts.quotas().admit(estimate == null ? null : estimate.apiKey(), estimate);
  }

  @Override
  public ClientStatus status() {
    StatusBoard.Shown shown = parts.board().shown();
    JournalFigures figures = parts.journal().figures();
    boolean waitsForStart = !isStarted() && shown.state() != ConnectionState.CLOSED;
    return ClientStatus.of(
            waitsForStart ? ConnectionState.NOT_STARTED : shown.state(),
            shown.since(),
            ClientStatus.Delivery.of(
                    figures.appended(),
                    figures.acknowledged(),
                    figures.pending(),
                    figures.deadLettered(),
                    figures.dropped(),
                    parts.intake().rejected())
                .withTrouble(parts.setAside().trouble()),
            journalStatus(figures),
            parts.keys().figures())
        .withLastProblem(shown.lastProblem())
        .withProtocol(parts.negotiation().spoken())
        .withQuotas(parts.quotas().figures());
  }

  @Override
  public boolean awaitReady(Duration timeout) {
    return Boolean.TRUE.equals(await(ready, timeout));
  }

  @Override
  public DrainReport flush(Duration timeout) {
    CompletableFuture<DrainReport> closed = closing.get();
    if (closed != null && closed.isDone()) {
      return closed.join(); // Events that were lost then are not held now.
    }
    if (!isStarted()) {
      return DrainReport.of(0, 0, 0);
    }
    awaitSettled(timeout);
    JournalFigures figures = parts.journal().figures();
    return DrainReport.of(figures.acknowledged(), figures.pending(), figures.deadLettered())
        .withDropped(figures.dropped());
  }

  @Override
  public DrainReport close(Duration timeout) {
    CompletableFuture<DrainReport> mine = new CompletableFuture<>();
    CompletableFuture<DrainReport> first = closing.compareAndExchange(null, mine);
    if (first != null) {
      return first.join();
    }
    try {
      mine.complete(closeOnce(timeout));
    } catch (RuntimeException | Error failed) {
      // The other callers wait for this one: none may be left hanging.
      mine.completeExceptionally(failed);
      throw failed;
    }
    return mine.join();
  }

  @Override
  public void addListener(BillingListener listener) {
    parts.listeners().add(requireNonNull(listener, "listener"));
  }

  @Override
  public void removeListener(BillingListener listener) {
    parts.listeners().remove(requireNonNull(listener, "listener"));
  }

  private DrainReport closeOnce(Duration timeout) {
    if (!isStarted()) {
      // No thread runs and no file is open; a start that failed has let go of its own.
      parts.board().connection(ConnectionState.CLOSED, null, "");
      ready.complete(false);
      return DrainReport.of(0, 0, 0);
    }
    EventJournal journal = parts.journal();
    parts.quotas().close();
    journal.close();
    awaitSettled(timeout);
    await(onScheduler(parts.quotas().line()::close), RETURN_TIMEOUT);
    await(onScheduler(lifecycle::stop), STOP_TIMEOUT);
    parts.board().connection(ConnectionState.CLOSED, null, "");
    ready.complete(false);
    scheduler.shutdown(STOP_TIMEOUT);
    lifecycle.awaitEnd(STOP_TIMEOUT);
    long lost = journal.release(RELEASE_TIMEOUT);
    callbacks.shutdown(STOP_TIMEOUT);
    if (hook != null) {
      hook.remove();
    }
    JournalFigures figures = journal.figures();
    DrainReport report =
        DrainReport.of(figures.acknowledged(), figures.pending() - lost, figures.deadLettered())
            .withDropped(figures.dropped())
            .withLost(lost);
    RecordCaches.forget(log);
    if (lost > 0) {
      log.error("closed with {} accepted events undelivered: they are lost", lost);
    }
    if (figures.dropped() > 0) {
      log.warn("{} events were dropped to make room since the start", figures.dropped());
    }
    return report;
  }

  private void awaitSettled(Duration timeout) {
    if (parts.board().shown().state() == ConnectionState.CLOSED) {
      return; // The scheduler drops tasks now: nobody would answer.
    }
    await(onScheduler(() -> parts.delivery().flush()), timeout);
  }

  /** Runs on the scheduler's thread what begins there and ends later. */
  private CompletableFuture<Void> onScheduler(Supplier<CompletableFuture<Void>> action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    scheduler.execute(
        () -> {
          try {
            settle(done, action.get());
          } catch (Throwable failed) {
            // Without this, a caller would wait for it until its time is over.
            done.complete(null);
            throw failed;
          }
        });
    return done;
  }

  private static void settle(CompletableFuture<Void> done, CompletableFuture<Void> begun) {
    var unused = begun.whenComplete((nothing, failed) -> done.complete(null));
  }

  /**
   * A caller's "for ever" is more than a long holds; thrown here, a close would be left half done.
   */
  private static long nanos(Duration timeout) {
    if (timeout.compareTo(LONGEST) > 0) {
      return LONGEST.toNanos();
    }
    return timeout.isNegative() ? 0 : timeout.toNanos();
  }

  private ClientStatus.Journal journalStatus(JournalFigures figures) {
    return ClientStatus.Journal.of(
            config.journalInMemory().isEmpty(), figures.bytes(), figures.segments())
        .withQuarantined(figures.quarantined())
        .withUnreadable(figures.unreadable())
        .withUnreadableBytes(figures.unreadableBytes())
        .withOldest(
            figures.oldestMillis() == 0 ? null : Instant.ofEpochMilli(figures.oldestMillis()))
        .withTrouble(figures.trouble());
  }

  private static <T> @Nullable T await(CompletableFuture<T> future, Duration timeout) {
    try {
      return future.get(nanos(timeout), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      return null;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return null;
    } catch (ExecutionException failed) {
      log.error("the billing client failed inside", failed.getCause());
      return null;
    }
  }
}
