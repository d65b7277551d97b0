package io.billingsdk.spring;

/** The properties {@code billing.*} are not a valid configuration. The message is for people. */
final class BillingPropertiesException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BillingPropertiesException(String message, Throwable cause) {
    super(message, cause);
  }
}
