package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import org.jspecify.annotations.Nullable;

/**
 * A payment as a provider shows it. Immutable.
 *
 * @param reference of the provider; empty when none is said
 * @param intent that we gave to it; null of one that is not ours
 * @param amount that is charged, and was received once it has succeeded
 * @param fee what the provider keeps; null while that is not known
 * @param code why it failed; null if it has not
 * @param url where the customer confirms it; null if there is nothing to confirm there
 */
record ProviderPayment(
    String reference,
    @Nullable String intent,
    int attempt,
    ChargeState state,
    Money amount,
    @Nullable Money fee,
    @Nullable String code,
    @Nullable String url) {

  /** One that has failed for a reason, and that the provider has given no reference now. */
  static ProviderPayment failed(String intent, int attempt, Money of, String code) {
    return new ProviderPayment("", intent, attempt, ChargeState.FAILED, of, null, code, null);
  }
}
