package io.billingsdk.server.providers;

/** A webhook that the provider has not signed, or too long ago. */
final class ForgedEventException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ForgedEventException(String why) {
    super(why);
  }
}
