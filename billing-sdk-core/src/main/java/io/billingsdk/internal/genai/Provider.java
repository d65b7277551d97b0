package io.billingsdk.internal.genai;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.internal.genai.NormalTokens.InputTokens;
import io.billingsdk.internal.genai.NormalTokens.OutputTokens;
import java.util.Arrays;

/** Where a provider says what an answer took, and what its numbers include. */
public enum Provider {
  /** Chat completions of OpenAI, and of all that speak like it. */
  OPENAI_CHAT("usage", "prompt_tokens,completion_tokens"),

  /** Responses of OpenAI. */
  OPENAI_RESPONSES("response.usage,usage", "input_tokens,output_tokens"),

  /** Messages of Anthropic. */
  ANTHROPIC("message.usage,usage", "input_tokens,output_tokens"),

  /** Gemini, of the Gemini API and of Vertex AI, and its Live API. */
  GEMINI("usageMetadata", "promptTokenCount,candidatesTokenCount,totalTokenCount"),

  /** Chat completions of DeepSeek. */
  DEEPSEEK("usage", "prompt_tokens,completion_tokens"),

  /** Attributes of a span, after the semantic conventions of OpenTelemetry for generative AI. */
  OTEL("", "gen_ai.usage.input_tokens,gen_ai.usage.output_tokens");

  /** Paths in a body, between commas. */
  private final String places;

  /** Of numbers in a usage object, between commas. */
  private final String names;

  Provider(String places, String names) {
    this.places = places;
    this.names = names;
  }

  /** The usage object in a body, which may be that object itself; missing when there is none. */
  JsonNode usageIn(JsonNode body) {
    for (String place : places.split(",", -1)) {
      JsonNode found = body;
      for (String name : place.split("\\.", -1)) {
        found = found.path(name);
      }
      if (found.isObject()) {
        return found;
      }
    }
    boolean itself = this == OTEL || Arrays.stream(names.split(",", -1)).anyMatch(body::has);
    return itself && body.isObject() ? body : body.path("");
  }

  NormalTokens read(TokenCounts usage) {
    return switch (this) {
      case OPENAI_CHAT -> chat(usage);
      case OPENAI_RESPONSES -> responses(usage);
      case ANTHROPIC -> anthropic(usage);
      case GEMINI -> gemini(usage);
      case DEEPSEEK -> deepSeek(usage);
      case OTEL -> otel(usage);
    };
  }

  /** What should have been there. */
  String expected() {
    return names.replace(",", ", ");
  }

  /** Whether a chunk of a stream says only what is new since the one before. */
  public boolean isPiecemeal() {
    return this == ANTHROPIC;
  }

  private static NormalTokens chat(TokenCounts usage) {
    return NormalTokens.ofWholes(
        usage,
        new InputTokens(
            usage.at("prompt_tokens"),
            usage.at("prompt_tokens_details", "cached_tokens"),
            usage.at("prompt_tokens_details", "cache_write_tokens"),
            usage.at("prompt_tokens_details", "audio_tokens")),
        new OutputTokens(
            usage.at("completion_tokens"),
            usage.at("completion_tokens_details", "reasoning_tokens"),
            usage.at("completion_tokens_details", "audio_tokens")));
  }

  private static NormalTokens responses(TokenCounts usage) {
    return NormalTokens.ofWholes(
        usage,
        new InputTokens(
            usage.at("input_tokens"),
            usage.at("input_tokens_details", "cached_tokens"),
            usage.at("input_tokens_details", "cache_write_tokens"),
            usage.at("input_tokens_details", "audio_tokens")),
        new OutputTokens(
            usage.at("output_tokens"),
            usage.at("output_tokens_details", "reasoning_tokens"),
            usage.at("output_tokens_details", "audio_tokens")));
  }

  /** Its input has no cached tokens in it. */
  private static NormalTokens anthropic(TokenCounts usage) {
    long created =
        usage.has("cache_creation_input_tokens")
            ? usage.at("cache_creation_input_tokens")
            : usage.at("cache_creation", "ephemeral_5m_input_tokens")
                + usage.at("cache_creation", "ephemeral_1h_input_tokens");
    long output = usage.at("output_tokens");
    return new NormalTokens(
        usage.at("input_tokens"),
        usage.at("cache_read_input_tokens"),
        created,
        0,
        output,
        usage.at("output_tokens_details", "thinking_tokens"),
        0);
  }

  /** Its prompt has the cached tokens in it, but not those of tools; its candidates no thoughts. */
  private static NormalTokens gemini(TokenCounts usage) {
    long prompt = usage.at("promptTokenCount") + usage.at("toolUsePromptTokenCount");
    long audio =
        usage.audio("promptTokensDetails")
            + usage.audio("toolUsePromptTokensDetails")
            - usage.audio("cacheTokensDetails");
    long thoughts = usage.at("thoughtsTokenCount");
    boolean live = usage.has("responseTokenCount");
    long candidates = usage.at(live ? "responseTokenCount" : "candidatesTokenCount");
    long spoken = usage.audio(live ? "responseTokensDetails" : "candidatesTokensDetails");
    return NormalTokens.ofWholes(
        usage,
        new InputTokens(prompt, usage.at("cachedContentTokenCount"), 0, Math.max(0, audio)),
        new OutputTokens(candidates + thoughts, thoughts, spoken));
  }

  private static NormalTokens deepSeek(TokenCounts usage) {
    long hit = usage.at("prompt_cache_hit_tokens");
    long prompt =
        usage.has("prompt_tokens")
            ? usage.at("prompt_tokens")
            : hit + usage.at("prompt_cache_miss_tokens");
    long cached =
        usage.has("prompt_cache_hit_tokens")
            ? hit
            : usage.at("prompt_tokens_details", "cached_tokens");
    return NormalTokens.ofWholes(
        usage,
        new InputTokens(prompt, cached, 0, 0),
        new OutputTokens(
            usage.at("completion_tokens"),
            usage.at("completion_tokens_details", "reasoning_tokens"),
            0));
  }

  private static NormalTokens otel(TokenCounts usage) {
    String input = "gen_ai.usage.input_tokens";
    String output = "gen_ai.usage.output_tokens";
    return NormalTokens.ofWholes(
        usage,
        new InputTokens(
            usage.at(usage.has(input) ? input : "gen_ai.usage.prompt_tokens"),
            usage.at("gen_ai.usage.cache_read.input_tokens"),
            usage.at("gen_ai.usage.cache_creation.input_tokens"),
            0),
        new OutputTokens(
            usage.at(usage.has(output) ? output : "gen_ai.usage.completion_tokens"),
            usage.at("gen_ai.usage.reasoning.output_tokens"),
            0));
  }
}
