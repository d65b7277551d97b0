package io.billingsdk.server.customers;

import org.jspecify.annotations.Nullable;

/**
 * How a seller bills. Each part may be missing. An invoice pins the values of its issue. Immutable.
 *
 * @param bank where customers pay to; null for none
 * @param netDays the terms of customers without terms of their own, 0 to 365 days; null for none
 * @param template of documents, 1 to 64 of a-z 0-9 -; null for the usual one
 */
public record SellerSettings(
    @Nullable BankAccount bank, @Nullable Integer netDays, @Nullable String template) {
  /** Of a seller for whom nobody has set anything. */
  public static final SellerSettings NONE = new SellerSettings(null, null, null);

  /**
   * An account at a bank.
   *
   * @param holder 1 to 256 characters
   * @param iban without spaces, with a check number that is right
   * @param bic of the bank, 8 or 11 characters; null where the IBAN is enough
   */
  public record BankAccount(String holder, String iban, @Nullable String bic) {}
}
