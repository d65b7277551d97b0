package io.billingsdk.internal.quotas;

import io.billingsdk.Admission.Refused;
import io.billingsdk.DenialReason;
import io.billingsdk.Entitlements;
import io.billingsdk.UsageEvent;
import io.billingsdk.protocol.Bounds;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one call has of all quotas that its key is bound by: all are debited, or none. Thread-safe.
 */
final class Holds {
  /** Of a key without quotas. */
  static final Holds NONE = new Holds(new QuotaAccount[0]);

  private final Hold[] holds;

  /** Of the last reservation; only its thread looks. */
  private volatile boolean wanting;

  private volatile boolean forgotten;

  /**
   * Nothing yet.
   *
   * @param accounts in the order in which they are locked
   */
  Holds(QuotaAccount[] accounts) {
    holds = new Hold[accounts.length];
    for (int i = 0; i < accounts.length; i++) {
      holds[i] = new Hold(accounts[i]);
    }
  }

  /**
   * Reserves what an event would use, in place of what was reserved before; null when it did.
   *
   * @param estimate null when only the call is known
   */
  @Nullable Refused reserve(@Nullable UsageEvent estimate, Moment now, boolean linked) {
    lock();
    try {
      forgotten = isAnyForgotten();
      Offer[] offers = new Offer[holds.length];
      Refused refused = null;
      // All are asked, so that one request to the billing system can say what each of them lacks.
      for (int i = 0; i < holds.length; i++) {
        BigDecimal amount = MeterValues.estimated(holds[i].account().meter(), estimate);
        if (amount != null) {
          offers[i] = holds[i].offer(amount, now, linked);
        }
        if (offers[i] instanceof Offer.No no) {
          refused = worse(refused, no.refused());
        }
      }
      if (refused == null && !forgotten) {
        apply(offers, estimate);
      }
      return refused;
    } finally {
      wanting = isWanting(now);
      unlock();
    }
  }

  /** A quota that is used up says more than one that nobody knows yet. */
  private static Refused worse(@Nullable Refused before, Refused now) {
    return before == null || now.reason() == DenialReason.QUOTA_EXCEEDED ? now : before;
  }

  /** Whether the last reservation has left something to be asked of the billing system. */
  boolean isWanting() {
    return wanting;
  }

  /** Whether the last reservation met an account that was forgotten: it reserved nothing. */
  boolean isForgotten() {
    return forgotten;
  }

  private boolean isAnyForgotten() {
    for (Hold each : holds) {
      if (each.account().isForgotten()) {
        return true;
      }
    }
    return false;
  }

  private boolean isWanting(Moment now) {
    for (Hold each : holds) {
      if (!each.account().isAsked() && each.account().isWanting(now)) {
        return true;
      }
    }
    return false;
  }

  private void apply(@Nullable Offer[] offers, @Nullable UsageEvent estimate) {
    for (int i = 0; i < holds.length; i++) {
      BigDecimal amount = MeterValues.estimated(holds[i].account().meter(), estimate);
      Offer offered = offers[i];
      holds[i].begin();
      if (offered != null && amount != null) {
        holds[i].reserve(offered, amount);
      }
    }
  }

  /**
   * Takes what an event says, and tells by which leases.
   *
   * @param atMillis the instant of the admission
   */
  List<String> use(UsageEvent event, Moment now, long atMillis) {
    if (holds.length == 0) {
      return List.of();
    }
    List<String> epochs = new ArrayList<>(holds.length);
    for (Hold each : holds) {
      each.account().lock().lock();
      try {
        each.use(MeterValues.used(each.account().meter(), event), now, atMillis);
        Lease lease = each.lease();
        if (lease != null && epochs.size() < Bounds.ADMISSION_EPOCHS) {
          epochs.add(lease.epoch());
        }
      } finally {
        each.account().lock().unlock();
      }
    }
    return epochs;
  }

  /** Nobody took the event. */
  void undo(UsageEvent event) {
    for (Hold each : holds) {
      each.account().lock().lock();
      try {
        each.undo(MeterValues.used(each.account().meter(), event));
      } finally {
        each.account().lock().unlock();
      }
    }
  }

  /** Gives back what was not used; once is enough. */
  void finish() {
    for (Hold each : holds) {
      each.account().lock().lock();
      try {
        each.finish();
      } finally {
        each.account().lock().unlock();
      }
    }
  }

  /** How the quotas stand that were answered for. */
  List<Entitlements.Quota> shown() {
    List<Entitlements.Quota> all = new ArrayList<>(holds.length);
    for (Hold each : holds) {
      each.account().lock().lock();
      try {
        Entitlements.Quota quota = each.account().shown();
        if (quota != null) {
          all.add(quota);
        }
      } finally {
        each.account().lock().unlock();
      }
    }
    return all;
  }

  private void lock() {
    for (Hold each : holds) {
      each.account().lock().lock();
    }
  }

  private void unlock() {
    for (int i = holds.length - 1; i >= 0; i--) {
      holds[i].account().lock().unlock();
    }
  }
}
