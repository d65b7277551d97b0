package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Money that a provider has taken from a customer. Immutable.
 *
 * @param provider its name, as {@code stripe}
 * @param reference by which the provider knows the payment
 * @param fee what the provider keeps of it; null while that is not known
 * @param number the invoice that it pays; null for a top-up of prepaid credit
 */
public record ProviderMoney(
    String provider,
    String reference,
    String customer,
    Money amount,
    @Nullable Money fee,
    LocalDate on,
    @Nullable String number) {

  /** What a provider gives back of a payment, or takes back. */
  public enum MoneyBack {
    /** A refund, ours or one that was made at the provider. */
    REFUND,
    /** The payer's bank has taken it back. */
    CHARGEBACK,
    /** A debit that the bank did not honour, after it was paid. */
    RETURN
  }
}
