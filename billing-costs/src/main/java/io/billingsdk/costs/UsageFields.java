package io.billingsdk.costs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.math.BigDecimal;

/** The numbers of a usage object, by name; a number that is not there is 0. */
record UsageFields(JsonNode node, String path) {

  /** The first object that is there, or the body itself; refused where it has none of the names. */
  static UsageFields in(JsonNode body, String[] places, String... names) {
    for (String place : places) {
      JsonNode found = body;
      for (String name : place.split("\\.", -1)) {
        found = found.path(name);
      }
      if (found.isObject()) {
        return new UsageFields(found, "").requireOne(names);
      }
    }
    return new UsageFields(body, "").requireOne(names);
  }

  private UsageFields requireOne(String... names) {
    for (String name : names) {
      if (has(name)) {
        return this;
      }
    }
    throw new CostInputException(
        "usage", "an object with one of " + String.join(", ", names), "without them");
  }

  boolean has(String name) {
    return node.hasNonNull(name);
  }

  UsageFields part(String name) {
    return new UsageFields(node.path(name), path + name + ".");
  }

  /** A number that is not negative. */
  BigDecimal at(String name) {
    JsonNode value = node.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return BigDecimal.ZERO;
    }
    if (value instanceof NumericNode number && !number.isNaN()) {
      return Check.amount(path + name, number.decimalValue());
    }
    Object found = value.isNumber() ? value.asText() : value.getNodeType();
    throw new CostInputException(path + name, "a number", found);
  }

  /** The number of a modality in a list of {@code {modality, tokenCount}}, as Gemini has it. */
  BigDecimal ofModality(String list, String modality) {
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode each : node.path(list)) {
      if (each.path("modality").asText().equalsIgnoreCase(modality)) {
        sum = sum.add(new UsageFields(each, path + list + ".").at("tokenCount"));
      }
    }
    return sum;
  }
}
