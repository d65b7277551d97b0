package io.billingsdk.costs;

import java.util.Optional;

/**
 * A row that an import adds, changes or ends.
 *
 * @param kind which of them
 * @param before the row in the present catalogue
 * @param after the row in the next one
 */
public record PriceDifference(Kind kind, Optional<PriceRow> before, Optional<PriceRow> after) {
  /** What happens to a row. */
  public enum Kind {
    /** There was none for this key and start. */
    ADDED,
    /** Another price from the same moment on: costs since then want a re-rating. */
    CHANGED,
    /** A later row follows: this one ends where that begins. */
    CLOSED
  }

  /** One line for people. */
  @Override
  public String toString() {
    PriceRow shown = after.or(() -> before).orElseThrow();
    return Check.small(kind.name())
        + " "
        + shown.key()
        + " "
        + shown.validity()
        + before.map(row -> " from {" + text(row) + "}").orElse("")
        + after.map(row -> " to {" + text(row) + "}").orElse("");
  }

  private String text(PriceRow row) {
    boolean isOther =
        before.isPresent() && after.isPresent() && !PriceRow.isSameMatch(before.get(), after.get());
    String names = isOther ? " match " + row.match().map(ModelMatch::toString).orElse("none") : "";
    return row.terms().canonical() + names;
  }
}
