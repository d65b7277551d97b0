package io.billingsdk.costs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.costs.BucketPrice.ContextTier;
import java.util.List;

/** Writes rows as the prices file of this product; reading it gives the same rows. */
final class PriceFileWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private PriceFileWriter() {}

  static String text(List<PriceRow> rows) {
    ObjectNode file = NODES.objectNode().put("version", 1);
    ArrayNode list = file.putArray("prices");
    rows.forEach(row -> list.add(node(row)));
    return file.toString();
  }

  static ObjectNode node(PriceRow row) {
    ObjectNode node = NODES.objectNode();
    PriceKey key = row.key();
    node.put("provider", key.provider()).put("model", key.model());
    node.put("currency", row.terms().currency()).put("source", row.source().name());
    row.source().checkedOn().ifPresent(day -> node.put("checkedOn", day.toString()));
    key.region().ifPresent(name -> node.put("region", name));
    if (!key.serviceTier().equals(PriceKey.STANDARD)) {
      node.put("serviceTier", key.serviceTier());
    }
    key.window().ifPresent(hours -> node.put("window", hours.toString()));
    if (key.accountOverride()) {
      node.put("accountOverride", true);
    }
    row.validity().from().ifPresent(start -> node.put("validFrom", start.toString()));
    row.validity().to().ifPresent(end -> node.put("validTo", end.toString()));
    row.match().ifPresent(match -> node.set("match", node(match)));
    row.terms().batchMultiplier().ifPresent(f -> node.put("batchMultiplier", Check.plain(f)));
    ObjectNode prices = node.putObject("prices");
    row.terms().prices().forEach((bucket, price) -> prices.set(bucket.key(), node(price)));
    return node;
  }

  private static ObjectNode node(BucketPrice price) {
    ObjectNode node = NODES.objectNode();
    node.put("price", Check.plain(price.price())).put("per", price.unit().key());
    node.put("package", Check.plain(price.packageSize()));
    node.put("rounding", price.wholePackages() ? "started" : "pro_rata");
    node.put("minimum", Check.plain(price.minimum()));
    if (!price.tiers().isEmpty()) {
      ArrayNode tiers = node.putArray("tiers");
      for (ContextTier tier : price.tiers()) {
        ObjectNode each = tiers.addObject().put("over", Check.plain(tier.bound()));
        each.put("operator", tier.inclusive() ? "gte" : "gt");
        each.put("price", Check.plain(tier.price()));
      }
    }
    return node;
  }

  private static ObjectNode node(ModelMatch match) {
    ObjectNode node = NODES.objectNode();
    if (match instanceof ModelMatch.Is is) {
      node.put("equals", is.text());
    } else if (match instanceof ModelMatch.StartsWith start) {
      node.put("starts_with", start.text());
    } else if (match instanceof ModelMatch.EndsWith end) {
      node.put("ends_with", end.text());
    } else if (match instanceof ModelMatch.Contains part) {
      node.put("contains", part.text());
    } else if (match instanceof ModelMatch.Regex regex) {
      node.put("regex", regex.pattern().pattern());
    } else if (match instanceof ModelMatch.Any any) {
      node.set("or", nodes(any.parts()));
    } else if (match instanceof ModelMatch.All all) {
      node.set("and", nodes(all.parts()));
    }
    return node;
  }

  private static ArrayNode nodes(List<ModelMatch> parts) {
    ArrayNode nodes = NODES.arrayNode();
    parts.forEach(part -> nodes.add(node(part)));
    return nodes;
  }
}
