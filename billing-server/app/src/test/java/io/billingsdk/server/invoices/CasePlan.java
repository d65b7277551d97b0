package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The price of a case as a charge of a plan file. */
final class CasePlan {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CONVERSION =
      Pattern.compile("(divide|multiply) by ([0-9.]+), then round (up|down)");

  private CasePlan() {}

  /** A plan of a month with the metered charge {@code c}. */
  static ObjectNode metered(String plan, JsonNode given, @Nullable String includedUnits) {
    ObjectNode charge = JSON.createObjectNode();
    charge.put("id", "c").put("name", "C").put("kind", "metered");
    if (!given.path("model").asText().equals("capacity")) {
      charge.put("meter", "used");
    }
    charge.set("price", price(given));
    copy(given, "minimum_per_period", charge, "minimum");
    copy(given, "maximum_per_period", charge, "maximum");
    copy(given, "free_units_per_period", charge, "discountedUnits");
    if (includedUnits != null) {
      charge.put("includedUnits", includedUnits);
    }
    if (given.has("convert")) {
      charge.set("conversion", conversion(given.path("convert").asText()));
    }
    return plan(plan, given.path("currency").asText(), "month", charge);
  }

  /**
   * A plan with a fee in arrears, usage at a price of 1, and an amount that is invoiced at once.
   */
  static ObjectNode progressive(
      String plan, String currency, String fee, String threshold, boolean isAgain) {
    ObjectNode usage = JSON.createObjectNode();
    usage.put("id", "u").put("name", "U").put("kind", "metered").put("meter", "used");
    usage.putObject("price").put("model", "unit").put("price", "1");
    ObjectNode root = inArrears(fee(plan, currency, "month", fee));
    ((ArrayNode) root.path("charges")).add(usage);
    ObjectNode progressive = root.putObject("progressiveBilling");
    progressive.putArray("thresholds").add(threshold);
    if (isAgain) {
      progressive.put("every", threshold);
    }
    return root;
  }

  /** A plan with a fee in advance. */
  static ObjectNode fee(String plan, String currency, String interval, String amount) {
    ObjectNode charge = JSON.createObjectNode();
    charge.put("id", "c").put("name", "C").put("kind", "flatInAdvance");
    charge.putObject("price").put("model", "flat").put("amount", amount);
    return plan(plan, currency, interval, charge);
  }

  /** The same with its fee due afterwards. */
  static ObjectNode inArrears(ObjectNode plan) {
    ((ObjectNode) plan.path("charges").get(0)).put("kind", "flatInArrears");
    return plan;
  }

  static ObjectNode plan(String plan, String currency, String interval, ObjectNode... charges) {
    ObjectNode root = JSON.createObjectNode();
    root.put("plan", plan).put("name", plan).put("currency", currency).put("interval", interval);
    root.putObject("entitlements").put("models", "all");
    ArrayNode list = root.putArray("charges");
    for (ObjectNode each : charges) {
      list.add(each);
    }
    return root;
  }

  private static ObjectNode price(JsonNode given) {
    ObjectNode price = JSON.createObjectNode();
    String model = given.path("model").asText();
    switch (model) {
      case "unit" -> price.put("model", "unit").put("price", given.path("unit_price").asText());
      case "graduated", "volume" -> tiers(price.put("model", model), given, "unit", "unitPrice");
      case "graduated_percentage" ->
          tiers(price.put("model", "graduatedPercentage"), given, "rate_percent", "ratePercent");
      case "package" -> packages(price, given);
      case "graduated_blocks" -> blocks(price, given);
      case "capacity" -> capacity(price, given);
      default -> percentage(price, given);
    }
    return price;
  }

  private static void tiers(ObjectNode price, JsonNode given, String from, String to) {
    ArrayNode tiers = price.putArray("tiers");
    for (JsonNode each : given.path("tiers")) {
      ObjectNode tier = tiers.addObject();
      copy(each, "up_to", tier, "upTo");
      copy(each, from, tier, to);
      copy(each, "flat", tier, "flatPrice");
    }
  }

  private static void packages(ObjectNode price, JsonNode given) {
    price.put("model", "packages");
    copy(given, "package_size", price, "size");
    copy(given, "package_price", price, "price");
    if (given.path("policy").asText().contains("round_down")) {
      price.put("counted", "complete");
    }
  }

  private static void blocks(ObjectNode price, JsonNode given) {
    ArrayNode tiers = price.put("model", "blocks").putArray("tiers");
    for (JsonNode each : given.path("tiers")) {
      ObjectNode tier = tiers.addObject();
      copy(each, "block_size", tier, "size");
      copy(each, "price_per_block", tier, "price");
      if (each.hasNonNull("max_blocks")) {
        tier.put("mostBlocks", each.path("max_blocks").asInt());
      }
    }
  }

  private static void capacity(ObjectNode price, JsonNode given) {
    ArrayNode tiers = price.put("model", "capacity").putArray("tiers");
    for (JsonNode each : given.path("tiers")) {
      ObjectNode tier = tiers.addObject();
      copy(each, "price", tier, "price");
      ObjectNode most = JSON.createObjectNode();
      copy(each, "unit1_max", most, "unit1");
      copy(each, "unit2_max", most, "unit2");
      if (!most.isEmpty()) {
        tier.set("most", most);
      }
    }
  }

  private static void percentage(ObjectNode price, JsonNode given) {
    price.put("model", "percentage");
    copy(given, "rate_percent", price, "ratePercent");
    copy(given, "fixed_per_event", price, "fixedPerEvent");
    copy(given, "free_amount", price, "freeAmount");
  }

  private static ObjectNode conversion(String text) {
    Matcher parts = CONVERSION.matcher(text);
    if (!parts.matches()) {
      throw new AssertionError("no conversion " + text);
    }
    return JSON.createObjectNode()
        .put("operation", parts.group(1))
        .put("factor", parts.group(2))
        .put("rounding", parts.group(3));
  }

  private static void copy(JsonNode from, String name, ObjectNode to, String other) {
    if (from.hasNonNull(name)) {
      to.put(other, from.path(name).asText());
    }
  }
}
