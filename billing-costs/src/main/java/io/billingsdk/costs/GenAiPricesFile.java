package io.billingsdk.costs;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.costs.BucketPrice.ContextTier;
import io.billingsdk.costs.ImportFinding.Severity;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The public data set genai-prices: a list of providers with models. Confined to one thread. */
final class GenAiPricesFile {
  private static final PriceSource SOURCE = new PriceSource("genai-prices", Optional.empty());

  private final List<PriceRow> rows = new ArrayList<>();
  private final List<ImportFinding> notes = new ArrayList<>();

  private GenAiPricesFile() {}

  static PriceFile read(JsonNode providers) {
    GenAiPricesFile file = new GenAiPricesFile();
    int place = 0;
    for (JsonNode provider : providers) {
      String path = "[" + place++ + "]";
      int number = 0;
      for (JsonNode model : provider.path("models")) {
        file.model(text(provider, "id", path), model, path + ".models[" + number++ + "]");
      }
    }
    return new PriceFile(file.rows, file.notes);
  }

  private static String text(JsonNode node, String name, String path) {
    if (!node.path(name).isTextual()) {
      throw new CostInputException(path + "." + name, "a text", node.path(name).getNodeType());
    }
    return node.path(name).asText();
  }

  private void model(String provider, JsonNode model, String path) {
    Model named =
        new Model(
            provider,
            text(model, "id", path),
            MatchReader.read(path + ".match", model.path("match")));
    JsonNode prices = model.path("prices");
    if (prices.isObject()) {
      row(named, Validity.ALWAYS, Optional.empty(), prices, path + ".prices");
      return;
    }
    List<JsonNode> entries = new ArrayList<>();
    prices.forEach(entries::add);
    @Nullable Instant end = null;
    for (int i = entries.size() - 1; i >= 0; i--) {
      end = entry(named, entries.get(i), end, path + ".prices[" + i + "]");
    }
  }

  /** The later entry wins there: each lasts until the next one that has a start. */
  private @Nullable Instant entry(Model model, JsonNode entry, @Nullable Instant end, String path) {
    JsonNode constraint = entry.path("constraint");
    JsonNode prices = entry.path("prices");
    if (constraint.has("start_time")) {
      String window =
          time(constraint, "start_time", path) + "-" + time(constraint, "end_time", path);
      Optional<DailyWindow> hours = Optional.of(DailyWindow.read(path, window));
      row(model, Validity.ALWAYS, hours, prices, path);
      return end;
    }
    Instant start = constraint.has("start_date") ? day(constraint, path) : null;
    row(model, Validity.of(start, end), Optional.empty(), prices, path);
    return start;
  }

  private static String time(JsonNode constraint, String name, String path) {
    String text = text(constraint, name, path);
    if (!text.endsWith("Z")) {
      throw new CostInputException(path + "." + name, "a time in UTC, with Z", '"' + text + '"');
    }
    return text.substring(0, text.length() - 1);
  }

  private static Instant day(JsonNode constraint, String path) {
    String text = text(constraint, "start_date", path);
    try {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw new CostInputException(path + ".start_date", "a day", '"' + text + '"');
    }
  }

  private void row(
      Model model, Validity validity, Optional<DailyWindow> window, JsonNode prices, String path) {
    Map<Bucket, BucketPrice> found = new EnumMap<>(Bucket.class);
    Iterator<String> names = prices.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      Optional<GenAiPriceKey> key = GenAiPriceKey.of(name);
      if (key.isEmpty()) {
        note(model, name, "a price key that has a bucket");
      } else {
        BucketPrice price = price(model, key.get(), prices.path(name), path + "." + name);
        found.put(key.get().bucket(), price);
      }
    }
    if (found.isEmpty()) {
      note(model, "prices", "of at least one bucket");
      return;
    }
    PriceKey key =
        new PriceKey(model.provider, model.id, Optional.empty(), PriceKey.STANDARD, window, false);
    PriceTerms terms = new PriceTerms("USD", found, Optional.empty());
    rows.add(new PriceRow(key, Optional.of(model.match), validity, terms, SOURCE));
  }

  private void note(Model model, String what, String expectation) {
    String subject = model.provider + " " + model.id + " " + what;
    notes.add(new ImportFinding(Severity.NOTE, "left_out", subject, expectation, "not"));
  }

  private static BucketPrice price(Model model, GenAiPriceKey key, JsonNode value, String path) {
    List<ContextTier> tiers = new ArrayList<>();
    for (JsonNode tier : value.path("tiers")) {
      BigDecimal start = number(tier.path("start"), path + ".tiers.start");
      tiers.add(new ContextTier(start, false, number(tier.path("price"), path + ".tiers.price")));
    }
    BigDecimal base = number(value.isObject() ? value.path("base") : value, path);
    try {
      BigDecimal minimum = key.minimum(model.provider, model.id);
      return new BucketPrice(base, key.unit(), BigDecimal.ONE, false, minimum, tiers);
    } catch (CostInputException e) {
      throw e.inside(path);
    }
  }

  private static BigDecimal number(JsonNode node, String path) {
    if (!node.isNumber()) {
      throw new CostInputException(path, "a number", node.getNodeType());
    }
    return node.decimalValue();
  }

  private record Model(String provider, String id, ModelMatch match) {}
}
