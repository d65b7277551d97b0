package io.billingsdk.costs.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.costs.CanonicalUsage;
import io.billingsdk.costs.UsageAdapter;
import java.util.Map;

/** Brings the usage of a case into the body of the provider that it is of. */
final class CaseUsage {
  private static final Map<String, String> TOTALS =
      Map.ofEntries(
          Map.entry("input_total", "input_tokens"),
          Map.entry("input_tokens_each", "input_tokens"),
          Map.entry("cache_read", "cache_read_tokens"),
          Map.entry("cache_write", "cache_write_tokens"),
          Map.entry("cache_write_5m", "cache_write_5m_tokens"),
          Map.entry("cache_write_1h", "cache_write_1h_tokens"),
          Map.entry("input_audio_tokens", "input_audio_tokens"),
          Map.entry("output_audio_tokens", "output_audio_tokens"),
          Map.entry("total_size_bytes", "bytes"),
          Map.entry("exports_duration_s", "duration_seconds"),
          Map.entry("audio_duration_s", "audio_seconds"));

  private CaseUsage() {}

  static CanonicalUsage of(JsonNode given, JsonNode when) {
    if (when.has("prompt_tokens")) {
      return chat(when);
    }
    // Anthropic counts caches beside the input, unless the case says otherwise.
    boolean isBeside =
        given.path("model").asText().startsWith("claude")
            && !given.has("semantics")
            && !when.has("input_total");
    return isBeside ? anthropic(when) : totals(when);
  }

  private static CanonicalUsage chat(JsonNode when) {
    ObjectNode usage = JsonNodeFactory.instance.objectNode();
    usage.set("prompt_tokens", when.path("prompt_tokens"));
    usage.set("completion_tokens", when.path("completion_tokens"));
    if (when.has("cached_tokens")) {
      usage.putObject("prompt_tokens_details").set("cached_tokens", when.path("cached_tokens"));
    }
    if (when.has("reasoning_tokens")) {
      usage
          .putObject("completion_tokens_details")
          .set("reasoning_tokens", when.path("reasoning_tokens"));
    }
    return UsageAdapter.OPENAI_CHAT.read("{\"usage\":" + usage + "}");
  }

  private static CanonicalUsage anthropic(JsonNode when) {
    ObjectNode usage = JsonNodeFactory.instance.objectNode();
    usage.set("input_tokens", when.path("input_tokens"));
    usage.put("output_tokens", when.path("output_tokens").asLong(0));
    usage.put(
        "cache_read_input_tokens",
        when.path("cache_read_input_tokens").asLong(when.path("cache_read").asLong(0)));
    usage.put(
        "cache_creation_input_tokens",
        when.path("cache_creation_input_tokens").asLong(when.path("cache_write_5m").asLong(0)));
    return UsageAdapter.ANTHROPIC.read("{\"usage\":" + usage + "}");
  }

  private static CanonicalUsage totals(JsonNode when) {
    ObjectNode usage = JsonNodeFactory.instance.objectNode();
    when.properties()
        .forEach(
            field -> {
              if (field.getValue().isNumber() && !field.getKey().equals("events")) {
                String name = TOTALS.getOrDefault(field.getKey(), field.getKey());
                usage.set(name, field.getValue());
              }
            });
    return UsageAdapter.TOTALS.read(usage.toString());
  }
}
