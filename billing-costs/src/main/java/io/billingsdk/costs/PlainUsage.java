package io.billingsdk.costs;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.costs.Bucket.Kind;
import io.billingsdk.costs.Bucket.Modality;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** Forms that no provider has: quantities of our own events, and totals by name. */
final class PlainUsage {
  /** Of our events, beside those whose name is that of their bucket. */
  private static final Map<String, Bucket> QUANTITIES =
      Map.of(
          "cache_read_input_tokens", Bucket.CACHE_READ,
          "cache_creation_input_tokens", Bucket.CACHE_WRITE_5M);

  private static final Set<Modality> OTHERS =
      Set.of(Modality.AUDIO, Modality.IMAGE, Modality.VIDEO);

  private PlainUsage() {}

  /** Exclusive, except for reasoning; a name of the application's own is no cost of ours. */
  static TokenParts quantities(JsonNode body) {
    UsageFields usage = new UsageFields(body, "");
    TokenParts parts = new TokenParts();
    String reasoning = "reasoning_output_tokens";
    Iterator<String> names = body.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      Bucket bucket = QUANTITIES.getOrDefault(name, Bucket.of(name).orElse(null));
      if (bucket != null) {
        parts.whole(bucket, name, usage.at(name));
      }
    }
    return parts.inside(Bucket.OUTPUT, Bucket.OUTPUT_REASONING, reasoning, usage.at(reasoning));
  }

  /** Each total includes its parts, in two ways at once: sound and cached sound. */
  static TokenParts totals(JsonNode body) {
    Totals totals = new Totals(new UsageFields(body, ""));
    totals.input();
    totals.output();
    totals.others(body);
    return totals.parts;
  }

  /** Confined to one thread. */
  private static final class Totals {
    private final UsageFields usage;
    private final TokenParts parts = new TokenParts();
    private final Set<String> known = new HashSet<>();

    Totals(UsageFields usage) {
      this.usage = usage;
    }

    private BigDecimal at(String name) {
      known.add(name);
      return usage.at(name);
    }

    private void inside(Bucket whole, Bucket part, String name) {
      parts.inside(whole, part, name, at(name));
    }

    void input() {
      parts.whole(Bucket.INPUT, "input_tokens", at("input_tokens"));
      inside(Bucket.INPUT, Bucket.CACHE_READ, "cache_read_tokens");
      BigDecimal five = at("cache_write_5m_tokens");
      BigDecimal hour = at("cache_write_1h_tokens");
      String whole = "cache_write_tokens";
      BigDecimal written = usage.has(whole) ? at(whole) : five.add(hour);
      parts.inside(Bucket.INPUT, Bucket.CACHE_WRITE_5M, whole, written);
      inside(Bucket.CACHE_WRITE_5M, Bucket.CACHE_WRITE_1H, "cache_write_1h_tokens");
      for (Modality modality : OTHERS) {
        String name = Check.small(modality.name());
        String cached = "cache_" + name + "_read_tokens";
        String all = "input_" + name + "_tokens";
        inside(Bucket.CACHE_READ, Bucket.of(Kind.READ, modality), cached);
        BigDecimal plain = at(all).subtract(at(cached));
        if (plain.signum() < 0) {
          throw CostInputException.exceeds(
              cached, Check.plain(at(cached)), all, Check.plain(at(all)));
        }
        parts.inside(Bucket.INPUT, Bucket.of(Kind.PLAIN, modality), all, plain);
      }
    }

    void output() {
      parts.whole(Bucket.OUTPUT, "output_tokens", at("output_tokens"));
      inside(Bucket.OUTPUT, Bucket.OUTPUT_REASONING, "output_reasoning_tokens");
      inside(Bucket.OUTPUT, Bucket.OUTPUT_AUDIO, "output_audio_tokens");
      inside(Bucket.OUTPUT, Bucket.OUTPUT_IMAGE, "output_image_tokens");
      inside(Bucket.OUTPUT, Bucket.OUTPUT_VIDEO, "output_video_tokens");
    }

    void others(JsonNode body) {
      Iterator<String> names = body.fieldNames();
      while (names.hasNext()) {
        String name = names.next();
        if (known.add(name)) {
          Bucket bucket =
              Bucket.of(name)
                  .filter(found -> found.dimension() != Dimension.TOKENS)
                  .orElseThrow(
                      () -> new CostInputException(name, "a name of usage that is known", "not"));
          parts.beside(bucket, usage.at(name));
        }
      }
    }
  }
}
