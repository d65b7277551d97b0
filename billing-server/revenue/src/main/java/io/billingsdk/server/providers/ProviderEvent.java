package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says by a webhook. Immutable.
 *
 * @param id by which a repetition is known
 * @param kind in the words of the provider
 */
record ProviderEvent(String id, String kind, EventMatter matter) {

  /** What it is about. */
  sealed interface EventMatter {
    /** The object of it; null if it has none that matters here. */
    @Nullable String object();
  }

  /** A payment has changed: the provider is asked for it. */
  record OfPayment(String object) implements EventMatter {}

  /** A refund has changed: the provider is asked for it. */
  record OfRefund(String object) implements EventMatter {}

  /**
   * A payer's bank has taken money, or given it back.
   *
   * @param payment the reference of the payment
   * @param won whether the money came back
   * @param isReturn whether it is a debit that was not honoured
   */
  record OfDispute(String object, String payment, Money amount, boolean won, boolean isReturn)
      implements EventMatter {}

  /** A payer's bank has taken money, which the provider shows as a refund: it is asked for that. */
  record OfReversal(String object) implements EventMatter {}

  /** A customer has saved a method. */
  record OfMethod(String object, String customer, String token) implements EventMatter {
    /** Without the token. */
    @Override
    public String toString() {
      return "OfMethod[" + object + "]";
    }
  }

  /** It is of a kind that changes nothing here. */
  record OfNothing(@Nullable String object) implements EventMatter {}

  /** It is not known what it means. */
  record Strange(@Nullable String object, String why) implements EventMatter {}
}
