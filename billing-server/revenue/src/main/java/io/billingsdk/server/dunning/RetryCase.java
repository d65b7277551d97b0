package io.billingsdk.server.dunning;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An invoice whose charge was declined. Immutable.
 *
 * @param attempts how many were made, the charge at the issue with them
 * @param firstOn the day of the first decline, for the customer
 * @param lastOn the day of the last attempt
 * @param nextOn the day of the next one; null when none is to come
 * @param isForced whether a person has asked for the next one
 * @param reason why it stands so, in words; null where the state says it
 */
record RetryCase(
    String number,
    String customer,
    CaseState state,
    int attempts,
    DeclineKind declineClass,
    String declineCode,
    LocalDate firstOn,
    LocalDate lastOn,
    @Nullable LocalDate nextOn,
    boolean isForced,
    @Nullable String reason,
    Instant changedAt) {

  /** How far a case is. */
  enum CaseState {
    /** The next attempt has a day. */
    WAITING,
    /** An attempt is being made. */
    CHARGING,
    /** An attempt was made, and nobody knows its outcome yet. */
    PENDING,
    /** Only another payment method helps. */
    NEEDS_METHOD,
    /** All attempts were made. */
    EXHAUSTED,
    /** A person has ended it. */
    STOPPED,
    /** The invoice is paid. */
    RECOVERED,
    /** The invoice is void, or given up. */
    CLOSED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static CaseState of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** Whether nothing follows. */
    boolean isOver() {
      return this == STOPPED || this == RECOVERED || this == CLOSED;
    }
  }

  RetryCase with(CaseState other, @Nullable LocalDate next, @Nullable String why) {
    return new RetryCase(
        number,
        customer,
        other,
        attempts,
        declineClass,
        declineCode,
        firstOn,
        lastOn,
        next,
        false,
        why,
        changedAt);
  }

  RetryCase forced(LocalDate day) {
    return new RetryCase(
        number,
        customer,
        CaseState.WAITING,
        attempts,
        declineClass,
        declineCode,
        firstOn,
        lastOn,
        day,
        true,
        null,
        changedAt);
  }

  /** Another attempt begins. */
  RetryCase charging(LocalDate today) {
    return new RetryCase(
        number,
        customer,
        CaseState.CHARGING,
        attempts + 1,
        declineClass,
        declineCode,
        firstOn,
        today,
        null,
        isForced,
        null,
        changedAt);
  }

  RetryCase declined(DeclineKind newClass, String code) {
    return new RetryCase(
        number, customer, state, attempts, newClass, code, firstOn, lastOn, nextOn, isForced,
        reason, changedAt);
  }
}
