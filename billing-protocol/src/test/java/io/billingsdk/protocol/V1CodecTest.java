package io.billingsdk.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class V1CodecTest {
  private static final UUID STREAM = UUID.fromString("0199d4c0-0000-4000-8000-00000000002a");

  private static V1Event report(double usage, @Nullable Map<String, ?> metadata) {
    return new V1Event("app", "key", "llm", "gpt-4", usage, 1_760_000_000_123L, metadata);
  }

  private static String encode(V1Event report) throws IOException {
    return new String(V1Codec.encode(report).orElseThrow(), UTF_8);
  }

  @Test
  void encode_everything_hasExactlyTheFieldsOfV1() throws IOException {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("tokens", 100);
    metadata.put("nothing", null);
    metadata.put("stream", true);
    metadata.put("list", Arrays.asList("a", null, 1.5));
    metadata.put("map", Map.of("b", 2L));
    assertThat(encode(report(150, metadata)))
        .isEqualTo(
            "{\"app_id\":\"app\",\"api_key\":\"key\",\"module\":\"llm\",\"model\":\"gpt-4\","
                + "\"usage\":150,\"timestamp\":1760000000123,\"metadata\":{\"tokens\":100,"
                + "\"nothing\":null,\"stream\":true,\"list\":[\"a\",null,1.5],\"map\":{\"b\":2}}}");
  }

  @Test
  void encode_keyWithoutApplication_hasNoAppId() throws IOException {
    assertThat(encode(new V1Event(null, "key", "llm", "m", 1, 2, null)))
        .isEqualTo(
            "{\"api_key\":\"key\",\"module\":\"llm\",\"model\":\"m\",\"usage\":1,\"timestamp\":2}");
  }

  @Test
  void encode_emptyMetadata_isAbsent() throws IOException {
    assertThat(encode(report(1, Map.of()))).doesNotContain("metadata");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "150, 150",
    "0.1, 0.1",
    "0.30000000000000004, 0.30000000000000004",
    "1e-9, 1.0E-9",
    "4503599627370495.5, 4.5035996273704955E15",
    "9007199254740991, 9007199254740991",
    "9007199254740992, 9007199254740992",
    "4.9e-324, 4.9E-324",
  })
  void encode_usage_isIntegralWithoutFractionAndElseExact(double usage, String written)
      throws IOException {
    String json = encode(report(usage, null));
    assertThat(json).contains("\"usage\":" + written + ",");
    assertThat(new ObjectMapper().readTree(json).path("usage").doubleValue())
        .isEqualTo(usage + 0.0);
  }

  @Test
  void encode_bigNumbersInMetadata_areExact() throws IOException {
    BigInteger integer = BigInteger.TWO.pow(500).add(BigInteger.ONE);
    BigDecimal decimal = new BigDecimal("12345678901234567890.12345678901234567890");
    String json =
        encode(report(1, Map.of("i", integer, "d", decimal, "l", Long.MIN_VALUE, "f", 0.1f)));
    assertThat(json)
        .contains("\"i\":" + integer)
        .contains("\"d\":" + decimal)
        .contains("\"l\":-9223372036854775808")
        .contains("\"f\":0.1");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void encode_numberThatJsonDoesNotHave_isRefused(double number) {
    assertThatThrownBy(() -> encode(report(1, Map.of("n", number))))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> encode(report(1, Map.of("n", (float) number))))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> report(number, null)).isInstanceOf(NumberFormatException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "\udc00", "a\ud83d", "\ude00b", "\ude00\ud83d", "\ud800\ud800"})
  void encode_halfASurrogatePairAnywhere_isRefused(String half) {
    List<V1Event> reports =
        List.of(
            new V1Event(null, "key", half, "m", 1, 2, null),
            new V1Event(null, "key", "llm", half, 1, 2, null),
            new V1Event(half, "key", "llm", "m", 1, 2, null),
            report(1, Map.of(half, 1)),
            report(1, Map.of("n", half)),
            report(1, Map.of("n", List.of(half))),
            report(1, Map.of("n", Map.of(half, 1))));
    for (V1Event report : reports) {
      assertThatThrownBy(() -> encode(report)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void encode_exactlyAtTheBound_isTakenAndOneByteMoreIsNot() throws IOException {
    int rest = encode(report(1, Map.of("s", ""))).length();
    String fits = "x".repeat(16_384 - rest);
    assertThat(V1Codec.encode(report(1, Map.of("s", fits))).orElseThrow()).hasSize(16_384);
    assertThat(V1Codec.encode(report(1, Map.of("s", fits + "x")))).isEmpty();
    assertThat(V1Codec.encode(report(1, Map.of("s", fits.substring(1) + "ü")))).isEmpty();
    assertThat(V1Codec.encode(report(1, Map.of("s", "x".repeat(1_000_000))))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 42, Long.MAX_VALUE})
  void message_splicedIn_isTheSameObjectWithStreamAndSeq(long seq) throws IOException {
    byte[] event = V1Codec.encode(report(1.5, Map.of("a", "{\"}"))).orElseThrow();
    JsonNode message = new ObjectMapper().readTree(V1Codec.message(event, STREAM, seq));
    assertThat(message.fieldNames())
        .toIterable()
        .containsExactly(
            "stream",
            "seq",
            "app_id",
            "api_key",
            "module",
            "model",
            "usage",
            "timestamp",
            "metadata");
    assertThat(message.path("stream").textValue()).isEqualTo(STREAM.toString());
    assertThat(message.path("seq").isIntegralNumber()).isTrue();
    assertThat(message.path("seq").longValue()).isEqualTo(seq);
    com.fasterxml.jackson.databind.node.ObjectNode without = message.deepCopy();
    without.remove(List.of("stream", "seq"));
    assertThat((JsonNode) without).isEqualTo(new ObjectMapper().readTree(event));
  }

  @Test
  void keysRequestAndHeartbeat_always_areThoseOfV1() {
    assertThat(new String(V1Codec.keysRequest(1_760_000_000_123L), UTF_8))
        .isEqualTo("{\"timestamp\":1760000000123}");
    assertThat(new String(V1Codec.heartbeat(7), UTF_8))
        .isEqualTo("{\"type\":\"heartbeat\",\"timestamp\":7}");
  }

  @Test
  void topics_underPrefix_areThoseOfV1() {
    assertThat(V1Topics.under("billing"))
        .isEqualTo(
            new V1Topics(
                "billing/report",
                "billing/keys/request",
                "billing/keys/update",
                "billing/heartbeat"));
  }

  @Test
  void toString_ofWhatHoldsAKey_doesNotShowIt() {
    assertThat(new V1Event("app", "sk-secret", "llm", "m", 1, 2, Map.of("p", "prompt")))
        .asString()
        .doesNotContain("sk-secret", "prompt");
    assertThat(new KeyUpdate(1, List.of(new KeyUpdate.Entry("a", "sk-secret", true, "r")), 0))
        .asString()
        .doesNotContain("sk-secret");
  }
}
