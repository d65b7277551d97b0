package io.billingsdk;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The answer to "may this call go on?": {@link Admitted}, with what the call may use set aside for
 * it, or {@link Refused} and why. {@link BillingClient#admit(UsageEvent)} gives it from memory.
 *
 * <pre>{@code
 * Admission answer = client.admit(UsageEvent.of(apiKey, "llm", model, 500));
 * if (answer instanceof Admission.Refused refused) {
 *   throw tooMany(refused.retryAfter());
 * }
 * try (Admission.Admitted call = (Admission.Admitted) answer) {
 *   Reply reply = run();
 *   call.settle(UsageEvent.of(apiKey, "llm", model, reply.tokens()));
 * }
 * }</pre>
 */
public sealed interface Admission {

  /**
   * The call may go on. It ends exactly once: by the first {@code settle} whose event is accepted,
   * or by {@link #close}, which reports nothing and gives back what was set aside. Everything after
   * that changes nothing.
   *
   * <p>Only an event that goes through here tells which leases have admitted it; {@link
   * BillingClient#report} reports usage that nothing was set aside for. An event without a time of
   * its own has the instant of the admission.
   *
   * <p>Thread-safe; nothing here waits or throws, as {@link BillingClient#report}.
   */
  non-sealed interface Admitted extends Admission, AutoCloseable {

    /** Whose call it is. */
    Caller caller();

    /** What the key may be used for. */
    Entitlements entitlements();

    /**
     * Sets aside what an event like this would use, in place of what was set aside before, once
     * more is known of the call. Checks the model, too.
     *
     * @return why the call must not go on; earlier reservations stay, until {@link #close}. Empty
     *     when it may
     */
    Optional<Refused> reserve(UsageEvent estimate);

    /**
     * Reports a part of what the call has used, and takes it from what was set aside.
     *
     * @return rejected with the field {@code admission} when the call was settled or closed before
     */
    ReportOutcome report(UsageEvent part);

    /**
     * Reports what the call has used, apart from the parts that were reported before, and ends the
     * admission. Less than was set aside goes back. More is taken all the same: a call may so use
     * more than the quota has left, at most its own excess.
     *
     * @return when rejected, the admission goes on and can be settled again; rejected with the
     *     field {@code admission} when it was settled or closed before
     */
    ReportOutcome settle(UsageEvent used);

    /**
     * As {@link #settle(UsageEvent)}, with the event that the call was admitted by and this usage.
     *
     * @param usage in the unit of the module
     */
    ReportOutcome settle(BigDecimal usage);

    /** As {@link #settle(UsageEvent)}, with the future of {@link BillingClient#reportDurably}. */
    CompletableFuture<ReportOutcome.Accepted> settleDurably(UsageEvent used);

    /**
     * How the quotas stand that this call was admitted by, as far as this process knows: {@code
     * used} counts what others have leased, too.
     */
    List<Entitlements.Quota> quotas();

    /** Ends the admission without a report, unless it has ended. */
    @Override
    void close();
  }

  /** The call must not go on. Immutable; two that say the same are equal. */
  final class Refused implements Admission {
    private final RefusedParts parts;

    private record RefusedParts(KeyDecision.Denied denied, Entitlements.@Nullable Quota quota) {}

    private Refused(RefusedParts parts) {
      this.parts = parts;
    }

    /** For implementations of {@link BillingClient}: the fault of the key, or of its rate. */
    public static Refused because(KeyDecision.Denied denied) {
      return new Refused(new RefusedParts(requireNonNull(denied, "denied"), null));
    }

    /** For implementations of {@link BillingClient}: the same for this quota. */
    public Refused withQuota(Entitlements.@Nullable Quota quota) {
      return new Refused(new RefusedParts(parts.denied(), quota));
    }

    /** Why. */
    public DenialReason reason() {
      return parts.denied().reason();
    }

    /**
     * After how long it is worth to ask again: exact for a rate, the next reset for a quota; null
     * when it is not.
     */
    public @Nullable Duration retryAfter() {
      return parts.denied().retryAfter();
    }

    /** The same as an answer to a check of the key, with the operator's reason for a block. */
    public KeyDecision.Denied denied() {
      return parts.denied();
    }

    /** The quota that has too little left; null when the reason is another one. */
    public Entitlements.@Nullable Quota quota() {
      return parts.quota();
    }

    /** How much the quota allows in its period; null when the reason is another one. */
    public @Nullable BigDecimal limit() {
      return parts.quota() == null ? null : parts.quota().limit();
    }

    /** How much of that is used, or leased to somebody; null when the reason is another one. */
    public @Nullable BigDecimal used() {
      return parts.quota() == null ? null : parts.quota().used();
    }

    /** When the quota begins again; null when it does not, or the reason is another one. */
    public @Nullable Instant resetsAt() {
      return parts.quota() == null ? null : parts.quota().resetsAt();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Refused that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
      return parts.hashCode();
    }

    @Override
    public String toString() {
      return ValueText.of("Refused", parts);
    }
  }
}
