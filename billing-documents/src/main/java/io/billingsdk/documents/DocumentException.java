package io.billingsdk.documents;

/** A document cannot be made. The message names the field, says why, and what to do. */
public final class DocumentException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a message for operators. */
  public DocumentException(String message) {
    super(message);
  }

  /** With a message for operators, and its cause. */
  public DocumentException(String message, Throwable cause) {
    super(message, cause);
  }
}
