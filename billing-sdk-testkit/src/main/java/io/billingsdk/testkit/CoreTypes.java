package io.billingsdk.testkit;

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

/**
 * The one place of this module that makes core's data types, and that reads the usage of an event.
 */
final class CoreTypes {
  private CoreTypes() {}

  static ClientStatus status(Link link, EventCounts events, KeyCounts keys) {
    return new ClientStatus(
        link.state(),
        link.since(),
        link.state() == ConnectionState.DISCONNECTED ? outage(link.since()) : null,
        new ClientStatus.Delivery(
            events.accepted(),
            events.delivered(),
            events.pending(),
            events.deadLettered(),
            /* dropped= */ 0,
            events.rejected(),
            null),
        new ClientStatus.Journal(
            /* onDisk= */ false, /* bytes= */ 0, 0, 0, 0, /* unreadableBytes= */ 0, null, null),
        new ClientStatus.Keys(
            keys.loaded(), keys.known(), keys.blocked(), keys.changedAt(), keys.version()),
        Protocol.V2);
  }

  private static ClientStatus.Problem outage(Instant since) {
    return new ClientStatus.Problem(
        ProblemKind.NETWORK, "the test has begun an outage of the broker", since);
  }

  static DrainReport drained(EventCounts events) {
    return new DrainReport(events.delivered(), events.pending(), events.deadLettered(), 0);
  }

  static Accepted accepted(UUID stream, long seq) {
    return new Accepted(stream, seq);
  }

  static Rejected rejected(RejectionReason reason, String field, String message) {
    return new Rejected(reason, field, message);
  }

  static BillingException notAccepted(Rejected rejection) {
    return new BillingException(rejection);
  }

  static KeyDecision allowed(Caller caller, Entitlements entitlements) {
    return new KeyDecision.Allowed(caller, entitlements);
  }

  static KeyDecision denied(
      DenialReason reason, @Nullable String operatorReason, @Nullable Duration retryAfter) {
    return new KeyDecision.Denied(reason, operatorReason, retryAfter);
  }

  /** The answer to a check of a key that has used as much as the test lets it. */
  static KeyDecision limitReached() {
    return denied(DenialReason.QUOTA_EXCEEDED, null, null);
  }

  static KeyChange keyChange(Caller caller, boolean blocked, @Nullable String reason) {
    return new KeyChange(caller, blocked, reason);
  }

  /**
   * An event that was set aside.
   *
   * @param stream not told to the listeners by this release of core
   */
  static DeadLetter deadLetter(UUID stream, long seq, String reason) {
    return new DeadLetter(seq, reason);
  }

  /** The event with metadata that nobody changes any more. */
  static UsageEvent with(UsageEvent event, @Nullable Map<String, ?> metadata) {
    return event.withMetadata(metadata);
  }

  /**
   * The usage as a decimal, whichever type of number the event has.
   *
   * @throws NumberFormatException when it is not finite
   */
  static BigDecimal usageOf(UsageEvent event) {
    return new BigDecimal(String.valueOf(event.usage()));
  }
}
