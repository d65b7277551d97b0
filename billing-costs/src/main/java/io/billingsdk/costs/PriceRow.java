package io.billingsdk.costs;

import java.time.Instant;
import java.util.Optional;

/**
 * An immutable row of the catalogue: what, when, for how much, and who says so.
 *
 * @param key what it is for
 * @param match which names of models it is for; without it that of the key alone
 * @param validity when
 * @param terms for how much
 * @param source who says so
 */
public record PriceRow(
    PriceKey key,
    Optional<ModelMatch> match,
    Validity validity,
    PriceTerms terms,
    PriceSource source) {

  /** A name of the row that its content gives: another price is another row. */
  public String id() {
    return Digest.of(canonical()).substring(0, 16);
  }

  /** By their texts: equal patterns are not equal values. */
  static boolean isSameMatch(PriceRow one, PriceRow other) {
    return one.match().map(ModelMatch::toString).equals(other.match().map(ModelMatch::toString));
  }

  PriceRow until(Instant end) {
    return new PriceRow(key, match, new Validity(validity.from(), Optional.of(end)), terms, source);
  }

  String canonical() {
    return key
        + "\n"
        + validity
        + "\n"
        + terms.canonical()
        + "\n"
        + source.name()
        + match.map(each -> "\n" + each).orElse("");
  }
}
