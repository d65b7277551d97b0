package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The end of a call about a refund. */
sealed interface RefundAnswer {
  /** The provider has it, in this state. */
  record Known(SeenRefund refund) implements RefundAnswer {}

  /** Nothing is known: the provider may have done it or not. */
  record Lost(String why) implements RefundAnswer {}

  /** The provider refuses the account of this server, and has done nothing. */
  record Denied(String why) implements RefundAnswer {}

  /** The provider has refused it, and has done nothing. */
  record Rejected(String code, String message) implements RefundAnswer {}

  /**
   * A refund as a provider shows it.
   *
   * @param payment the reference of the payment
   * @param ours the id of our row; null of one that was made at the provider
   * @param problem why it failed; null if it has not
   */
  record SeenRefund(
      String reference,
      String payment,
      @Nullable String ours,
      Money amount,
      RefundState state,
      @Nullable String problem) {}

  /** How far a refund is, forward only. */
  enum RefundState {
    /** The provider may have it or not. */
    CREATED,
    /** The provider has taken it on. */
    SUCCEEDED,
    /** It did not reach the payer: the money is here again. */
    FAILED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static RefundState of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
