package io.billingsdk;

import io.billingsdk.internal.genai.NormalTokens;
import io.billingsdk.internal.genai.Provider;
import io.billingsdk.internal.genai.UsageReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that an answer of a generative model took, as its provider says, in the form of {@link
 * Quantities}: each token is in exactly one quantity, so that prices do not count it twice, except
 * {@link Quantities#REASONING_OUTPUT_TOKENS}, which is a part of {@link Quantities#OUTPUT_TOKENS}.
 *
 * <p>OpenAI, Gemini, DeepSeek and OpenTelemetry count cached tokens inside of the input; here they
 * are taken out. Anthropic counts them beside it; here they stay so. Gemini counts thoughts beside
 * the output; here they are in it. {@code docs/genai.md} has the table.
 *
 * <p>Each {@code from…} takes the whole answer; a chunk of a stream; a list of chunks; the text of
 * a stream of server-sent events; or the usage object alone. Of a stream that comes chunk by chunk,
 * {@link #then} puts the parts together. No method throws because of the content of a body: the
 * result of an unreadable one {@link #isEmpty is empty}, and {@link #problem} says why.
 *
 * <pre>{@code
 * GenAiUsage usage = GenAiUsage.fromAnthropic(body);
 * client.report(
 *     UsageEvent.of(apiKey, "llm", model, usage.totalTokens()).withQuantities(usage.quantities()));
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class GenAiUsage {
  private static final NormalTokens NONE = new NormalTokens(0, 0, 0, 0, 0, 0, 0);

  private final Provider provider;
  private final UsageReader.ReadTokens read;

  private GenAiUsage(Provider provider, UsageReader.ReadTokens read) {
    this.provider = provider;
    this.read = read;
  }

  /** Of a chat completion of OpenAI. With a stream, ask for {@code include_usage}. */
  public static GenAiUsage fromOpenAiChat(@Nullable String json) {
    return of(Provider.OPENAI_CHAT, json);
  }

  /** The same of JSON in UTF-8. */
  public static GenAiUsage fromOpenAiChat(byte @Nullable [] json) {
    return of(Provider.OPENAI_CHAT, text(json));
  }

  /** The same of JSON that another parser has read into maps and lists. */
  public static GenAiUsage fromOpenAiChat(@Nullable Map<String, ?> body) {
    return of(Provider.OPENAI_CHAT, body);
  }

  /** Of a response of OpenAI's Responses API, or its event {@code response.completed}. */
  public static GenAiUsage fromOpenAiResponses(@Nullable String json) {
    return of(Provider.OPENAI_RESPONSES, json);
  }

  /** The same of JSON in UTF-8. */
  public static GenAiUsage fromOpenAiResponses(byte @Nullable [] json) {
    return of(Provider.OPENAI_RESPONSES, text(json));
  }

  /** The same of JSON that another parser has read into maps and lists. */
  public static GenAiUsage fromOpenAiResponses(@Nullable Map<String, ?> body) {
    return of(Provider.OPENAI_RESPONSES, body);
  }

  /**
   * Of a message of Anthropic, or of its events {@code message_start} and {@code message_delta}:
   * the first has the input, the second the output so far.
   */
  public static GenAiUsage fromAnthropic(@Nullable String json) {
    return of(Provider.ANTHROPIC, json);
  }

  /** The same of JSON in UTF-8. */
  public static GenAiUsage fromAnthropic(byte @Nullable [] json) {
    return of(Provider.ANTHROPIC, text(json));
  }

  /** The same of JSON that another parser has read into maps and lists. */
  public static GenAiUsage fromAnthropic(@Nullable Map<String, ?> body) {
    return of(Provider.ANTHROPIC, body);
  }

  /** Of an answer of Gemini, whose last chunk has the final numbers. */
  public static GenAiUsage fromGemini(@Nullable String json) {
    return of(Provider.GEMINI, json);
  }

  /** The same of JSON in UTF-8. */
  public static GenAiUsage fromGemini(byte @Nullable [] json) {
    return of(Provider.GEMINI, text(json));
  }

  /** The same of JSON that another parser has read into maps and lists. */
  public static GenAiUsage fromGemini(@Nullable Map<String, ?> body) {
    return of(Provider.GEMINI, body);
  }

  /** Of a chat completion of DeepSeek. With a stream, ask for {@code include_usage}. */
  public static GenAiUsage fromDeepSeek(@Nullable String json) {
    return of(Provider.DEEPSEEK, json);
  }

  /** The same of JSON in UTF-8. */
  public static GenAiUsage fromDeepSeek(byte @Nullable [] json) {
    return of(Provider.DEEPSEEK, text(json));
  }

  /** The same of JSON that another parser has read into maps and lists. */
  public static GenAiUsage fromDeepSeek(@Nullable Map<String, ?> body) {
    return of(Provider.DEEPSEEK, body);
  }

  /**
   * Of the attributes of a span, {@code gen_ai.usage.…}, after OpenTelemetry's semantic
   * conventions; the older {@code prompt_tokens} and {@code completion_tokens} are read too.
   */
  public static GenAiUsage fromOtel(@Nullable Map<String, ?> attributes) {
    return of(Provider.OTEL, attributes);
  }

  /** The same of a JSON object with these names. */
  public static GenAiUsage fromOtel(@Nullable String json) {
    return of(Provider.OTEL, json);
  }

  /** The same of JSON in UTF-8. */
  public static GenAiUsage fromOtel(byte @Nullable [] json) {
    return of(Provider.OTEL, text(json));
  }

  private static GenAiUsage of(Provider provider, @Nullable String json) {
    return new GenAiUsage(provider, UsageReader.text(provider, json));
  }

  private static GenAiUsage of(Provider provider, @Nullable Map<String, ?> body) {
    return new GenAiUsage(provider, UsageReader.map(provider, body));
  }

  private static @Nullable String text(byte @Nullable [] json) {
    return json == null ? null : new String(json, StandardCharsets.UTF_8);
  }

  /**
   * The usage after a later chunk of the same answer. A chunk without usage changes nothing.
   *
   * @param later of the same provider
   */
  public GenAiUsage then(GenAiUsage later) {
    if (later.isEmpty()) {
      return this;
    }
    return isEmpty()
        ? later
        : new GenAiUsage(provider, read.then(later.read, provider.isPiecemeal()));
  }

  /** Whether the body had no tokens. */
  public boolean isEmpty() {
    return read.tokens() == null;
  }

  /**
   * Says why the body cannot be used, with the field and what was expected; never its content. A
   * number that is wrong counts as 0, a part that is greater than its whole as the whole.
   */
  public Optional<String> problem() {
    return Optional.ofNullable(read.problem());
  }

  /** All tokens of input and output, each once; 0 when it is empty. */
  public long totalTokens() {
    return tokens().total();
  }

  /**
   * The quantities, by their names in {@link Quantities}: {@code input_tokens} and {@code
   * output_tokens}, also when they are 0, and the others that are not. Nothing when it is empty.
   */
  public Map<String, BigDecimal> quantities() {
    if (isEmpty()) {
      return Map.of();
    }
    NormalTokens tokens = tokens();
    Map<String, BigDecimal> quantities = new LinkedHashMap<>();
    quantities.put(Quantities.INPUT_TOKENS, BigDecimal.valueOf(tokens.input()));
    quantities.put(Quantities.OUTPUT_TOKENS, BigDecimal.valueOf(tokens.output()));
    put(quantities, Quantities.CACHE_READ_INPUT_TOKENS, tokens.cacheRead());
    put(quantities, Quantities.CACHE_CREATION_INPUT_TOKENS, tokens.cacheCreation());
    put(quantities, Quantities.REASONING_OUTPUT_TOKENS, tokens.reasoning());
    put(quantities, Quantities.INPUT_AUDIO_TOKENS, tokens.inputAudio());
    put(quantities, Quantities.OUTPUT_AUDIO_TOKENS, tokens.outputAudio());
    return Collections.unmodifiableMap(quantities);
  }

  private static void put(Map<String, BigDecimal> quantities, String name, long tokens) {
    if (tokens > 0) {
      quantities.put(name, BigDecimal.valueOf(tokens));
    }
  }

  private NormalTokens tokens() {
    NormalTokens tokens = read.tokens();
    return tokens == null ? NONE : tokens;
  }

  @Override
  public String toString() {
    return "GenAiUsage[" + provider + ", " + quantities() + "]";
  }
}
