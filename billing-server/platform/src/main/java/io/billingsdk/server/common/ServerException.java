package io.billingsdk.server.common;

import org.jspecify.annotations.Nullable;

/**
 * A failure that somebody can put right: its message is for them, in one sentence, and holds no
 * secret. It is of the installation, or of a request; any other exception is a defect. Immutable.
 */
public abstract sealed class ServerException extends RuntimeException
    permits InstallationException, RequestRefusedException {
  private static final long serialVersionUID = 1L;

  ServerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The sentence; it is always there. */
  @Override
  public final String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
