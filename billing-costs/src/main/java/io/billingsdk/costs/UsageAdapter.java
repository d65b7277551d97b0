package io.billingsdk.costs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Reads what a provider says about an answer as {@link CanonicalUsage}. Inclusive and exclusive
 * forms of the same use give the same buckets.
 *
 * <p>Strict: a number that is negative or no number, and a part that is greater than its whole, are
 * refused by name. The lenient reader for a service that must never fail is {@code GenAiUsage} of
 * the SDK; its quantities come here by {@link #QUANTITIES}.
 */
public enum UsageAdapter {
  /** Chat completions of OpenAI, and of all that speak like it. */
  OPENAI_CHAT(OpenAiUsage::chat),

  /** Responses, transcriptions and images of OpenAI. */
  OPENAI_RESPONSES(OpenAiUsage::responses),

  /** The event {@code response.done} of OpenAI's Realtime API. */
  OPENAI_REALTIME(OpenAiUsage::realtime),

  /** Messages of Anthropic, which counts caches beside the input. */
  ANTHROPIC(OtherUsage::anthropic),

  /** Gemini, which counts thoughts beside the output. */
  GEMINI(OtherUsage::gemini),

  /** Chat completions of DeepSeek. */
  DEEPSEEK(OtherUsage::deepSeek),

  /** Attributes of a span, {@code gen_ai.usage.…} of OpenTelemetry. */
  OTEL(OtherUsage::otel),

  /** Quantities of a usage event, as {@code Quantities} of the SDK names them. */
  QUANTITIES(PlainUsage::quantities),

  /** Totals that include their parts, by the names of the public data set genai-prices. */
  TOTALS(PlainUsage::totals);

  private static final int VERSION = 1;

  /** Takes a body apart. */
  private interface Reading {
    TokenParts parts(JsonNode body);
  }

  @SuppressWarnings("ImmutableEnumChecker") // A method reference to a static method.
  private final Reading reading;

  UsageAdapter(Reading reading) {
    this.reading = reading;
  }

  /** Name and version: a cost names it, since a fix of an adapter changes what it reads. */
  public String version() {
    return Check.small(name()) + "/" + VERSION;
  }

  /** Reads a body as JSON text: the whole answer, or its usage object alone. */
  public CanonicalUsage read(String json) {
    return usage(Json.read("usage", json));
  }

  /** Reads a body that another parser has read into maps and lists. */
  public CanonicalUsage read(Map<String, ?> body) {
    return usage(Json.ofMap(body));
  }

  private CanonicalUsage usage(JsonNode body) {
    if (!body.isObject()) {
      throw new CostInputException("usage", "a JSON object", body.getNodeType());
    }
    return reading.parts(body).usage(version());
  }
}
