package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.rating.TaxRate.Component;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rates of taxes as documents, pins and rows have them. Without components nothing names them. */
public final class TaxRateJson {
  private TaxRateJson() {}

  static ObjectNode write(ObjectNode node, TaxRate rate) {
    return write(node, rate, List.of());
  }

  /**
   * Writes a rate.
   *
   * @param parts the tax of each component; none to leave them out
   */
  static ObjectNode write(ObjectNode node, TaxRate rate, List<Money> parts) {
    node.put("category", rate.category()).put("percent", rate.percent().toPlainString());
    if (!rate.components().isEmpty()) {
      components(node.putArray("components"), rate.components(), parts);
    }
    return node;
  }

  private static void components(ArrayNode array, List<Component> components, List<Money> parts) {
    for (int i = 0; i < components.size(); i++) {
      Component component = components.get(i);
      ObjectNode node =
          array
              .addObject()
              .put("name", component.name())
              .put("percent", component.percent().toPlainString());
      if (!parts.isEmpty()) {
        node.put("tax", DetailJson.amount(parts.get(i)));
      }
    }
  }

  /** The rate of a line or of a group of a document. */
  public static TaxRate read(JsonNode tax) {
    return new TaxRate(
        tax.path("category").asText(),
        new BigDecimal(tax.path("percent").asText("0")),
        components(tax.path("components")));
  }

  private static List<Component> components(JsonNode array) {
    List<Component> components = new ArrayList<>();
    array.forEach(
        each ->
            components.add(
                Component.of(each.path("name").asText(), each.path("percent").asText())));
    return components;
  }

  /** The components as the column of a line has them; null for none. */
  static @Nullable String column(TaxRate rate) {
    if (rate.components().isEmpty()) {
      return null;
    }
    ArrayNode array = CanonicalJson.array();
    components(array, rate.components(), List.of());
    return array.toString();
  }

  /** The same with the tax of each, as the column of a group has them; empty for none. */
  static String column(TaxRate rate, List<Money> parts) {
    if (parts.isEmpty()) {
      return "";
    }
    ArrayNode array = CanonicalJson.array();
    components(array, rate.components(), parts);
    return array.toString();
  }

  /** A rate of the columns of a line. */
  static TaxRate ofColumns(String category, BigDecimal percent, @Nullable String components) {
    return components == null
        ? new TaxRate(category, percent)
        : new TaxRate(category, percent, components(CanonicalJson.stored(components)));
  }
}
