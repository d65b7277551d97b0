package io.billingsdk;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to "may this API key be used?". Immutable and thread-safe; instances with equal values
 * are equal.
 */
public sealed interface KeyDecision {

  /** The key may be used. */
  final class Allowed implements KeyDecision {
    private final Caller caller;
    private final Entitlements entitlements;

    private Allowed(Caller caller, Entitlements entitlements) {
      this.caller = requireNonNull(caller, "caller");
      this.entitlements = requireNonNull(entitlements, "entitlements");
    }

    /** A key of this caller that may be used for everything. */
    public static Allowed of(Caller caller) {
      return new Allowed(caller, Entitlements.UNLIMITED);
    }

    /** A key of this caller that may be used for this. */
    public static Allowed of(Caller caller, Entitlements entitlements) {
      return new Allowed(caller, entitlements);
    }

    /** The owner of the key. */
    public Caller caller() {
      return caller;
    }

    /** The permitted uses of the key. */
    public Entitlements entitlements() {
      return entitlements;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Allowed that
          && caller.equals(that.caller)
          && entitlements.equals(that.entitlements);
    }

    @Override
    public int hashCode() {
      return 31 * caller.hashCode() + entitlements.hashCode();
    }

    @Override
    public String toString() {
      return "Allowed[caller=" + caller + ", entitlements=" + entitlements + "]";
    }
  }

  /** The key may not be used now. */
  final class Denied implements KeyDecision {
    private final DeniedParts parts;

    private record DeniedParts(
        DenialReason reason, @Nullable String operatorReason, @Nullable Duration retryAfter) {}

    private Denied(DeniedParts parts) {
      this.parts = parts;
    }

    /** A denial with nothing to add to its reason. */
    public static Denied because(DenialReason reason) {
      return new Denied(new DeniedParts(requireNonNull(reason, "reason"), null, null));
    }

    /** A copy with the operator's reason for a block; null for none. */
    public Denied withOperatorReason(@Nullable String operatorReason) {
      return new Denied(new DeniedParts(parts.reason(), operatorReason, parts.retryAfter()));
    }

    /** A copy with the time after which another check may succeed; null for none. */
    public Denied withRetryAfter(@Nullable Duration retryAfter) {
      return new Denied(new DeniedParts(parts.reason(), parts.operatorReason(), retryAfter));
    }

    /** Why. */
    public DenialReason reason() {
      return parts.reason();
    }

    /** The operator's reason for a block; null when there is none. */
    public @Nullable String operatorReason() {
      return parts.operatorReason();
    }

    /** The time after which another check may succeed; null when it will not. */
    public @Nullable Duration retryAfter() {
      return parts.retryAfter();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Denied that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
      return parts.hashCode();
    }

    @Override
    public String toString() {
      return ValueText.of("Denied", parts);
    }
  }
}
