package io.billingsdk.rating.cases;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.BlockTier;
import io.billingsdk.rating.CapacityTier;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Charge.ChargeBuilder;
import io.billingsdk.rating.Conversion;
import io.billingsdk.rating.PercentagePrice;
import io.billingsdk.rating.PercentageTier;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Rounding;
import io.billingsdk.rating.Tier;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Charges as the cases write them. */
final class Charges {
  private static final Pattern CONVERSION =
      Pattern.compile("(divide|multiply) by ([0-9.]+), then round (up|down|half up)");

  private Charges() {}

  static Charge of(Case one) {
    return builder(one).build();
  }

  static ChargeBuilder builder(Case one) {
    JsonNode given = one.given;
    ChargeBuilder builder = Charge.builder(one.currency()).model(model(given));
    if (given.has("minimum_per_period")) {
      builder.minimum(Texts.money(one.currency(), given.get("minimum_per_period")));
    }
    if (given.has("maximum_per_period")) {
      builder.maximum(Texts.money(one.currency(), given.get("maximum_per_period")));
    }
    if (given.has("free_units_per_period")) {
      builder.discountedUnits(Quantity.parse(given.get("free_units_per_period").asText()));
    }
    if (given.has("convert")) {
      builder.conversion(conversion(given.get("convert").asText()));
    }
    return builder;
  }

  private static PriceModel model(JsonNode given) {
    String model = given.get("model").asText();
    return switch (model) {
      case "unit" -> PriceModel.unit(Texts.decimal(given.get("unit_price")));
      case "graduated" -> PriceModel.graduated(tiers(given, Charges::tier));
      case "volume" -> PriceModel.volume(tiers(given, Charges::tier));
      case "package" -> packages(given);
      case "graduated_blocks" ->
          PriceModel.blocks(tiers(given, Charges::blocks), PriceModel.BlockMode.GRADUATED);
      case "volume_blocks" ->
          PriceModel.blocks(tiers(given, Charges::blocks), PriceModel.BlockMode.VOLUME);
      case "capacity" -> PriceModel.capacity(tiers(given, Charges::capacity));
      case "percentage" -> percentage(given);
      case "graduated_percentage" ->
          PriceModel.graduatedPercentage(tiers(given, Charges::percentageTier));
      default -> throw new AssertionError("no model " + model);
    };
  }

  private static <T> List<T> tiers(JsonNode given, Function<JsonNode, T> reader) {
    return Texts.list(given.get("tiers")).stream().map(reader).toList();
  }

  private static Tier tier(JsonNode tier) {
    return new Tier(
        bound(tier, "up_to"), Texts.decimal(tier.get("unit")), Texts.decimal(tier.get("flat")));
  }

  private static PercentageTier percentageTier(JsonNode tier) {
    return new PercentageTier(
        bound(tier, "up_to"),
        Texts.decimal(tier.get("rate_percent")),
        Texts.decimal(tier.get("flat")));
  }

  private static BlockTier blocks(JsonNode tier) {
    BigDecimal most = bound(tier, "max_blocks");
    return new BlockTier(
        Texts.decimal(tier.get("block_size")),
        most == null ? null : most.intValueExact(),
        Texts.decimal(tier.get("price_per_block")));
  }

  private static CapacityTier capacity(JsonNode tier) {
    Map<String, BigDecimal> most = new LinkedHashMap<>();
    for (String key : Texts.keys(tier)) {
      BigDecimal bound = key.endsWith("_max") ? bound(tier, key) : null;
      if (bound != null) {
        most.put(key.substring(0, key.length() - "_max".length()), bound);
      }
    }
    return new CapacityTier(Texts.decimal(tier.get("price")), most);
  }

  private static PriceModel packages(JsonNode given) {
    return PriceModel.packages(
        Texts.decimal(given.get("package_size")),
        Texts.decimal(given.get("package_price")),
        given.path("policy").asText().contains("round_down")
            ? PriceModel.CountedPackages.COMPLETE
            : PriceModel.CountedPackages.STARTED);
  }

  private static PercentagePrice percentage(JsonNode given) {
    return PercentagePrice.of(given.get("rate_percent").asText())
        .withFixedPerEvent(given.path("fixed_per_event").asText("0"))
        .withFree(given.path("free_events").asInt(0), given.path("free_amount").asText("0"))
        .withBounds(bound(given, "min_per_event"), bound(given, "max_per_event"));
  }

  private static Conversion conversion(String text) {
    Matcher parts = CONVERSION.matcher(text);
    if (!parts.matches()) {
      throw new AssertionError("no conversion " + text);
    }
    Rounding rounding =
        switch (parts.group(3)) {
          case "up" -> Rounding.UP;
          case "down" -> Rounding.DOWN;
          default -> Rounding.HALF_UP;
        };
    return parts.group(1).equals("divide")
        ? Conversion.divide(parts.group(2), rounding)
        : Conversion.multiply(parts.group(2), rounding);
  }

  private static @Nullable BigDecimal bound(JsonNode node, String key) {
    return node.hasNonNull(key) ? Texts.decimal(node.get(key)) : null;
  }
}
