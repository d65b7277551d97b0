package io.billingsdk.costs;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.costs.BucketPrice.ContextTier;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The prices file of this product, version 1. */
final class OwnPrices {
  private static final BigDecimal VERSION = BigDecimal.ONE;

  private OwnPrices() {}

  static List<PriceRow> read(JsonNode tree) {
    return StrictNode.read(
        tree,
        "",
        file -> {
          if (file.decimal("version").compareTo(VERSION) != 0) {
            throw new CostInputException("version", "1", file.get("version"));
          }
          return file.list("prices", OwnPrices::row);
        });
  }

  private static PriceRow row(StrictNode row) {
    PriceKey key =
        new PriceKey(
            row.text("provider"),
            row.text("model"),
            row.optionalText("region"),
            row.optionalText("serviceTier").orElse(PriceKey.STANDARD),
            row.optionalText("window").map(text -> DailyWindow.read(row.at("window"), text)),
            row.flag("accountOverride"));
    Validity validity = new Validity(row.instant("validFrom"), row.instant("validTo"));
    PriceSource source = new PriceSource(row.text("source"), row.day("checkedOn"));
    Optional<ModelMatch> match =
        row.has("match")
            ? Optional.of(MatchReader.read(row.at("match"), row.get("match")))
            : Optional.empty();
    return new PriceRow(key, match, validity, terms(row), source);
  }

  private static PriceTerms terms(StrictNode row) {
    Optional<BigDecimal> batch =
        row.has("batchMultiplier") ? Optional.of(row.decimal("batchMultiplier")) : Optional.empty();
    Map<Bucket, BucketPrice> prices =
        StrictNode.read(row.get("prices"), row.at("prices"), OwnPrices::buckets);
    return new PriceTerms(row.text("currency"), prices, batch);
  }

  private static Map<Bucket, BucketPrice> buckets(StrictNode prices) {
    Map<Bucket, BucketPrice> found = new EnumMap<>(Bucket.class);
    for (Bucket bucket : Bucket.values()) {
      if (prices.has(bucket.key())) {
        String path = prices.at(bucket.key());
        found.put(bucket, StrictNode.read(prices.get(bucket.key()), path, OwnPrices::price));
      }
    }
    return found;
  }

  private static BucketPrice price(StrictNode price) {
    return new BucketPrice(
        price.decimal("price"),
        PriceUnit.read(price.at("per"), price.text("per")),
        price.decimal("package", BigDecimal.ONE),
        isWhole(price),
        price.decimal("minimum", BigDecimal.ZERO),
        price.list("tiers", OwnPrices::tier));
  }

  private static boolean isWhole(StrictNode price) {
    String rounding = price.optionalText("rounding").orElse("pro_rata");
    return oneOf(price.at("rounding"), rounding, Map.of("pro_rata", false, "started", true));
  }

  private static ContextTier tier(StrictNode tier) {
    String operator = tier.optionalText("operator").orElse("gt");
    boolean inclusive = oneOf(tier.at("operator"), operator, Map.of("gt", false, "gte", true));
    return new ContextTier(tier.decimal("over"), inclusive, tier.decimal("price"));
  }

  private static boolean oneOf(String field, String text, Map<String, Boolean> choices) {
    Boolean found = choices.get(text);
    if (found == null) {
      throw new CostInputException(
          field, "one of " + new TreeSet<>(choices.keySet()), '"' + text + '"');
    }
    return found;
  }
}
