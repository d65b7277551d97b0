package io.billingsdk;

import static java.util.Objects.requireNonNull;

import io.billingsdk.internal.LoggerNames;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one billing client of this process.
 *
 * <p>{@link #start} it once, early; report from anywhere; {@link #close} it last. All methods only
 * forward to the client, and you need no reference to it. Code under test should take a {@link
 * BillingClient} instead; {@link BillingClient#create} creates one that is not this one.
 *
 * <p>Thread-safe. Without a client no method throws: usage is rejected with {@link
 * RejectionReason#NOT_STARTED} and {@link #client} is empty.
 */
public final class Billing {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CLIENT);
  private static final Object lock = new Object();
  private static final AtomicBoolean warnedNotStarted = new AtomicBoolean();

  /** Written under {@link #lock}, read without. */
  private static volatile @Nullable Installed installed;

  private record Installed(BillingClient client, Throwable installedBy) {}

  private Billing() {}

  /**
   * Starts the client of this process and returns without waiting for the broker.
   *
   * @throws BillingException when there is one already (its message and cause name who started it),
   *     or a PEM file cannot be read
   */
  public static BillingClient start(BillingConfig config) {
    requireNonNull(config, "config");
    synchronized (lock) {
      refuseSecond();
      BillingClient client = BillingClient.create(config);
      client.start();
      remember(client);
      return client;
    }
  }

  /**
   * Installs a client that was built and started elsewhere as the client of this process.
   *
   * @throws BillingException when there is one already
   */
  public static void install(BillingClient client) {
    requireNonNull(client, "client");
    synchronized (lock) {
      refuseSecond();
      remember(client);
    }
  }

  /** The client of this process, if there is one. */
  public static Optional<BillingClient> client() {
    Installed current = installed;
    return current == null ? Optional.empty() : Optional.of(current.client());
  }

  /**
   * Calls {@link BillingClient#report} of the client of this process.
   *
   * @return rejected with {@link RejectionReason#NOT_STARTED} when there is none
   */
  public static ReportOutcome report(@Nullable UsageEvent event) {
    Installed current = installed;
    return current == null ? notStarted() : current.client().report(event);
  }

  /**
   * Calls {@link BillingClient#reportDurably} of the client of this process.
   *
   * @return completed exceptionally with {@link RejectionReason#NOT_STARTED} when there is none
   */
  public static CompletableFuture<ReportOutcome.Accepted> reportDurably(
      @Nullable UsageEvent event) {
    Installed current = installed;
    return current == null
        ? CompletableFuture.failedFuture(new BillingException(notStarted()))
        : current.client().reportDurably(event);
  }

  /** As {@link #reportUsage(String, String, String, double, Map)} without metadata. */
  public static ReportOutcome reportUsage(
      @Nullable String apiKey, @Nullable String module, @Nullable String model, double usage) {
    return reportUsage(apiKey, module, model, usage, null);
  }

  /**
   * Reports that something was used now. Does not wait, and does not throw.
   *
   * @param apiKey the key to charge
   * @param module what kind of service, for example {@code llm}
   * @param model which one, for example {@code gpt-4}
   * @param usage how much, in the unit of the module
   * @param metadata more about it; see {@link UsageEvent} for the bounds
   */
  public static ReportOutcome reportUsage(
      @Nullable String apiKey,
      @Nullable String module,
      @Nullable String model,
      double usage,
      @Nullable Map<String, ?> metadata) {
    Installed current = installed;
    if (current == null) {
      return notStarted();
    }
    return current
        .client()
        .report(UsageEvent.of(apiKey, module, model, usage).withMetadata(metadata));
  }

  /**
   * Begins an execution, such as a run of an agent; its events go to the client of this process.
   *
   * @param taskType what it does, such as {@code video_generation}
   */
  public static ExecutionBuilder execution(String taskType) {
    return new ExecutionBuilder(Billing::report, taskType);
  }

  /**
   * Reports what a session, a guest or a user does; its events go to the client of this process.
   *
   * @param apiKey the key that the events are charged to
   * @param token of the session, guest or user, as the server gave it to them
   */
  public static Statistics session(@Nullable String apiKey, @Nullable String token) {
    return new Statistics(Billing::report, apiKey, token);
  }

  /**
   * As {@link BillingClient#admit(UsageEvent)}, by the client of this process.
   *
   * @return refused with {@link DenialReason#UNAVAILABLE} when there is none
   */
  public static Admission admit(@Nullable UsageEvent estimate) {
    Installed current = installed;
    return current == null
        ? Admission.Refused.because(KeyDecision.Denied.because(DenialReason.UNAVAILABLE))
        : current.client().admit(estimate);
  }

  /**
   * Closes the client of this process and makes room for another.
   *
   * @param timeout how long to try to deliver what is buffered
   * @return the report of {@link BillingClient#close(Duration)}; all zeros when there was no client
   */
  public static DrainReport close(Duration timeout) {
    Installed current = installed;
    if (current == null) {
      return DrainReport.of(0, 0, 0);
    }
    DrainReport report = current.client().close(timeout);
    synchronized (lock) {
      Installed now = installed;
      if (now != null && now.client() == current.client()) {
        installed = null;
      }
    }
    return report;
  }

  /**
   * Puts a client in the place of the one that is installed and closes neither. For tests alone:
   * billing-sdk-testkit calls it by reflection, under this name and with these types. So nothing
   * that resets the client of a process is public API.
   *
   * @param next the client to install; null for none
   * @return the client that was installed; null if there was none
   */
  static @Nullable BillingClient exchange(@Nullable BillingClient next) {
    synchronized (lock) {
      Installed before = installed;
      installed = null;
      // A test that comes later hears the warning too.
      warnedNotStarted.set(false);
      if (next != null) {
        remember(next);
      }
      return before == null ? null : before.client();
    }
  }

  private static void remember(BillingClient client) {
    installed = new Installed(client, new Throwable("the billing client was installed here"));
    warnedNotStarted.set(false);
  }

  private static void refuseSecond() {
    Installed first = installed;
    if (first == null || first.client().status().state() == ConnectionState.CLOSED) {
      return;
    }
    throw new BillingException(
        "a billing client runs in this process already, started by "
            + callerOf(first.installedBy())
            + "; close it first, or use Billing.client()",
        first.installedBy());
  }

  private static String callerOf(Throwable installedBy) {
    for (StackTraceElement frame : installedBy.getStackTrace()) {
      if (!frame.getClassName().equals(Billing.class.getName())) {
        return frame.toString();
      }
    }
    return "unknown";
  }

  private static ReportOutcome.Rejected notStarted() {
    if (warnedNotStarted.compareAndSet(/* expectedValue= */ false, /* newValue= */ true)) {
      log.warn("usage is reported, but no billing client was started: it is rejected");
    }
    return ReportOutcome.Rejected.of(
        RejectionReason.NOT_STARTED, "", "no billing client was started in this process");
  }
}
