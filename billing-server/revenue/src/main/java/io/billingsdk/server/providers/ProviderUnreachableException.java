package io.billingsdk.server.providers;

/** A provider did not answer, or not in a way that says what it has done. */
class ProviderUnreachableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProviderUnreachableException(String why) {
    super(why);
  }
}
