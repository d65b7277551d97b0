package io.billingsdk.grpc;

import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingException;
import io.billingsdk.Caller;
import io.billingsdk.Entitlements;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Accepted;
import io.billingsdk.UsageEvent;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a call, and the client that let it in: usage is reported to the client that decided.
 *
 * @param entitlements what the key could be used for when the call was let in
 * @param admitted the reservation of the call; null when the key has no quotas
 */
record BillingSession(
    Caller caller,
    BillingClient client,
    String apiKey,
    Entitlements entitlements,
    @Nullable Admitted admitted)
    implements KeyCheck {
  /** Those that count an event by itself, and not a quantity of it. */
  private static final Set<String> OWN_METERS = Set.of("calls", "usage");

  /** Of a key without quotas. */
  BillingSession(Caller caller, BillingClient client, String apiKey, Entitlements entitlements) {
    this(caller, client, apiKey, entitlements, null);
  }

  /** Of a call that a client has let in. */
  static BillingSession of(Admitted admitted, BillingClient client, String apiKey) {
    Entitlements entitlements = admitted.entitlements();
    return new BillingSession(
        admitted.caller(),
        client,
        apiKey,
        entitlements,
        entitlements.quotas().isEmpty() ? null : admitted);
  }

  /** Sets aside what an event like this would use; null when the call may go on. */
  @Nullable Denial reserve(UsageEvent estimate) {
    Refused refused =
        admitted == null ? null : admitted.reserve(askingEveryQuota(estimate)).orElse(null);
    return refused == null ? null : Denial.of(refused);
  }

  /**
   * A quota is not asked about a number that an estimate does not have: without a 0 in its place, a
   * call would be let in though nothing is left of its output tokens, say.
   */
  private UsageEvent askingEveryQuota(UsageEvent estimate) {
    UsageEvent all = estimate;
    for (Entitlements.Quota each : entitlements.quotas()) {
      if (!OWN_METERS.contains(each.meter()) && !all.quantities().containsKey(each.meter())) {
        all = all.quantity(each.meter(), BigDecimal.ZERO);
      }
    }
    return all;
  }

  /** A part of the usage of the call. */
  ReportOutcome report(UsageEvent part) {
    return admitted == null ? client.report(part) : unlessEnded(admitted.report(part), part);
  }

  /** The rest of it. */
  ReportOutcome settle(UsageEvent used) {
    return admitted == null ? client.report(used) : unlessEnded(admitted.settle(used), used);
  }

  /** The rest of it, and when that is on disk. */
  CompletableFuture<Accepted> settleDurably(UsageEvent used) {
    return admitted == null
        ? client.reportDurably(used)
        : admitted
            .settleDurably(used)
            .exceptionallyCompose(
                failed ->
                    rejection(failed).filter(BillingSession::isEnded).isPresent()
                        ? client.reportDurably(used)
                        : CompletableFuture.failedFuture(failed));
  }

  /** Usage is charged, also of a handler that goes on after its call has ended. */
  private ReportOutcome unlessEnded(ReportOutcome outcome, UsageEvent event) {
    return outcome.rejection().filter(BillingSession::isEnded).isPresent()
        ? client.report(event)
        : outcome;
  }

  private static boolean isEnded(ReportOutcome.Rejected rejected) {
    return rejected.field().equals("admission");
  }

  /** Why a future did not accept an event; empty when it accepted it, and cannot force it. */
  static Optional<ReportOutcome.Rejected> rejection(Throwable failed) {
    Throwable cause =
        failed instanceof CompletionException && failed.getCause() != null
            ? failed.getCause()
            : failed;
    return cause instanceof BillingException billing ? billing.rejection() : Optional.empty();
  }

  @Override
  public String toString() {
    return "BillingSession[" + caller + "]";
  }
}
