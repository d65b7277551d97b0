package io.billingsdk.server.revenue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Quantities of a document as one decimal. */
final class FocusQuantities {
  /** Digits of a share that is no finite decimal. */
  private static final MathContext DIGITS = new MathContext(18, RoundingMode.HALF_UP);

  private FocusQuantities() {}

  /** The quantity of a line of usage: a number, or the sum of those by a dimension. */
  static String of(JsonNode detail) {
    return sum(detail.path("quantity"), detail).toPlainString();
  }

  private static BigDecimal sum(JsonNode quantity, JsonNode detail) {
    if (quantity.isTextual()) {
      return new BigDecimal(decimal(quantity.textValue()));
    }
    if (quantity.path("values").isInt()) {
      // The price depends on each event: their number is what was consumed.
      return BigDecimal.valueOf(detail.path("events").asLong());
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode each : quantity) {
      sum = sum.add(sum(each, detail));
    }
    return sum;
  }

  /** A fraction, such as 21/31, or a decimal. */
  static String decimal(String fraction) {
    int slash = fraction.indexOf('/');
    if (slash < 0) {
      return new BigDecimal(fraction).toPlainString();
    }
    BigDecimal numerator = new BigDecimal(fraction.substring(0, slash));
    return numerator.divide(new BigDecimal(fraction.substring(slash + 1)), DIGITS).toPlainString();
  }
}
