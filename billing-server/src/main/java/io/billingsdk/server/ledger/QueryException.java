package io.billingsdk.server.ledger;

/**
 * A question that cannot be answered as it was put: says which part of it, and what was expected
 * instead. Quotes no value.
 */
public final class QueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final String expected;

  /**
   * A refusal.
   *
   * @param field the part of the question, by the name under which it was asked
   * @param expected what it must be, with its bound
   */
  public QueryException(String field, String expected) {
    super(field + " must be " + expected);
    this.field = field;
    this.expected = expected;
  }

  /** The part of the question that is refused. */
  public String field() {
    return field;
  }

  /** What it must be. */
  public String expected() {
    return expected;
  }
}
