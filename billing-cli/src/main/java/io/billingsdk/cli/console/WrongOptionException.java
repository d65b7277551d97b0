package io.billingsdk.cli.console;

/** An option that is wrong in a way that only its command can tell: exit code 2. */
public final class WrongOptionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * With what the option must be.
   *
   * @param message begins with the option: {@code --days must be 1 to 400, but was 0}
   */
  public WrongOptionException(String message) {
    super(message);
  }

  /** The same with its cause. */
  public WrongOptionException(String message, Throwable cause) {
    super(message, cause);
  }
}
