package io.billingsdk.costs;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.costs.Bucket.Kind;
import io.billingsdk.costs.Bucket.Modality;
import java.math.BigDecimal;

/** The forms of Anthropic, Gemini, DeepSeek and OpenTelemetry. */
final class OtherUsage {
  private static final String OTEL = "gen_ai.usage.";
  private static final String[] USAGE = {"message.usage", "usage"};

  private OtherUsage() {}

  static TokenParts anthropic(JsonNode body) {
    UsageFields usage = UsageFields.in(body, USAGE, "input_tokens", "output_tokens");
    UsageFields created = usage.part("cache_creation");
    BigDecimal hour = created.at("ephemeral_1h_input_tokens");
    String total = "cache_creation_input_tokens";
    BigDecimal written =
        usage.has(total) ? usage.at(total) : created.at("ephemeral_5m_input_tokens").add(hour);
    TokenParts parts = new TokenParts();
    parts.beside(Bucket.INPUT, usage.at("input_tokens"));
    parts.beside(Bucket.CACHE_READ, usage.at("cache_read_input_tokens"));
    parts.whole(Bucket.CACHE_WRITE_5M, total, written);
    parts.inside(
        Bucket.CACHE_WRITE_5M,
        Bucket.CACHE_WRITE_1H,
        "cache_creation.ephemeral_1h_input_tokens",
        hour);
    parts.whole(Bucket.OUTPUT, "output_tokens", usage.at("output_tokens"));
    parts.inside(
        Bucket.OUTPUT,
        Bucket.OUTPUT_REASONING,
        "output_tokens_details.thinking_tokens",
        usage.part("output_tokens_details").at("thinking_tokens"));
    UsageFields tools = usage.part("server_tool_use");
    return parts.beside(Bucket.WEB_SEARCHES, tools.at("web_search_requests"));
  }

  static TokenParts gemini(JsonNode body) {
    UsageFields usage =
        UsageFields.in(
            body,
            new String[] {"usageMetadata"},
            "promptTokenCount",
            "candidatesTokenCount",
            "totalTokenCount");
    TokenParts parts = new TokenParts();
    BigDecimal tools = usage.at("toolUsePromptTokenCount");
    parts.whole(Bucket.INPUT, "promptTokenCount", usage.at("promptTokenCount").add(tools));
    parts.inside(
        Bucket.INPUT,
        Bucket.CACHE_READ,
        "cachedContentTokenCount",
        usage.at("cachedContentTokenCount"));
    boolean isLive = usage.has("responseTokenCount");
    String output = isLive ? "responseTokenCount" : "candidatesTokenCount";
    parts.whole(Bucket.OUTPUT, output, usage.at(output));
    parts.beside(Bucket.OUTPUT_REASONING, usage.at("thoughtsTokenCount"));
    String outputDetails = isLive ? "responseTokensDetails" : "candidatesTokensDetails";
    for (Modality modality : new Modality[] {Modality.AUDIO, Modality.IMAGE, Modality.VIDEO}) {
      geminiInput(parts, usage, modality);
      parts.inside(
          Bucket.OUTPUT,
          Bucket.of(Kind.OUTPUT, modality),
          outputDetails,
          usage.ofModality(outputDetails, modality.name()));
    }
    return parts;
  }

  private static void geminiInput(TokenParts parts, UsageFields usage, Modality modality) {
    BigDecimal cached = usage.ofModality("cacheTokensDetails", modality.name());
    BigDecimal all =
        usage
            .ofModality("promptTokensDetails", modality.name())
            .add(usage.ofModality("toolUsePromptTokensDetails", modality.name()));
    parts.inside(Bucket.CACHE_READ, Bucket.of(Kind.READ, modality), "cacheTokensDetails", cached);
    parts.plain(modality, "promptTokensDetails", all.subtract(cached));
  }

  static TokenParts deepSeek(JsonNode body) {
    String hits = "prompt_cache_hit_tokens";
    String misses = "prompt_cache_miss_tokens";
    UsageFields usage =
        UsageFields.in(
            body, new String[] {"usage"}, "prompt_tokens", "completion_tokens", hits, misses);
    BigDecimal cached =
        usage.has(hits) ? usage.at(hits) : usage.part("prompt_tokens_details").at("cached_tokens");
    BigDecimal prompt =
        usage.has("prompt_tokens")
            ? usage.at("prompt_tokens")
            : usage.at(hits).add(usage.at(misses));
    TokenParts parts = new TokenParts().whole(Bucket.INPUT, "prompt_tokens", prompt);
    parts.inside(Bucket.INPUT, Bucket.CACHE_READ, hits, cached);
    parts.whole(Bucket.OUTPUT, "completion_tokens", usage.at("completion_tokens"));
    String reasoning = "completion_tokens_details.reasoning_tokens";
    UsageFields details = usage.part("completion_tokens_details");
    return parts.inside(
        Bucket.OUTPUT, Bucket.OUTPUT_REASONING, reasoning, details.at("reasoning_tokens"));
  }

  static TokenParts otel(JsonNode body) {
    UsageFields usage =
        UsageFields.in(
            body,
            new String[0],
            OTEL + "input_tokens",
            OTEL + "output_tokens",
            OTEL + "prompt_tokens",
            OTEL + "completion_tokens");
    String input = OTEL + (usage.has(OTEL + "input_tokens") ? "input_tokens" : "prompt_tokens");
    String output =
        OTEL + (usage.has(OTEL + "output_tokens") ? "output_tokens" : "completion_tokens");
    TokenParts parts = new TokenParts().whole(Bucket.INPUT, input, usage.at(input));
    parts.whole(Bucket.OUTPUT, output, usage.at(output));
    inside(parts, Bucket.INPUT, Bucket.CACHE_READ, usage, "cache_read.input_tokens");
    inside(parts, Bucket.INPUT, Bucket.CACHE_WRITE_5M, usage, "cache_creation.input_tokens");
    inside(parts, Bucket.OUTPUT, Bucket.OUTPUT_REASONING, usage, "reasoning.output_tokens");
    return parts;
  }

  private static void inside(
      TokenParts parts, Bucket whole, Bucket part, UsageFields usage, String name) {
    parts.inside(whole, part, OTEL + name, usage.at(OTEL + name));
  }
}
