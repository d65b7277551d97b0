package io.billingsdk.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.GenAiUsage;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class UsageAdapterTest {
  private static final long SEED = Long.getLong("costs.seed", new Random().nextInt());

  @Test
  void formsOfOneUse_inclusiveAndExclusive_areTheSameBuckets() {
    CanonicalUsage chat =
        UsageAdapter.OPENAI_CHAT.read(
            """
            {"usage":{"prompt_tokens":1000,"completion_tokens":500,
             "prompt_tokens_details":{"cached_tokens":300},
             "completion_tokens_details":{"reasoning_tokens":200}}}\
            """);
    CanonicalUsage responses =
        UsageAdapter.OPENAI_RESPONSES.read(
            """
            {"response":{"usage":{"input_tokens":1000,"output_tokens":500,
             "input_tokens_details":{"cached_tokens":300},
             "output_tokens_details":{"reasoning_tokens":200}}}}\
            """);
    CanonicalUsage anthropic =
        UsageAdapter.ANTHROPIC.read(
            """
            {"usage":{"input_tokens":700,"cache_read_input_tokens":300,"output_tokens":500,
             "output_tokens_details":{"thinking_tokens":200}}}\
            """);
    CanonicalUsage gemini =
        UsageAdapter.GEMINI.read(
            """
            {"usageMetadata":{"promptTokenCount":1000,"cachedContentTokenCount":300,
             "candidatesTokenCount":300,"thoughtsTokenCount":200}}\
            """);
    CanonicalUsage deepSeek =
        UsageAdapter.DEEPSEEK.read(
            """
            {"usage":{"prompt_cache_hit_tokens":300,"prompt_cache_miss_tokens":700,
             "completion_tokens":500,"completion_tokens_details":{"reasoning_tokens":200}}}\
            """);
    CanonicalUsage otel =
        UsageAdapter.OTEL.read(
            Map.of(
                "gen_ai.usage.input_tokens", 1000,
                "gen_ai.usage.cache_read.input_tokens", 300,
                "gen_ai.usage.output_tokens", 500,
                "gen_ai.usage.reasoning.output_tokens", 200));
    CanonicalUsage quantities =
        UsageAdapter.QUANTITIES.read(
            Map.of(
                "input_tokens", 700,
                "cache_read_input_tokens", 300,
                "output_tokens", 500,
                "reasoning_output_tokens", 200,
                "own_name", 3));
    assertThat(chat.quantities())
        .containsEntry(Bucket.INPUT, new BigDecimal("700"))
        .containsEntry(Bucket.CACHE_READ, new BigDecimal("300"))
        .containsEntry(Bucket.OUTPUT, new BigDecimal("300"))
        .containsEntry(Bucket.OUTPUT_REASONING, new BigDecimal("200"));
    assertThat(chat.promptTokens()).isEqualByComparingTo("1000");
    assertThat(chat.totalTokens()).isEqualByComparingTo("1500");
    assertThat(responses).isEqualTo(chat);
    assertThat(anthropic).isEqualTo(chat);
    assertThat(gemini).isEqualTo(chat);
    assertThat(deepSeek).isEqualTo(chat);
    assertThat(otel).isEqualTo(chat);
    assertThat(quantities).isEqualTo(chat).hasSameHashCodeAs(chat);
    assertThat(chat.adapter()).isEqualTo("openai_chat/1");
  }

  @Test
  void realtime_withCachedSound_takesTheOverlapApart() {
    CanonicalUsage usage =
        UsageAdapter.OPENAI_REALTIME.read(
            """
            {"response":{"usage":{"input_tokens":1000,"output_tokens":500,
             "input_token_details":{"audio_tokens":600,"text_tokens":400,"cached_tokens":250,
              "cached_tokens_details":{"audio_tokens":200,"text_tokens":50}},
             "output_token_details":{"audio_tokens":300,"text_tokens":200}}}}\
            """);
    assertThat(usage.quantity(Bucket.INPUT)).isEqualByComparingTo("350");
    assertThat(usage.quantity(Bucket.INPUT_AUDIO)).isEqualByComparingTo("400");
    assertThat(usage.quantity(Bucket.CACHE_READ)).isEqualByComparingTo("50");
    assertThat(usage.quantity(Bucket.CACHE_READ_AUDIO)).isEqualByComparingTo("200");
    assertThat(usage.quantity(Bucket.OUTPUT_AUDIO)).isEqualByComparingTo("300");
  }

  @Test
  void anthropic_withTwoCacheTimesAndSearches_tellsThemApart() {
    CanonicalUsage usage =
        UsageAdapter.ANTHROPIC.read(
            """
            {"usage":{"input_tokens":1,"cache_creation_input_tokens":30,"output_tokens":2,
             "cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":10},
             "server_tool_use":{"web_search_requests":3}}}\
            """);
    assertThat(usage.quantity(Bucket.CACHE_WRITE_5M)).isEqualByComparingTo("20");
    assertThat(usage.quantity(Bucket.CACHE_WRITE_1H)).isEqualByComparingTo("10");
    assertThat(usage.quantity(Bucket.WEB_SEARCHES)).isEqualByComparingTo("3");
  }

  @Test
  void transcription_bySeconds_isSecondsOfSound() {
    CanonicalUsage usage =
        UsageAdapter.OPENAI_RESPONSES.read("{\"usage\":{\"type\":\"duration\",\"seconds\":90}}");
    assertThat(usage.quantity(Bucket.AUDIO_SECONDS)).isEqualByComparingTo("90");
  }

  @Test
  void transcription_byTokens_isSound() {
    CanonicalUsage usage =
        UsageAdapter.OPENAI_RESPONSES.read(
            """
            {"text":"Imagine","usage":{"type":"tokens","input_tokens":14,
             "input_token_details":{"text_tokens":2,"audio_tokens":12},
             "output_tokens":45,"total_tokens":59}}\
            """);
    assertThat(usage.quantity(Bucket.INPUT_AUDIO)).isEqualByComparingTo("12");
    assertThat(usage.quantity(Bucket.INPUT)).isEqualByComparingTo("2");
    assertThat(usage.quantity(Bucket.OUTPUT)).isEqualByComparingTo("45");
  }

  @Test
  void gemini_withCachedSoundAndNoDetailsOfTheCache_isRead() {
    CanonicalUsage usage =
        UsageAdapter.GEMINI.read(
            """
            {"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":80,
             "promptTokensDetails":[{"modality":"AUDIO","tokenCount":90},
              {"modality":"TEXT","tokenCount":10}],"candidatesTokenCount":5}}\
            """);
    assertThat(usage.quantity(Bucket.CACHE_READ_AUDIO)).isEqualByComparingTo("70");
    assertThat(usage.quantity(Bucket.INPUT_AUDIO)).isEqualByComparingTo("20");
    assertThat(usage.quantity(Bucket.CACHE_READ)).isEqualByComparingTo("10");
    assertThat(usage.promptTokens()).isEqualByComparingTo("100");
  }

  @Test
  void numberOfAMap_thatIsNone_isRefusedByName() {
    for (Object none : List.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NaN)) {
      assertThatThrownBy(
              () -> UsageAdapter.OPENAI_CHAT.read(Map.of("usage", Map.of("prompt_tokens", none))))
          .isInstanceOf(CostInputException.class)
          .hasMessage("prompt_tokens must be a number, but is " + none);
    }
  }

  @Test
  void brokenNumbers_areRefusedByName() {
    refused(UsageAdapter.OPENAI_CHAT, "{\"usage\":{\"prompt_tokens\":-1}}", "prompt_tokens");
    refused(UsageAdapter.OPENAI_CHAT, "{\"usage\":{\"prompt_tokens\":\"5\"}}", "prompt_tokens");
    refused(UsageAdapter.OPENAI_CHAT, "{\"usage\":{\"prompt_tokens\":1e-500}}", "prompt_tokens");
    refused(
        UsageAdapter.OPENAI_CHAT, "{\"usage\":{\"prompt_tokens\":1e999999999}}", "prompt_tokens");
    refused(UsageAdapter.OPENAI_CHAT, "{\"usage\":{}}", "usage");
    refused(UsageAdapter.OPENAI_CHAT, "[]", "usage");
    refused(UsageAdapter.OPENAI_CHAT, "{\"usage\":{},\"usage\":{}}", "usage");
    refused(UsageAdapter.TOTALS, "{\"inputs\":1}", "inputs");
    refused(
        UsageAdapter.TOTALS,
        "{\"input_tokens\":10,\"cache_read_tokens\":6,\"cache_write_tokens\":6}",
        "cache_write_tokens and the parts before it");
    refused(
        UsageAdapter.ANTHROPIC,
        "{\"usage\":{\"input_tokens\":1,\"output_tokens\":1,\"cache_creation_input_tokens\":1,"
            + "\"cache_creation\":{\"ephemeral_1h_input_tokens\":2}}}",
        "cache_creation.ephemeral_1h_input_tokens");
  }

  private static void refused(UsageAdapter adapter, String body, String field) {
    assertThatThrownBy(() -> adapter.read(body))
        .isInstanceOf(CostInputException.class)
        .extracting(e -> ((CostInputException) e).field())
        .isEqualTo(field);
  }

  /** The reader of the SDK and this one must not tell two stories about the same body. */
  @Test
  void bodies_throughGenAiUsageAndQuantities_areTheSameTokens() {
    Random random = new Random(SEED);
    int bodies = 2_000;
    for (int i = 0; i < bodies; i++) {
      int input = random.nextInt(1_000);
      int cached = random.nextInt(input + 1);
      int audio = random.nextInt(input + 1);
      int output = random.nextInt(1_000);
      int reasoning = random.nextInt(output + 1);
      String body =
          """
          {"usage":{"prompt_tokens":%d,"completion_tokens":%d,
           "prompt_tokens_details":{"cached_tokens":%d,"audio_tokens":%d},
           "completion_tokens_details":{"reasoning_tokens":%d}}}\
          """
              .formatted(input, output, cached, audio, reasoning);
      CanonicalUsage direct = UsageAdapter.OPENAI_CHAT.read(body);
      Map<String, Object> sent = new LinkedHashMap<>(GenAiUsage.fromOpenAiChat(body).quantities());
      CanonicalUsage byEvent = UsageAdapter.QUANTITIES.read(sent);
      assertThat(byEvent.totalTokens()).as(body).isEqualByComparingTo(direct.totalTokens());
      assertThat(byEvent.quantity(Bucket.INPUT))
          .as(body)
          .isEqualByComparingTo(direct.quantity(Bucket.INPUT));
      assertThat(byEvent.quantity(Bucket.CACHE_READ))
          .as(body)
          .isEqualByComparingTo(
              direct.quantity(Bucket.CACHE_READ).add(direct.quantity(Bucket.CACHE_READ_AUDIO)));
      assertThat(byEvent.quantity(Bucket.OUTPUT_REASONING))
          .isEqualByComparingTo(direct.quantity(Bucket.OUTPUT_REASONING));
    }
    for (int i = 0; i < bodies; i++) {
      otherProviders(random);
    }
    Proof.of("cost-adapters").with("bodies", bodies).with("wrong", 0).with("seed", SEED).print();
  }

  /** The forms without sound, of the same tokens. */
  private static void otherProviders(Random random) {
    int read = random.nextInt(500);
    int rest = random.nextInt(500);
    int reasoning = random.nextInt(500);
    int output = reasoning + random.nextInt(500);
    String responses =
        """
        {"usage":{"input_tokens":%d,"output_tokens":%d,
         "input_tokens_details":{"cached_tokens":%d},
         "output_tokens_details":{"reasoning_tokens":%d}}}\
        """
            .formatted(read + rest, output, read, reasoning);
    same(responses, UsageAdapter.OPENAI_RESPONSES, GenAiUsage.fromOpenAiResponses(responses));
    String anthropic =
        """
        {"usage":{"input_tokens":%d,"cache_read_input_tokens":%d,
         "cache_creation_input_tokens":%d,"output_tokens":%d}}\
        """
            .formatted(rest, read, reasoning, output);
    same(anthropic, UsageAdapter.ANTHROPIC, GenAiUsage.fromAnthropic(anthropic));
    String gemini =
        """
        {"usageMetadata":{"promptTokenCount":%d,"cachedContentTokenCount":%d,
         "candidatesTokenCount":%d,"thoughtsTokenCount":%d,"toolUsePromptTokenCount":%d}}\
        """
            .formatted(read + rest, read, output - reasoning, reasoning, rest);
    same(gemini, UsageAdapter.GEMINI, GenAiUsage.fromGemini(gemini));
    String deepSeek =
        """
        {"usage":{"prompt_tokens":%d,"prompt_cache_hit_tokens":%d,"prompt_cache_miss_tokens":%d,
         "completion_tokens":%d,"completion_tokens_details":{"reasoning_tokens":%d}}}\
        """
            .formatted(read + rest, read, rest, output, reasoning);
    same(deepSeek, UsageAdapter.DEEPSEEK, GenAiUsage.fromDeepSeek(deepSeek));
    String otel =
        """
        {"gen_ai.usage.input_tokens":%d,"gen_ai.usage.cache_read.input_tokens":%d,
         "gen_ai.usage.output_tokens":%d,"gen_ai.usage.reasoning.output_tokens":%d}\
        """
            .formatted(read + rest, read, output, reasoning);
    same(otel, UsageAdapter.OTEL, GenAiUsage.fromOtel(otel));
  }

  private static void same(String body, UsageAdapter adapter, GenAiUsage sent) {
    CanonicalUsage byEvent = UsageAdapter.QUANTITIES.read(new LinkedHashMap<>(sent.quantities()));
    assertThat(byEvent).as(body).isEqualTo(adapter.read(body));
  }
}
