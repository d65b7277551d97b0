package io.billingsdk.cli.console;

import org.jspecify.annotations.Nullable;

/**
 * A command cannot do its work; the message is for the operator, in one sentence, and holds no
 * secret. The command ends with the code of a refusal. Immutable.
 */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the reason. */
  public CommandException(String message) {
    this(message, null);
  }

  /** The same with the cause. */
  public CommandException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
