package io.billingsdk.rating;

import java.util.Objects;

/**
 * A value that cannot be rated: the field, what was expected of it, and what it is. The message
 * says all three, for example {@code tiers[1].upTo must be above 10, but is 5}.
 *
 * <p>Immutable. Its texts hold the refused value, which is a price, a quantity or a date, and never
 * a secret.
 */
public final class RatingInputException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_VALUE = 80;

  private final String field;
  private final String expectation;

  /**
   * Makes the refusal.
   *
   * @param field the name of the field, with its place in a list: {@code tiers[1].upTo}
   * @param expectation what it must be, as it reads after "must be"
   * @param found what it is; shortened in the message if it is long
   */
  public RatingInputException(String field, String expectation, Object found) {
    super(field + " must be " + expectation + ", but is " + shortened(found));
    this.field = Objects.requireNonNull(field, "field");
    this.expectation = Objects.requireNonNull(expectation, "expectation");
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
