package io.billingsdk.server.providers;

/** A provider refuses the account of this server: a person has to see to it. */
final class ProviderDeniedException extends ProviderUnreachableException {
  private static final long serialVersionUID = 1L;

  ProviderDeniedException(String why) {
    super(why);
  }
}
