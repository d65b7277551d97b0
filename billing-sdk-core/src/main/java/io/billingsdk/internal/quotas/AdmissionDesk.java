package io.billingsdk.internal.quotas;

import io.billingsdk.Admission;
import io.billingsdk.Admission.Refused;
import io.billingsdk.DenialReason;
import io.billingsdk.KeyDecision;
import io.billingsdk.KeyDecision.Allowed;
import io.billingsdk.KeyDecision.Denied;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.protocol.KeyRecord;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Decides about calls, on their threads, from memory. Thread-safe; throws nothing. */
final class AdmissionDesk {
  private static final Refused UNAVAILABLE =
      Refused.because(
          Denied.because(DenialReason.UNAVAILABLE).withRetryAfter(Duration.ofSeconds(1)));
  private static final Refused NO_SHARE =
      Refused.because(
          Denied.because(DenialReason.UNAVAILABLE).withRetryAfter(Duration.ofMillis(100)));

  private final KeyTable keys;
  private final LeaseBook book;
  private final LeaseLink link;
  private final Clock clock;
  private final UsageReporter reporter;
  private final LongAdder admitted = new LongAdder();
  private volatile boolean closed;

  AdmissionDesk(
      KeyTable keys, LeaseBook book, LeaseLink link, Clock clock, UsageReporter reporter) {
    this.keys = keys;
    this.book = book;
    this.link = link;
    this.clock = clock;
    this.reporter = reporter;
  }

  /** Nothing is admitted from now on. */
  void close() {
    closed = true;
  }

  long admitted() {
    return admitted.sum();
  }

  UsageReporter reporter() {
    return reporter;
  }

  Moment now() {
    return Moment.of(clock);
  }

  /**
   * Decides about a call.
   *
   * @param estimate null when only the key is known
   */
  Admission admit(@Nullable String apiKey, @Nullable UsageEvent estimate) {
    if (closed) {
      return UNAVAILABLE;
    }
    KeyTable.CheckedKey checked = keys.look(apiKey);
    KeyRecord record = checked.record();
    if (!(checked.decision() instanceof Allowed allowed)) {
      return refused(record, Refused.because((Denied) checked.decision()));
    }
    if (estimate != null && !allowsModel(allowed, estimate)) {
      return refused(record, modelNotAllowed());
    }
    Call call = new Call(String.valueOf(apiKey), allowed, estimate, now());
    return record == null ? letIn(call, Holds.NONE) : bounded(call, record);
  }

  /** A call whose key may be used. */
  private record Call(String apiKey, Allowed allowed, @Nullable UsageEvent estimate, Moment at) {}

  private Admission bounded(Call call, KeyRecord record) {
    KeyPlan plan = book.plan(record);
    while (plan != null) {
      Refused refused = limited(plan, call.at());
      boolean forgotten = plan.isRateForgotten();
      Holds holds = new Holds(plan.accounts());
      if (refused == null && !forgotten) {
        refused = reserve(holds, call.estimate(), call.at());
        forgotten = holds.isForgotten();
      }
      if (!forgotten) {
        return refused == null ? letIn(call, holds) : refused(record, refused);
      }
      // Between the look and the use: a debit would be lost, and nobody would ask for leases.
      plan = book.planAfter(plan, record);
    }
    return letIn(call, Holds.NONE);
  }

  private Admission letIn(Call call, Holds holds) {
    admitted.increment();
    return new LeasedAdmission(
        this, call.apiKey(), call.allowed(), holds, call.estimate(), call.at().wallMillis());
  }

  /** Reserves something else for a call that was let in; null when it did. */
  @Nullable Refused reserve(String apiKey, Allowed allowed, Holds holds, UsageEvent estimate) {
    // The models of now: they may have changed since the call began.
    KeyTable.CheckedKey checked = keys.look(apiKey);
    Allowed present = checked.decision() instanceof Allowed fresh ? fresh : allowed;
    Refused refused =
        allowsModel(present, estimate) ? reserve(holds, estimate, now()) : modelNotAllowed();
    return refused == null ? null : refused(checked.record(), refused);
  }

  private @Nullable Refused reserve(Holds holds, @Nullable UsageEvent estimate, Moment now) {
    Refused refused = holds.reserve(estimate, now, link.isUp());
    if (holds.isWanting()) {
      link.wake();
    }
    return refused;
  }

  private @Nullable Refused limited(KeyPlan plan, Moment now) {
    RateGate rate = plan.rate();
    if (rate == null) {
      return null;
    }
    long wait = rate.pass(now.nanos(), link.answers());
    link.wakeLater();
    if (wait == 0) {
      return null;
    }
    if (wait == RateGate.NO_SHARE) {
      link.wake();
      return NO_SHARE;
    }
    if (rate.isYoung(now.nanos())) {
      link.wake();
    }
    return Refused.because(
        Denied.because(DenialReason.RATE_LIMITED).withRetryAfter(Duration.ofNanos(wait)));
  }

  private Refused refused(@Nullable KeyRecord record, Refused refused) {
    if (record != null) {
      book.refusals().add(record.keyId(), refused.reason());
      link.wakeLater();
    }
    return refused;
  }

  private static boolean allowsModel(Allowed allowed, UsageEvent estimate) {
    String model = estimate.model();
    return allowed.entitlements().allowsModel(model == null ? "" : model);
  }

  private static Refused modelNotAllowed() {
    return Refused.because(KeyDecision.Denied.because(DenialReason.MODEL_NOT_ALLOWED));
  }
}
