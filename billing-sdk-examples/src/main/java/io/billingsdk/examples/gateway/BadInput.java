package io.billingsdk.examples.gateway;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** What the caller sent cannot be worked on. Its message goes to the caller. */
final class BadInput extends Exception {
  private static final long serialVersionUID = 1L;

  private final String errorType;

  /**
   * @param errorType for the metadata of the charge: one word in lower case
   */
  BadInput(String errorType, String message) {
    super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    this.errorType = errorType;
  }

  String errorType() {
    return errorType;
  }

  /** The answer to the caller. */
  StatusRuntimeException asStatus() {
    return Status.INVALID_ARGUMENT.withDescription(text()).asRuntimeException();
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
