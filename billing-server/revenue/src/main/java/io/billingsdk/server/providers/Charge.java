package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt to take money of a customer. Immutable.
 *
 * @param intent what all attempts of an invoice have in common
 * @param number of the invoice; null for a top-up
 * @param methodId null when the customer pays on a page
 * @param reference of the provider; null while that is not known
 * @param problem what a person has to see to; null if there is nothing
 */
record Charge(
    String id,
    long position,
    String intent,
    int attempt,
    String customer,
    ProviderName provider,
    @Nullable String number,
    Money amount,
    @Nullable String methodId,
    ChargeState state,
    @Nullable String reference,
    @Nullable DeclineClass declineClass,
    @Nullable String declineCode,
    @Nullable String actionUrl,
    @Nullable String paymentId,
    @Nullable String problem,
    int looks,
    Instant createdAt,
    Instant changedAt) {

  /** The thing that is charged, for the customer. */
  String description() {
    return number == null ? "Prepaid credit" : "Invoice " + number;
  }

  /** The same while a person has to see to something. */
  Charge denied(String why, Instant now) {
    return new Charge(
        id,
        position,
        intent,
        attempt,
        customer,
        provider,
        number,
        amount,
        methodId,
        ChargeState.NEEDS_OPERATOR,
        reference,
        null,
        null,
        null,
        null,
        why,
        looks,
        createdAt,
        now);
  }

  /** As an answer to who asked for it. */
  ChargeResult result() {
    return switch (state) {
      case CREATED -> new ChargeResult.Unknown(id);
      case NEEDS_OPERATOR -> new ChargeResult.NeedsOperator(id, problem == null ? "" : problem);
      case REQUIRES_ACTION ->
          new ChargeResult.RequiresAction(id, actionUrl == null ? "" : actionUrl);
      case PROCESSING -> new ChargeResult.Processing(id);
      case FAILED, RETURNED ->
          new ChargeResult.Declined(
              id,
              declineClass == null ? DeclineClass.TEMPORARY : declineClass,
              declineCode == null ? "returned" : declineCode);
      case SUCCEEDED -> new ChargeResult.Succeeded(id);
    };
  }
}
