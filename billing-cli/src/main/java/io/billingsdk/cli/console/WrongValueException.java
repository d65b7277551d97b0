package io.billingsdk.cli.console;

import picocli.CommandLine.TypeConversionException;

/**
 * The value of an option or a parameter is not acceptable. Its message begins with "must be", so
 * that the name of the option can stand before it. Immutable.
 */
public final class WrongValueException extends TypeConversionException {
  private static final long serialVersionUID = 1L;

  /** "must be {@code expected}, but was {@code given}". */
  public WrongValueException(String expected, String given) {
    super("must be " + expected + ", but was " + given);
  }
}
