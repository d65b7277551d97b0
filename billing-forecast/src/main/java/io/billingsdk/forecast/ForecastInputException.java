package io.billingsdk.forecast;

import java.util.Objects;

/**
 * A value that no forecast can be made of: the field, what it must be, and what it is. The message
 * says all three, for example {@code share must be above 0 and at most 1, but is 2}.
 *
 * <p>Immutable. Its texts hold the refused value, which is a quantity or a date, and never a
 * secret.
 */
public final class ForecastInputException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String field;

  ForecastInputException(String field, String expectation, Object found) {
    super(field + " must be " + expectation + ", but is " + found);
    this.field = Objects.requireNonNull(field, "field");
  }

  /** The field that was refused. */
  public String field() {
    return field;
  }
}
