package io.billingsdk.testkit;

import io.billingsdk.Admission.Refused;
import io.billingsdk.BillingException;
import io.billingsdk.BillingListener.DeadLetter;
import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.Caller;
import io.billingsdk.ClientStatus;
import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.ConnectionState;
import io.billingsdk.DenialReason;
import io.billingsdk.DrainReport;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision;
import io.billingsdk.Protocol;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome.Accepted;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The one place of this module that makes core's data types. */
final class CoreTypes {
  private CoreTypes() {}

  static ClientStatus status(
      Link link, EventCounts events, KeyCounts keys, int quotas, CallCounts.Counts calls) {
    ClientStatus status =
        ClientStatus.of(
                link.state(),
                link.since(),
                ClientStatus.Delivery.of(
                    events.accepted(),
                    events.delivered(),
                    events.pending(),
                    events.deadLettered(),
                    /* dropped= */ 0,
                    events.rejected()),
                ClientStatus.Journal.of(/* onDisk= */ false, /* bytes= */ 0, /* segments= */ 0),
                ClientStatus.Keys.of(keys.loaded(), keys.known(), keys.blocked(), keys.changedAt())
                    .withVersion(keys.version()))
            .withProtocol(Protocol.V2)
            // As with a real client whose leases are all here.
            .withQuotas(
                ClientStatus.Quotas.of(quotas, quotas)
                    .withCalls(calls.admitted(), calls.refused()));
    return link.state() == ConnectionState.DISCONNECTED
        ? status.withLastProblem(outage(link.since()))
        : status;
  }

  private static ClientStatus.Problem outage(Instant since) {
    return ClientStatus.Problem.of(
        ProblemKind.NETWORK, "the test has begun an outage of the broker", since);
  }

  static DrainReport drained(EventCounts events) {
    return DrainReport.of(events.delivered(), events.pending(), events.deadLettered());
  }

  static Accepted accepted(UUID stream, long seq) {
    return Accepted.of(stream, seq);
  }

  static Rejected rejected(RejectionReason reason, String field, String message) {
    return Rejected.of(reason, field, message);
  }

  static BillingException notAccepted(Rejected rejection) {
    return new BillingException(rejection);
  }

  static KeyDecision allowed(Caller caller, Entitlements entitlements) {
    return KeyDecision.Allowed.of(caller, entitlements);
  }

  static KeyDecision.Denied denied(
      DenialReason reason, @Nullable String operatorReason, @Nullable Duration retryAfter) {
    return KeyDecision.Denied.because(reason)
        .withOperatorReason(operatorReason)
        .withRetryAfter(retryAfter);
  }

  static Refused refused(KeyDecision.Denied denied, Entitlements.@Nullable Quota quota) {
    return Refused.because(denied).withQuota(quota);
  }

  static Entitlements.Quota quota(
      String meter, BigDecimal limit, BigDecimal used, Instant resetsAt) {
    return Entitlements.Quota.of(meter, limit, used, resetsAt, /* overage= */ false);
  }

  static KeyChange keyChange(Caller caller, boolean blocked, @Nullable String reason) {
    return KeyChange.of(caller, blocked, reason);
  }

  /** An event that was set aside. */
  static DeadLetter deadLetter(UUID stream, long seq, String reason) {
    return DeadLetter.of(stream, seq, reason);
  }

  /** The event with metadata that nobody can change. */
  static UsageEvent with(UsageEvent event, @Nullable Map<String, ?> metadata) {
    return event.withMetadata(metadata);
  }
}
