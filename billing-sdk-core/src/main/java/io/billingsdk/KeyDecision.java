package io.billingsdk;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The answer to "may this API key be used?". */
public sealed interface KeyDecision {

  /**
   * The key may be used.
   *
   * @param caller who it belongs to
   * @param entitlements what it may be used for
   */
  record Allowed(Caller caller, Entitlements entitlements) implements KeyDecision {

    /** A key that may be used for everything. */
    public Allowed(Caller caller) {
      this(caller, Entitlements.UNLIMITED);
    }
  }

  /**
   * The key may not be used now.
   *
   * @param reason why
   * @param operatorReason what the operator gave as the reason for a block, if anything
   * @param retryAfter when asking again may be worth it; null when it is not
   */
  record Denied(DenialReason reason, @Nullable String operatorReason, @Nullable Duration retryAfter)
      implements KeyDecision {

    /** A denial with nothing to add to its reason. */
    public static Denied because(DenialReason reason) {
      return new Denied(reason, null, null);
    }
  }
}
