package io.billingsdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Usage bodies as providers document them, in {@code src/test/resources/genai}: of whole answers
 * and of streams. {@code total} is what the provider itself says.
 */
final class GenAiUsageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static int bodies;

  /** A provider's body, and the tokens in it, in the order of {@code #expected}. */
  private record Body(
      String file,
      Function<String, GenAiUsage> text,
      Function<byte[], GenAiUsage> bytes,
      Function<Map<String, Object>, GenAiUsage> map,
      long total,
      Map<String, Long> tokens) {
    @Override
    public String toString() {
      return file;
    }

    boolean isStream() {
      return file.endsWith(".txt");
    }
  }

  static List<Body> bodies() {
    List<Body> all = new ArrayList<>();
    Map<String, Long> chat =
        Map.of(
            "input_tokens", 86L,
            "output_tokens", 300L,
            "cache_read_input_tokens", 1920L,
            "reasoning_output_tokens", 192L);
    for (String file : List.of("openai-chat.json", "openai-chat-stream.txt")) {
      all.add(openAi(file, 2306, chat));
    }
    all.add(
        openAi(
            "openai-chat-audio.json",
            190,
            Map.of(
                "input_tokens", 30L,
                "output_tokens", 20L,
                "cache_read_input_tokens", 10L,
                "input_audio_tokens", 60L,
                "output_audio_tokens", 70L)));
    for (String file : List.of("openai-responses.json", "openai-responses-stream.txt")) {
      all.add(
          new Body(
              file,
              GenAiUsage::fromOpenAiResponses,
              GenAiUsage::fromOpenAiResponses,
              GenAiUsage::fromOpenAiResponses,
              415,
              Map.of(
                  "input_tokens", 72L,
                  "output_tokens", 87L,
                  "cache_read_input_tokens", 256L,
                  "reasoning_output_tokens", 64L)));
    }
    for (String file : List.of("anthropic.json", "anthropic-stream.txt")) {
      all.add(
          new Body(
              file,
              GenAiUsage::fromAnthropic,
              GenAiUsage::fromAnthropic,
              GenAiUsage::fromAnthropic,
              50 + 248 + 1800 + 503,
              Map.of(
                  "input_tokens", 50L,
                  "output_tokens", 503L,
                  "cache_read_input_tokens", 1800L,
                  "cache_creation_input_tokens", 248L)));
    }
    for (String file : List.of("gemini.json", "gemini-stream.txt")) {
      all.add(
          new Body(
              file,
              GenAiUsage::fromGemini,
              GenAiUsage::fromGemini,
              GenAiUsage::fromGemini,
              1730,
              Map.of(
                  "input_tokens", 130L,
                  "output_tokens", 500L,
                  "cache_read_input_tokens", 1000L,
                  "input_audio_tokens", 100L,
                  "reasoning_output_tokens", 420L)));
    }
    for (String file : List.of("deepseek.json", "deepseek-stream.txt")) {
      all.add(
          new Body(
              file,
              GenAiUsage::fromDeepSeek,
              GenAiUsage::fromDeepSeek,
              GenAiUsage::fromDeepSeek,
              526,
              Map.of(
                  "input_tokens", 32L,
                  "output_tokens", 110L,
                  "cache_read_input_tokens", 384L,
                  "reasoning_output_tokens", 96L)));
    }
    all.add(
        new Body(
            "otel.json",
            GenAiUsage::fromOtel,
            GenAiUsage::fromOtel,
            GenAiUsage::fromOtel,
            2306,
            Map.of(
                "input_tokens", 86L,
                "output_tokens", 300L,
                "cache_read_input_tokens", 1500L,
                "cache_creation_input_tokens", 420L,
                "reasoning_output_tokens", 192L)));
    return all;
  }

  private static Body openAi(String file, long total, Map<String, Long> tokens) {
    return new Body(
        file,
        GenAiUsage::fromOpenAiChat,
        GenAiUsage::fromOpenAiChat,
        GenAiUsage::fromOpenAiChat,
        total,
        tokens);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void from_aProvidersBody_isNormalAndAddsUpToWhatTheProviderSays(Body body) throws IOException {
    String text = read(body.file());

    assertNormal(body, body.text().apply(text));
    assertNormal(body, body.bytes().apply(text.getBytes(UTF_8)));
    if (body.isStream()) {
      GenAiUsage whole = body.text().apply("{}");
      for (Map<String, Object> chunk : chunks(text)) {
        whole = whole.then(body.map().apply(chunk));
      }
      assertNormal(body, whole);
    } else {
      assertNormal(body, body.map().apply(map(text)));
      Object usage = map(text).getOrDefault("usage", map(text).get("usageMetadata"));
      if (usage != null) {
        assertNormal(body, body.text().apply(JSON.writeValueAsString(usage)));
      }
    }
    bodies++;
  }

  private static void assertNormal(Body body, GenAiUsage usage) {
    assertThat(usage.isEmpty()).isFalse();
    assertThat(usage.problem()).isEmpty();
    Map<String, Long> tokens = new HashMap<>();
    usage.quantities().forEach((name, tokensOf) -> tokens.put(name, tokensOf.longValueExact()));
    assertThat(tokens).isEqualTo(body.tokens());
    // What is not a part of another adds up: a price for each of them counts no token twice.
    long priced =
        tokens.entrySet().stream()
            .filter(each -> Quantities.includedIn(each.getKey()).isEmpty())
            .mapToLong(Map.Entry::getValue)
            .sum();
    assertThat(priced).isEqualTo(body.total()).isEqualTo(usage.totalTokens());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "7",
        "[]",
        "{",
        "{}",
        "{\"usage\":null}",
        "{\"usage\":{}}",
        "{\"usage\":{\"prompt_tokens\":-1}}",
        "{\"usage\":{\"prompt_tokens\":1.5}}",
        "{\"usage\":{\"prompt_tokens\":\"7\"}}",
        "{\"usage\":{\"prompt_tokens\":9007199254740993}}",
        "data: [DONE]",
        "data: {broken",
      })
  void from_aBodyWithoutUsage_isEmptyAndSaysWhy(String body) {
    GenAiUsage usage = GenAiUsage.fromOpenAiChat(body);

    assertThat(usage.isEmpty()).isTrue();
    assertThat(usage.quantities()).isEmpty();
    assertThat(usage.totalTokens()).isZero();
    assertThat(usage.problem()).hasValueSatisfying(why -> assertThat(why).contains("must"));
  }

  @Test
  void from_aPartGreaterThanItsWhole_isCutToItAndNamed() {
    GenAiUsage usage =
        GenAiUsage.fromOpenAiChat(
            "{\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":12}}}");

    assertThat(usage.totalTokens()).isEqualTo(15);
    assertThat(usage.problem()).hasValueSatisfying(why -> assertThat(why).contains("cached"));
  }

  @Test
  void from_aMapOfDoubles_isReadAsWholeNumbers() {
    GenAiUsage usage =
        GenAiUsage.fromDeepSeek(
            Map.of("usage", Map.of("prompt_tokens", 812.0, "completion_tokens", 214.0)));

    assertThat(usage.quantities())
        .isEqualTo(
            Map.of("input_tokens", new BigDecimal(812), "output_tokens", new BigDecimal(214)));
  }

  @Test
  void from_aMapInItself_isEmpty() {
    Map<String, Object> itself = new HashMap<>();
    itself.put("usage", itself);
    assertThat(GenAiUsage.fromGemini(itself).isEmpty()).isTrue();
  }

  @Test
  void quantities_ofAnUsage_areTakenByAnEvent() throws IOException {
    GenAiUsage usage = GenAiUsage.fromAnthropic(read("anthropic.json"));
    UsageEvent event =
        UsageEvent.of("key", "llm", "claude", usage.totalTokens())
            .withQuantities(usage.quantities());

    assertThat(event.usage()).isEqualByComparingTo("2601");
    assertThat(event.quantities()).isEqualTo(usage.quantities());
  }

  @AfterAll
  static void prove() {
    Proof.of("genai").with("bodies", bodies).with("of", bodies().size()).print();
  }

  private static String read(String file) throws IOException {
    try (InputStream in = GenAiUsageTest.class.getResourceAsStream("/genai/" + file)) {
      assertThat(in).as(file).isNotNull();
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static Map<String, Object> map(String json) throws IOException {
    return JSON.readValue(json, new TypeReference<>() {});
  }

  private static List<Map<String, Object>> chunks(String events) throws IOException {
    List<Map<String, Object>> chunks = new ArrayList<>();
    for (String line : events.lines().toList()) {
      if (line.startsWith("data: {")) {
        chunks.add(map(line.substring("data: ".length())));
      }
    }
    return chunks;
  }
}
