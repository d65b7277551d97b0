package io.billingsdk.costs.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.costs.Catalogue;
import io.billingsdk.costs.ImportPlan;
import io.billingsdk.costs.PriceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a prices file of what a case gives, and imports it as a person would. */
final class CasePrices {
  static final String PROVIDER = "provider";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern TIERS = Pattern.compile("> ([0-9]+): (.*?)[;,] else (.*)");

  private static final Map<String, String> BUCKETS =
      Map.ofEntries(
          Map.entry("input", "input_tokens"),
          Map.entry("input_text", "input_tokens"),
          Map.entry("input_audio", "input_audio_tokens"),
          Map.entry("input_image", "input_image_tokens"),
          Map.entry("cache_read", "cache_read_tokens"),
          Map.entry("cache_image_read", "cache_read_image_tokens"),
          Map.entry("cache_write_5m", "cache_write_5m_tokens"),
          Map.entry("cache_write_1h", "cache_write_1h_tokens"),
          Map.entry("output", "output_tokens"),
          Map.entry("output_text", "output_tokens"),
          Map.entry("output_audio", "output_audio_tokens"),
          Map.entry("output_image", "output_image_tokens"));

  /** Bucket and unit. */
  private static final Map<String, List<String>> METERS =
      Map.of(
          "prompt_per_1k", List.of("input_tokens", "1k_tokens"),
          "completion_per_1k", List.of("output_tokens", "1k_tokens"),
          "video_minute", List.of("video_seconds", "minute"),
          "audio_hour", List.of("audio_seconds", "hour"),
          "storage_gib", List.of("bytes", "gb"),
          "export_minute", List.of("duration_seconds", "minute"),
          "subtitle_minute", List.of("audio_seconds", "minute"));

  private final ArrayNode rows = JSON.arrayNode();
  private final String currency;
  private final String model;

  private CasePrices(JsonNode given, String model) {
    this.currency = given.path("currency").asText("USD");
    this.model = model;
  }

  static Catalogue of(JsonNode given, String model) {
    CasePrices prices = new CasePrices(given, model);
    prices.add(given);
    ObjectNode file = JSON.objectNode().put("version", 1);
    file.set("prices", prices.rows);
    ImportPlan plan = ImportPlan.of(Catalogue.EMPTY, PriceFile.read(file.toString()));
    return plan.approve(Catalogue.EMPTY, plan.fingerprint(), Set.of());
  }

  private void add(JsonNode given) {
    if (given.has("per_mtok")) {
      perMillion(given);
    } else if (given.path("tiers").isTextual()) {
      tiers(given.path("tiers").asText());
    } else if (given.path("prices").isArray()) {
      dated(given.path("prices"));
    } else if (given.has("catalogue")) {
      given.path("catalogue").properties().forEach(e -> millions(row(), e.getValue()));
    } else if (given.path("prices").has("package")) {
      packages(given.path("prices"));
    } else {
      meters(given);
    }
  }

  private ObjectNode row() {
    ObjectNode row = rows.addObject();
    row.put("provider", PROVIDER).put("model", model).put("currency", currency);
    return row.put("source", "case");
  }

  private void perMillion(JsonNode given) {
    ObjectNode row = row();
    if (given.has("batch_multiplier")) {
      row.set("batchMultiplier", given.path("batch_multiplier"));
    }
    millions(row, given.path("per_mtok"));
    given
        .path("tiers")
        .properties()
        .forEach(tier -> millions(row().put("serviceTier", tier.getKey()), tier.getValue()));
  }

  private static void millions(ObjectNode row, JsonNode prices) {
    ObjectNode buckets = row.putObject("prices");
    prices
        .properties()
        .forEach(
            price -> {
              String bucket = BUCKETS.get(price.getKey());
              if (bucket != null) {
                buckets
                    .putObject(bucket)
                    .put("per", "1m_tokens")
                    .put("price", price.getValue().asText());
              }
            });
  }

  /** As {@code input > 200000: input 6, output 22.5; else 3, 15}. */
  private void tiers(String text) {
    Matcher found = TIERS.matcher(text);
    if (!found.find()) {
      throw new AssertionError("no tiers in " + text);
    }
    String[] above = found.group(2).replace(" per MTok", "").split(", ", -1);
    String[] base = found.group(3).split(", ", -1);
    ObjectNode buckets = row().putObject("prices");
    for (int i = 0; i < above.length; i++) {
      String[] words = above[i].trim().split(" ", -1);
      String bucket = BUCKETS.get(words.length == 1 ? "input" : words[0]);
      ObjectNode price = buckets.putObject(bucket).put("per", "1m_tokens").put("price", base[i]);
      price
          .putArray("tiers")
          .addObject()
          .put("over", found.group(1))
          .put("price", words[words.length - 1]);
    }
  }

  private void dated(JsonNode prices) {
    List<String> starts = new ArrayList<>();
    prices.forEach(price -> starts.add(price.path("from").asText("")));
    for (int i = 0; i < prices.size(); i++) {
      ObjectNode row = row();
      boolean isWindow = prices.get(i).has("window_utc");
      if (isWindow) {
        row.set("window", prices.get(i).path("window_utc"));
      }
      if (!starts.get(i).isEmpty()) {
        row.put("validFrom", starts.get(i) + "T00:00:00Z");
      }
      if (i + 1 < prices.size() && !starts.get(i + 1).isEmpty()) {
        row.put("validTo", starts.get(i + 1) + "T00:00:00Z");
      }
      millions(row, prices.get(i));
    }
  }

  private void packages(JsonNode price) {
    boolean isWhole = price.path("rounding").asText().equals("ceil");
    row()
        .putObject("prices")
        .putObject("video_seconds")
        .put("price", price.path("package").asText())
        .put("per", "second")
        .put("package", price.path("package_size_seconds").asText())
        .put("rounding", isWhole ? "started" : "pro_rata");
  }

  private void meters(JsonNode given) {
    ObjectNode buckets = row().putObject("prices");
    given
        .path("prices")
        .properties()
        .forEach(
            price -> {
              List<String> meter = METERS.getOrDefault(price.getKey(), List.of());
              ObjectNode bucket = buckets.putObject(meter.get(0));
              bucket.put("per", meter.get(1)).put("price", price.getValue().asText());
              if (given.has("minimum_seconds")) {
                bucket.put("minimum", given.path("minimum_seconds").asText());
              }
            });
  }
}
