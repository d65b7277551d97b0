package io.billingsdk.internal.quotas;

import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.BillingException;
import io.billingsdk.Caller;
import io.billingsdk.DenialReason;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision;
import io.billingsdk.KeyDecision.Denied;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Accepted;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.AdmissionEnd;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A call that was let in. Thread-safe.
 *
 * <p>An amount is taken before the event is offered to the journal, and given back after: the
 * amount in hand is never shown too high.
 */
final class LeasedAdmission implements Admitted {
  private final AdmissionDesk desk;
  private final String apiKey;
  private final KeyDecision.Allowed allowed;
  private final Holds holds;
  private final long atMillis;
  private final AdmissionEnd end = new AdmissionEnd();
  private volatile @Nullable UsageEvent estimate;

  /**
   * An admission, for which everything is reserved.
   *
   * @param atMillis the instant, which is the time of its events
   */
  LeasedAdmission(
      AdmissionDesk desk,
      String apiKey,
      KeyDecision.Allowed allowed,
      Holds holds,
      @Nullable UsageEvent estimate,
      long atMillis) {
    this.desk = desk;
    this.apiKey = apiKey;
    this.allowed = allowed;
    this.holds = holds;
    this.estimate = estimate;
    this.atMillis = atMillis;
  }

  @Override
  public Caller caller() {
    return allowed.caller();
  }

  @Override
  public Entitlements entitlements() {
    return allowed.entitlements();
  }

  @Override
  public Optional<Refused> reserve(UsageEvent event) {
    if (!end.isOpen()) {
      return Optional.of(Refused.because(Denied.because(DenialReason.UNAVAILABLE)));
    }
    Refused refused = desk.reserve(apiKey, allowed, holds, event);
    if (refused == null) {
      estimate = event;
    }
    return Optional.ofNullable(refused);
  }

  @Override
  public ReportOutcome report(UsageEvent part) {
    return end.isOpen() ? offer(part, null) : endedBefore();
  }

  @Override
  public ReportOutcome settle(UsageEvent used) {
    return settle(used, null);
  }

  @Override
  public ReportOutcome settle(BigDecimal usage) {
    UsageEvent like = estimate;
    return settle(
        (like == null ? UsageEvent.builder(caller(), null, null) : like.toBuilder())
            .usage(usage)
            .build());
  }

  @Override
  public CompletableFuture<Accepted> settleDurably(UsageEvent used) {
    if (!end.isOpen()) {
      return CompletableFuture.failedFuture(new BillingException(endedBefore()));
    }
    return desk.reporter().durably(durable -> settle(used, durable));
  }

  private ReportOutcome settle(UsageEvent used, @Nullable CompletableFuture<Void> durable) {
    if (!end.begin()) {
      return endedBefore();
    }
    boolean accepted = false;
    try {
      ReportOutcome outcome = offer(used, durable);
      accepted = outcome.accepted();
      return outcome;
    } finally {
      if (end.settled(accepted)) {
        holds.finish();
      }
    }
  }

  private ReportOutcome offer(UsageEvent event, @Nullable CompletableFuture<Void> durable) {
    List<String> epochs = holds.use(event, desk.now(), atMillis);
    ReportOutcome outcome =
        desk.reporter()
            .report(
                event,
                epochs.isEmpty() ? AdmissionMark.NONE : new AdmissionMark(epochs, atMillis),
                durable);
    if (!outcome.accepted()) {
      holds.undo(event);
    }
    return outcome;
  }

  @Override
  public List<Entitlements.Quota> quotas() {
    return holds.shown();
  }

  @Override
  public void close() {
    if (end.close()) {
      holds.finish();
    }
  }

  @Override
  public String toString() {
    return "Admitted[" + caller() + "]";
  }

  private static Rejected endedBefore() {
    return Rejected.of(
        RejectionReason.INVALID,
        "admission",
        "admission was settled or closed before; admit each call by itself");
  }
}
