package io.billingsdk.costs;

import java.util.Objects;

/**
 * A value that cannot be costed: the field, what was expected of it, and what it is. The message
 * says all three, for example {@code prices[3].validTo must be after validFrom, but is 2026-01-01}.
 *
 * <p>Immutable. Its texts hold the refused value, which is a price, a quantity or a name, and never
 * a secret.
 */
public final class CostInputException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_VALUE = 80;

  private final String field;
  private final String expectation;

  /**
   * Makes the refusal.
   *
   * @param field the name of the field, with its place in a list: {@code prices[3].validTo}
   * @param expectation what it must be, as it reads after "must be"
   * @param found what it is; shortened in the message if it is long
   */
  public CostInputException(String field, String expectation, Object found) {
    this(field, expectation, field + " must be " + expectation + ", but is " + shortened(found), 0);
  }

  private CostInputException(String field, String expectation, String message, int unused) {
    super(message);
    this.field = Objects.requireNonNull(field, "field");
    this.expectation = Objects.requireNonNull(expectation, "expectation");
  }

  /** The refusal of a part that is greater than its whole. */
  static CostInputException exceeds(String part, Object value, String whole, Object most) {
    return new CostInputException(
        part,
        "at most " + whole,
        part + " (" + shortened(value) + ") exceeds " + whole + " (" + shortened(most) + ")",
        0);
  }

  /** The same refusal, of a field inside another. */
  CostInputException inside(String outer) {
    String message = String.valueOf(getMessage());
    return new CostInputException(outer + "." + field, expectation, outer + "." + message, 0);
  }

  /** The field that was refused. */
  public String field() {
    return field;
  }

  /** What the field must be. */
  public String expectation() {
    return expectation;
  }

  private static String shortened(Object found) {
    String text = String.valueOf(found);
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...";
  }
}
