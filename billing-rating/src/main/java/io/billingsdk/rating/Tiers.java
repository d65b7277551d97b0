package io.billingsdk.rating;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tiers that follow each other without a gap or an overlap, up to no end. */
final class Tiers {
  private static final int MOST = 1_000;

  private Tiers() {}

  /**
   * Copies tiers whose bounds rise, the last of them open.
   *
   * @param bound the last quantity of a tier, null for none
   */
  static <T> List<T> checked(List<T> tiers, Function<T, @Nullable BigDecimal> bound) {
    Check.count("number of tiers", tiers.size(), MOST);
    BigDecimal below = BigDecimal.ZERO;
    int last = tiers.size() - 1;
    for (int i = 0; i <= last; i++) {
      BigDecimal upTo = bound.apply(tiers.get(i));
      if (i == last ? upTo != null : upTo == null) {
        throw new RatingInputException(
            field(i),
            i == last ? "absent: the last tier has no end" : "given: only the last has no end",
            upTo == null ? "absent" : upTo.toPlainString());
      }
      if (upTo != null && upTo.compareTo(below) <= 0) {
        // Tiers that overlap would price a unit twice.
        throw new RatingInputException(
            field(i), "above " + below.toPlainString(), upTo.toPlainString());
      }
      below = upTo == null ? below : upTo;
    }
    return List.copyOf(tiers);
  }

  /**
   * The tier that holds this quantity. Bounds are inside: with tiers up to 10 and 20, 10 is in the
   * first.
   */
  static <T> int holding(
      Fraction quantity, List<T> tiers, Function<T, @Nullable BigDecimal> bound) {
    for (int i = 0; i < tiers.size(); i++) {
      BigDecimal upTo = bound.apply(tiers.get(i));
      if (upTo == null || quantity.compareTo(Fraction.of(upTo)) <= 0) {
        return i;
      }
    }
    throw new AssertionError("the last tier is open");
  }

  /**
   * What a quantity takes of each tier that it reaches. The first tier is always reached; a later
   * one when the quantity passes the bound below it.
   */
  static <T> List<Fraction> fill(
      Fraction quantity, List<T> tiers, Function<T, @Nullable BigDecimal> bound) {
    List<Fraction> parts = new ArrayList<>();
    Fraction below = Fraction.ZERO;
    for (T tier : tiers) {
      if (!parts.isEmpty() && quantity.compareTo(below) <= 0) {
        return parts;
      }
      BigDecimal upTo = bound.apply(tier);
      Fraction end = upTo == null ? quantity : quantity.min(Fraction.of(upTo));
      parts.add(end.minus(below));
      below = end;
    }
    return parts;
  }

  private static String field(int index) {
    return "tiers[" + index + "].upTo";
  }
}
