package io.billingsdk.server.dunning;

/** Charges what is open of an invoice by what its customer has saved. The assembly gives it. */
@FunctionalInterface
public interface ChargeAttempts {
  /** Of a server without a provider: nothing is charged. */
  ChargeAttempts NONE = (number, attempt) -> new NotCharged("no_provider");

  /** Why nothing was sent: another charge of the invoice is under way. */
  String LIVE_CHARGE = "live_charge";

  /**
   * Charges once: the same attempt again is the same charge. It is called without a transaction.
   *
   * @param attempt counts from 1, which is the charge at the issue of the invoice
   */
  AttemptOutcome charge(String number, int attempt);

  /** The outcome of an attempt. */
  sealed interface AttemptOutcome {}

  /** The money is there. */
  record Succeeded() implements AttemptOutcome {}

  /**
   * The bank of the customer said no.
   *
   * @param code of the provider
   */
  record Declined(DeclineKind declineClass, String code) implements AttemptOutcome {}

  /**
   * Nobody knows yet; an event says it later.
   *
   * @param why {@code requires_action}, {@code processing}, {@code needs_operator} or {@code
   *     unknown}
   */
  record Pending(String why) implements AttemptOutcome {}

  /**
   * Nothing was sent to a provider.
   *
   * @param why {@code nothing_open}, {@code no_method}, {@code live_charge} or another word
   */
  record NotCharged(String why) implements AttemptOutcome {}
}
