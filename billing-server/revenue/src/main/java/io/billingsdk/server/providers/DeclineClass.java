package io.billingsdk.server.providers;

import java.util.Locale;
import java.util.Set;

/** Why a charge was declined, as far as it matters for another attempt. */
public enum DeclineClass {
  /** Not enough money, or above a limit: a later day may help. */
  FUNDS,
  /** Trouble at the bank or the provider, or no reason given: another try may help. */
  TEMPORARY,
  /** Lost, stolen, fraud, a closed account: never try it again. */
  HARD,
  /** The method cannot pay: expired, wrong or not supported. The customer has to give another. */
  METHOD;

  private static final Set<String> OF_FUNDS =
      Set.of(
          "insufficient_funds",
          "card_velocity_exceeded",
          "withdrawal_count_limit_exceeded",
          "instrument_declined",
          "payment_source_declined_by_processor",
          "transaction_limit_exceeded");

  private static final Set<String> OF_HARD =
      Set.of(
          "lost_card",
          "stolen_card",
          "pickup_card",
          "fraudulent",
          "merchant_blacklist",
          "restricted_card",
          "security_violation",
          "revocation_of_all_authorizations",
          "revocation_of_authorization",
          "stop_payment_order",
          "transaction_not_allowed",
          "invalid_account",
          "new_account_information_available",
          "card_closed",
          "payee_blocked_transaction",
          "payer_account_locked_or_closed",
          "payer_account_restricted",
          "payer_cannot_pay",
          "debit_not_authorized",
          "account_closed",
          "no_account");

  private static final Set<String> OF_METHOD =
      Set.of(
          "expired_card",
          "incorrect_number",
          "invalid_number",
          "incorrect_cvc",
          "invalid_cvc",
          "invalid_expiry_month",
          "invalid_expiry_year",
          "card_not_supported",
          "currency_not_supported",
          "not_permitted",
          "service_not_allowed",
          "payment_method_unactivated",
          "card_expired",
          "agreement_already_cancelled",
          "billing_agreement_not_found",
          "payment_source_cannot_be_used",
          "token_expired");

  /** As the API says it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static DeclineClass of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** Of a code of a provider; one that is not known is temporary. */
  static DeclineClass ofCode(String code) {
    String lower = code.toLowerCase(Locale.ROOT);
    if (OF_HARD.contains(lower)) {
      return HARD;
    }
    if (OF_METHOD.contains(lower)) {
      return METHOD;
    }
    return OF_FUNDS.contains(lower) ? FUNDS : TEMPORARY;
  }
}
