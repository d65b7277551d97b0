package io.billingsdk.server.providers;

/** How an attempt to charge an invoice ended, as far as that is known now. */
public sealed interface ChargeResult {
  /** The money has come, and is booked. */
  record Succeeded(String chargeId) implements ChargeResult {}

  /**
   * No money has come.
   *
   * @param code of the provider
   */
  record Declined(String chargeId, DeclineClass declineClass, String code)
      implements ChargeResult {}

  /**
   * The customer has to confirm it on a page; no decline.
   *
   * @param url of the page; empty while there is none
   */
  record RequiresAction(String chargeId, String url) implements ChargeResult {}

  /** The bank takes days for it. */
  record Processing(String chargeId) implements ChargeResult {}

  /** The provider may have it or not; a job finds out. */
  record Unknown(String chargeId) implements ChargeResult {}

  /**
   * The provider refuses the account of this server, and has done nothing. It goes on once a person
   * has seen to that.
   *
   * @param problem for an operator
   */
  record NeedsOperator(String chargeId, String problem) implements ChargeResult {}

  /** Nothing was sent to a provider. */
  record NotCharged(Why why, String reason) implements ChargeResult {}

  /** Why nothing was sent. */
  enum Why {
    /** The customer has saved no method, or its provider is not set up. */
    NO_METHOD,
    /** The invoice is paid, or not known. */
    NOTHING_OPEN,
    /** Another charge of the invoice is under way. */
    UNDER_WAY,
    /** The provider cannot charge this amount in this currency. */
    AMOUNT
  }
}
