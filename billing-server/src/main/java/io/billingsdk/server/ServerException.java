package io.billingsdk.server;

/** The server cannot start or go on; the message is for its operator and holds no secret. */
public final class ServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what is wrong and what was expected. */
  public ServerException(String message) {
    super(message);
  }

  /** The same with what it comes from. */
  public ServerException(String message, Throwable cause) {
    super(message, cause);
  }
}
