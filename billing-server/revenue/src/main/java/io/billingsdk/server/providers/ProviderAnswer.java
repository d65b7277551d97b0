package io.billingsdk.server.providers;

/** The end of a call about a payment. */
sealed interface ProviderAnswer {
  /** The provider has it, in this state. */
  record Known(ProviderPayment payment) implements ProviderAnswer {}

  /** Nothing is known: the provider may have done it or not. */
  record Lost(String why) implements ProviderAnswer {}

  /**
   * The customer has approved it, and no money has moved: {@link PaymentProvider#capture} takes it.
   */
  record Approved(ProviderPayment payment) implements ProviderAnswer {}

  /**
   * The provider refuses the account of this server, and has done nothing: a person has to see to
   * it.
   *
   * @param why for an operator, without secrets
   */
  record Denied(String why) implements ProviderAnswer {}

  /**
   * The provider has refused the request, and has done nothing.
   *
   * @param code of the provider
   * @param message for an operator, without secrets
   */
  record Rejected(String code, String message) implements ProviderAnswer {}
}
