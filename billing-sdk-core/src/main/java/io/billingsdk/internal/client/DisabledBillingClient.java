package io.billingsdk.internal.client;

import static java.util.Objects.requireNonNull;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.BillingException;
import io.billingsdk.BillingListener;
import io.billingsdk.Caller;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import io.billingsdk.DenialReason;
import io.billingsdk.DrainReport;
import io.billingsdk.KeyDecision;
import io.billingsdk.Protocol;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.WhenDisabled;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.journal.JournalFigures;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyRef;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that is switched off ({@code enabled=false}): no thread, no file, no connection. Events
 * go through the same validation and encoding as ever, so that a mistake shows in development, and
 * end in a {@link DiscardingJournal}.
 *
 * <p>Thread-safe. It tells its listeners nothing, since nothing comes in.
 */
public final class DisabledBillingClient implements BillingClient {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CLIENT);
  private static final KeyDecision MISSING = KeyDecision.Denied.because(DenialReason.MISSING);
  private static final KeyDecision INVALID = KeyDecision.Denied.because(DenialReason.INVALID);
  private static final KeyDecision UNAVAILABLE =
      KeyDecision.Denied.because(DenialReason.UNAVAILABLE);
  private static final String APP_ID = "disabled";
  private static final int PRINTED_HEX_DIGITS = 16;

  /** Where it stands, and since when. */
  private record DisabledState(ConnectionState state, Instant since) {}

  private final BillingConfig config;
  private final Clock clock;
  private final DiscardingJournal journal = new DiscardingJournal();
  private final KeyTable noKeys;
  private final Intake intake;
  private final AtomicReference<DisabledState> standing;

  private DisabledBillingClient(BillingConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
    this.noKeys = new KeyTable(clock, config.maxKeyStaleness());
    // V2 names a key by its hash, as it does for every key that it does not know.
    this.intake = new Intake(journal, noKeys, clock, () -> Protocol.V2, new Faults());
    this.standing = new AtomicReference<>(new DisabledState(ConnectionState.NOT_STARTED, now()));
  }

  /** A client that takes nothing until it is started. */
  public static DisabledBillingClient create(BillingConfig config) {
    return new DisabledBillingClient(config, Clock.system());
  }

  @Override
  public void start() {
    OneCore.verify();
    DisabledState before = standing();
    if (before.state() != ConnectionState.NOT_STARTED
        || !standing.compareAndSet(before, new DisabledState(ConnectionState.DISABLED, now()))) {
      throw new BillingException("this billing client was started or closed already");
    }
    log.warn(
        "BILLING IS OFF (enabled=false): usage is counted and dropped, {}",
        config.whenDisabled() == WhenDisabled.ALLOW
            ? "and every well-formed API key is allowed (whenDisabled=allow)"
            : "and every API key is refused (whenDisabled=deny)");
  }

  @Override
  public ReportOutcome report(@Nullable UsageEvent event) {
    return started() ? intake.report(event) : notTaken();
  }

  @Override
  public CompletableFuture<ReportOutcome.Accepted> reportDurably(@Nullable UsageEvent event) {
    ReportOutcome outcome = report(event);
    return outcome instanceof ReportOutcome.Accepted accepted
        ? CompletableFuture.completedFuture(accepted)
        : CompletableFuture.failedFuture(new BillingException((ReportOutcome.Rejected) outcome));
  }

  @Override
  public KeyDecision check(@Nullable String apiKey) {
    if (apiKey == null || apiKey.isBlank()) {
      return MISSING;
    }
    if (!allowing()) {
      return UNAVAILABLE;
    }
    if (!Bounds.isWellFormedKey(apiKey)) {
      return INVALID;
    }
    String keyId = "k_" + KeyRef.sha256(apiKey).substring(0, PRINTED_HEX_DIGITS);
    return KeyDecision.Allowed.of(Caller.of(apiKey, keyId, APP_ID));
  }

  @Override
  public ClientStatus status() {
    DisabledState now = standing();
    JournalFigures figures = journal.figures();
    return ClientStatus.of(
            now.state(),
            now.since(),
            ClientStatus.Delivery.of(
                figures.appended(), 0, 0, 0, figures.dropped(), intake.rejected()),
            ClientStatus.Journal.of(false, 0, 0),
            noKeys.figures())
        .withProtocol(config.protocol());
  }

  /** Does not wait: keys can be checked at once, or never. */
  @Override
  public boolean awaitReady(Duration timeout) {
    return allowing();
  }

  @Override
  public DrainReport flush(Duration timeout) {
    return DrainReport.of(0, 0, 0).withDropped(journal.figures().dropped());
  }

  @Override
  public DrainReport close(Duration timeout) {
    journal.close();
    standing.updateAndGet(
        before ->
            before.state() == ConnectionState.CLOSED
                ? before
                : new DisabledState(ConnectionState.CLOSED, now()));
    return flush(timeout);
  }

  @Override
  public void addListener(BillingListener listener) {
    requireNonNull(listener, "listener");
  }

  @Override
  public void removeListener(BillingListener listener) {
    requireNonNull(listener, "listener");
  }

  private ReportOutcome.Rejected notTaken() {
    return standing().state() == ConnectionState.CLOSED
        ? ReportOutcome.Rejected.of(RejectionReason.CLOSED, "", "the billing client was closed")
        : ReportOutcome.Rejected.of(
            RejectionReason.NOT_STARTED,
            "",
            "this billing client was created but not started; start it first");
  }

  private boolean allowing() {
    return started() && config.whenDisabled() == WhenDisabled.ALLOW;
  }

  private boolean started() {
    return standing().state() == ConnectionState.DISABLED;
  }

  private DisabledState standing() {
    return requireNonNull(standing.get());
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.wallMillis());
  }
}
