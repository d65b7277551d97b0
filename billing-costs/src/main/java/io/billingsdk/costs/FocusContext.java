package io.billingsdk.costs;

/**
 * Whose costs a FOCUS file is of.
 *
 * @param accountId the account that pays the providers
 * @param accountName its name
 */
public record FocusContext(String accountId, String accountName) {
  /** Checks the names. */
  public FocusContext {
    Check.name("accountId", accountId);
    Check.name("accountName", accountName);
  }
}
