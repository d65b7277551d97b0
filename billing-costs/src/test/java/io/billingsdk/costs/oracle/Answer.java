package io.billingsdk.costs.oracle;

import io.billingsdk.costs.CanonicalUsage;
import io.billingsdk.costs.Catalogue;
import io.billingsdk.costs.CostRating;
import io.billingsdk.costs.PriceFile;
import io.billingsdk.costs.PriceQuery;
import io.billingsdk.costs.RatedCost;
import io.billingsdk.costs.UsageAdapter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks the module what the oracle is asked. */
final class Answer {
  private Answer() {}

  static Catalogue catalogue(World world) {
    return Catalogue.of(PriceFile.read(world.file()).rows());
  }

  static RatedCost of(World world, Catalogue catalogue) {
    PriceQuery query =
        PriceQuery.of("p", world.isOtherModel ? "other" : "m", World.EPOCH.plusSeconds(world.at))
            .inTier(world.tier);
    return CostRating.of(catalogue).rate(query, usage(world.parts));
  }

  static Optional<Frac> amount(RatedCost cost) {
    return cost.amount().map(amount -> Frac.read(amount.toPlainString()));
  }

  /** The exclusive parts as totals where a body of totals can say them, otherwise as quantities. */
  private static CanonicalUsage usage(Map<String, Long> parts) {
    boolean hasCachedOthers =
        parts.keySet().stream()
            .anyMatch(name -> name.matches("cache_write_.._(audio|image|video).*"));
    return hasCachedOthers ? quantities(parts) : totals(parts);
  }

  private static CanonicalUsage quantities(Map<String, Long> parts) {
    Map<String, Object> body = new TreeMap<>(parts);
    Long reasoning = parts.get("output_reasoning_tokens");
    if (reasoning != null) {
      // Quantities count reasoning in the output.
      body.remove("output_reasoning_tokens");
      body.put("reasoning_output_tokens", reasoning);
      body.put("output_tokens", parts.getOrDefault("output_tokens", 0L) + reasoning);
    }
    return UsageAdapter.QUANTITIES.read(body);
  }

  private static CanonicalUsage totals(Map<String, Long> parts) {
    Map<String, Object> body = new TreeMap<>();
    sum(body, "input_tokens", parts, "(input|cache)_.*");
    sum(body, "cache_read_tokens", parts, "cache_read_.*");
    sum(body, "cache_write_tokens", parts, "cache_write_.*");
    sum(body, "cache_write_1h_tokens", parts, "cache_write_1h_.*");
    for (String modality : new String[] {"audio", "image", "video"}) {
      sum(body, "input_" + modality + "_tokens", parts, "(input|cache_read)_" + modality + "_.*");
      sum(body, "cache_" + modality + "_read_tokens", parts, "cache_read_" + modality + "_.*");
    }
    sum(body, "output_tokens", parts, "output_.*");
    sum(body, "output_reasoning_tokens", parts, "output_reasoning_.*");
    sum(body, "output_audio_tokens", parts, "output_audio_.*");
    sum(body, "audio_seconds", parts, "audio_seconds");
    return UsageAdapter.TOTALS.read(body);
  }

  private static void sum(
      Map<String, Object> body, String name, Map<String, Long> parts, String pattern) {
    long sum =
        parts.entrySet().stream()
            .filter(part -> part.getKey().matches(pattern))
            .mapToLong(Map.Entry::getValue)
            .sum();
    body.put(name, sum);
  }
}
