package io.billingsdk.rating.cases;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** How the texts of cases are read. */
final class Texts {
  private Texts() {}

  /** Numbers are the same if their values are; all else if the texts are. */
  static boolean same(String expected, String found) {
    String number = found.endsWith(" ") ? found : found.replaceAll(" [A-Z]{3}$", "");
    try {
      return new BigDecimal(expected).compareTo(new BigDecimal(number)) == 0;
    } catch (NumberFormatException e) {
      return expected.equals(number);
    }
  }

  static BigDecimal decimal(JsonNode node) {
    return new BigDecimal(node.asText());
  }

  static Money money(String currency, JsonNode amount) {
    return Money.of(currency, decimal(amount));
  }

  static List<JsonNode> list(JsonNode array) {
    List<JsonNode> items = new ArrayList<>();
    array.forEach(items::add);
    return items;
  }

  static List<String> keys(JsonNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** A quotient such as {@code 8/30}, or a decimal. */
  static Fraction share(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? Fraction.parse(text)
        : Fraction.of(
            Long.parseLong(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
  }
}
