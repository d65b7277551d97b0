package io.billingsdk;

/**
 * The one exception of this library: something that can never work as it was asked for, such as a
 * second client in one process or a CA file that cannot be read. Its message is free of secrets.
 *
 * <p>It is thrown while starting, never while reporting or checking.
 */
public final class BillingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public BillingException(String message) {
    super(message);
  }

  /** With a message for people, and what led to it. */
  public BillingException(String message, Throwable cause) {
    super(message, cause);
  }
}
