package io.billingsdk;

import static java.util.Objects.requireNonNull;

import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.internal.AdmissionEnd;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A call that a client without quotas has let in by a check of its key: nothing is set aside for
 * it, and it is settled once all the same.
 */
final class PlainAdmission implements Admitted {
  private final BillingClient client;
  private final KeyDecision.Allowed allowed;
  private final @Nullable UsageEvent estimate;
  private final AdmissionEnd end = new AdmissionEnd();

  private PlainAdmission(
      BillingClient client, KeyDecision.Allowed allowed, @Nullable UsageEvent estimate) {
    this.client = client;
    this.allowed = allowed;
    this.estimate = estimate;
  }

  /** The answer of a client that only checks keys. */
  static Admission by(BillingClient client, KeyDecision decision, @Nullable UsageEvent estimate) {
    return decision instanceof KeyDecision.Allowed allowed
        ? new PlainAdmission(client, allowed, estimate)
        : Refused.because((KeyDecision.Denied) decision);
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
    return client.check(caller().apiKey(), event.model()) instanceof KeyDecision.Denied denied
        ? Optional.of(Refused.because(denied))
        : Optional.empty();
  }

  @Override
  public ReportOutcome report(UsageEvent part) {
    return end.isOpen() ? client.report(part) : endedBefore();
  }

  @Override
  public ReportOutcome settle(UsageEvent used) {
    if (!end.begin()) {
      return endedBefore();
    }
    boolean accepted = false;
    try {
      ReportOutcome outcome = client.report(used);
      accepted = outcome.accepted();
      return outcome;
    } finally {
      // Also when a client of somebody's own throws: the admission would hang in between.
      var unused = end.settled(accepted);
    }
  }

  @Override
  public ReportOutcome settle(BigDecimal usage) {
    UsageEvent like =
        estimate == null ? UsageEvent.builder(caller(), null, null).build() : estimate;
    return settle(like.toBuilder().usage(usage).build());
  }

  @Override
  public CompletableFuture<ReportOutcome.Accepted> settleDurably(UsageEvent used) {
    if (!end.begin()) {
      return CompletableFuture.failedFuture(new BillingException(endedBefore()));
    }
    CompletableFuture<ReportOutcome.Accepted> reported;
    try {
      reported = client.reportDurably(used);
    } catch (RuntimeException | Error failed) {
      var unused = end.settled(/* accepted= */ false);
      throw failed;
    }
    return reported.whenComplete(
        (accepted, failed) -> {
          var unused = end.settled(!isRejected(failed));
        });
  }

  @Override
  public List<Entitlements.Quota> quotas() {
    return List.of();
  }

  @Override
  public void close() {
    var unused = end.close();
  }

  @Override
  public String toString() {
    return "Admitted[" + requireNonNull(caller()) + "]";
  }

  /** Not when the event was accepted, and cannot be forced to disk: then the call has ended. */
  private static boolean isRejected(@Nullable Throwable failed) {
    return failed instanceof BillingException billing && billing.rejection().isPresent();
  }

  /** The outcome of everything that comes after the end. */
  private static ReportOutcome.Rejected endedBefore() {
    return ReportOutcome.Rejected.of(
        RejectionReason.INVALID,
        "admission",
        "admission was settled or closed before; admit each call by itself");
  }
}
