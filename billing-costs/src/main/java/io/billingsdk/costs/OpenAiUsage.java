package io.billingsdk.costs;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.costs.Bucket.Kind;
import io.billingsdk.costs.Bucket.Modality;
import java.math.BigDecimal;

/** OpenAI counts cached tokens, sound and images inside of the input, reasoning in the output. */
final class OpenAiUsage {
  private static final Modality[] OTHERS = {Modality.AUDIO, Modality.IMAGE, Modality.VIDEO};

  private OpenAiUsage() {}

  static TokenParts chat(JsonNode body) {
    UsageFields usage =
        UsageFields.in(body, new String[] {"usage"}, "prompt_tokens", "completion_tokens");
    TokenParts parts = input(usage, "prompt_tokens", "prompt_tokens_details");
    return output(parts, usage, "completion_tokens", "completion_tokens_details");
  }

  static TokenParts responses(JsonNode body) {
    UsageFields usage =
        UsageFields.in(
            body,
            new String[] {"response.usage", "usage"},
            "input_tokens",
            "output_tokens",
            "seconds");
    // Transcriptions have the name without the s.
    String plural = "input_tokens_details";
    String details = usage.has(plural) ? plural : "input_token_details";
    TokenParts parts = input(usage, "input_tokens", details);
    parts.beside(Bucket.AUDIO_SECONDS, usage.at("seconds"));
    return output(parts, usage, "output_tokens", "output_tokens_details");
  }

  static TokenParts realtime(JsonNode body) {
    UsageFields usage =
        UsageFields.in(
            body, new String[] {"response.usage", "usage"}, "input_tokens", "output_tokens");
    TokenParts parts = input(usage, "input_tokens", "input_token_details");
    return output(parts, usage, "output_tokens", "output_token_details");
  }

  private static TokenParts input(UsageFields usage, String whole, String details) {
    UsageFields detail = usage.part(details);
    TokenParts parts = new TokenParts().whole(Bucket.INPUT, whole, usage.at(whole));
    String path = details + ".";
    parts.inside(
        Bucket.INPUT, Bucket.CACHE_READ, path + "cached_tokens", detail.at("cached_tokens"));
    parts.inside(
        Bucket.INPUT,
        Bucket.CACHE_WRITE_5M,
        path + "cache_write_tokens",
        detail.at("cache_write_tokens"));
    UsageFields cached = detail.part("cached_tokens_details");
    for (Modality modality : OTHERS) {
      String name = Check.small(modality.name()) + "_tokens";
      BigDecimal read = cached.at(name);
      parts.inside(
          Bucket.CACHE_READ,
          Bucket.of(Kind.READ, modality),
          path + "cached_tokens_details." + name,
          read);
      parts.plain(modality, path + name, detail.at(name).subtract(read));
    }
    return parts;
  }

  private static TokenParts output(
      TokenParts parts, UsageFields usage, String whole, String details) {
    UsageFields detail = usage.part(details);
    parts.whole(Bucket.OUTPUT, whole, usage.at(whole));
    String path = details + ".";
    parts.inside(
        Bucket.OUTPUT,
        Bucket.OUTPUT_REASONING,
        path + "reasoning_tokens",
        detail.at("reasoning_tokens"));
    for (Modality modality : OTHERS) {
      String name = Check.small(modality.name()) + "_tokens";
      parts.inside(Bucket.OUTPUT, Bucket.of(Kind.OUTPUT, modality), path + name, detail.at(name));
    }
    return parts;
  }
}
