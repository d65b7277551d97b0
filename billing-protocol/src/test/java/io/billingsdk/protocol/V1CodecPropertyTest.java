package io.billingsdk.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random valid events, written by the codec and read back by an independent reader. */
@Tag("fuzz")
final class V1CodecPropertyTest {
  private static final int EVENTS = 5_000;
  private static final ObjectMapper READER =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  @Test
  void encode_randomValidEvents_readBackEqual() throws IOException {
    int encodedEvents = 0;
    for (long seed = 1; seed <= EVENTS; seed++) {
      V1Event report = new Generator(seed).report();
      Optional<byte[]> encoded = V1Codec.encode(report);
      if (encoded.isPresent()) {
        encodedEvents++;
        assertThat(encoded.get()).as("seed %d", seed).hasSizeLessThanOrEqualTo(Bounds.EVENT_BYTES);
        assertSame(report, READER.readTree(encoded.get()), "seed " + seed);
        byte[] message = V1Codec.message(encoded.get(), new UUID(seed, seed), seed);
        assertSame(report, READER.readTree(message), "message of seed " + seed);
        assertThat(V1Message.decode(message).event())
            .as("a receiver takes whatever a sender may send, seed %d", seed)
            .isInstanceOf(ReceivedEvent.Valid.class);
      }
    }
    assertThat(encodedEvents).as("most random events are small enough").isGreaterThan(EVENTS / 2);
  }

  private static void assertSame(V1Event report, JsonNode json, String seed) {
    assertThat(json.path("app_id").textValue()).as(seed).isEqualTo(report.appId());
    assertThat(json.path("api_key").textValue()).as(seed).isEqualTo(report.apiKey());
    assertThat(json.path("module").textValue()).as(seed).isEqualTo(report.module());
    assertThat(json.path("model").textValue()).as(seed).isEqualTo(report.model());
    assertThat(json.path("usage").decimalValue()).as(seed).isEqualByComparingTo(report.usage());
    assertThat(json.path("usage").isIntegralNumber())
        .as(seed)
        .isEqualTo(report.usage().stripTrailingZeros().scale() <= 0);
    assertThat(json.path("timestamp").longValue()).as(seed).isEqualTo(report.timestampMillis());
    boolean hasMetadata = report.metadata() != null && !report.metadata().isEmpty();
    assertThat(json.has("metadata")).as(seed).isEqualTo(hasMetadata);
    if (hasMetadata) {
      assertThat(plain(json.path("metadata"))).as(seed).isEqualTo(canonical(report.metadata()));
    }
  }

  /** What the reader saw, as plain values. */
  private static @Nullable Object plain(JsonNode node) {
    if (node.isObject()) {
      Map<String, Object> map = new LinkedHashMap<>();
      node.properties().forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
      return map;
    }
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(element -> list.add(plain(element)));
      return list;
    }
    if (node.isNumber()) {
      return node.decimalValue().stripTrailingZeros();
    }
    return node.isBoolean() ? (Object) node.booleanValue() : node.textValue();
  }

  /** What was written, with each number as the decimal that its type prints. */
  private static @Nullable Object canonical(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((name, inner) -> copy.put((String) name, canonical(inner)));
      return copy;
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(inner -> copy.add(canonical(inner)));
      return copy;
    }
    return value instanceof Number number
        ? new BigDecimal(number.toString()).stripTrailingZeros()
        : value;
  }

  /** Valid by the bounds, and as strange as they allow. */
  private static final class Generator {
    private final Random random;

    Generator(long seed) {
      random = new Random(seed);
    }

    V1Event report() {
      return new V1Event(
          random.nextBoolean() ? text(1, 40) : null,
          key(),
          text(1, 60),
          text(1, 60),
          usage(),
          random.nextLong() >>> 20,
          random.nextInt(4) == 0 ? null : map(random.nextInt(12), /* nestable= */ true));
    }

    private String key() {
      StringBuilder key = new StringBuilder();
      int length = 1 + random.nextInt(64);
      for (int i = 0; i < length; i++) {
        key.append((char) ('!' + random.nextInt('~' - '!' + 1)));
      }
      return key.toString();
    }

    private double usage() {
      return switch (random.nextInt(4)) {
        case 0 -> random.nextInt(10_000);
        case 1 -> random.nextDouble();
        case 2 -> Math.floor(random.nextDouble() * Bounds.USAGE_MAX);
        default -> random.nextDouble() * Bounds.USAGE_MAX;
      };
    }

    private Map<String, Object> map(int entries, boolean nestable) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < entries; i++) {
        map.put(text(1, 20), value(nestable));
      }
      return map;
    }

    private @Nullable Object value(boolean nestable) {
      return switch (random.nextInt(nestable ? 13 : 11)) {
        case 0 -> null;
        case 1 -> random.nextBoolean();
        case 2 -> random.nextInt();
        case 3 -> random.nextLong();
        case 4 -> random.nextDouble() * Math.pow(10, random.nextInt(600) - 300);
        case 5 -> random.nextFloat();
        case 6 -> new BigInteger(512, random);
        case 7 -> new BigDecimal(new BigInteger(256, random), random.nextInt(200) - 100);
        case 8 -> (short) random.nextInt();
        case 9, 10 -> text(0, 200);
        case 11 -> map(random.nextInt(6), /* nestable= */ false);
        default -> list();
      };
    }

    private List<Object> list() {
      List<Object> list = new ArrayList<>();
      int length = random.nextInt(8);
      for (int i = 0; i < length; i++) {
        list.add(value(/* nestable= */ false));
      }
      return list;
    }

    private String text(int min, int max) {
      StringBuilder text = new StringBuilder();
      int length = min + random.nextInt(max - min + 1);
      for (int i = 0; i < length; i++) {
        text.appendCodePoint(codePoint());
      }
      return text.toString();
    }

    private int codePoint() {
      return switch (random.nextInt(6)) {
        case 0 -> 1 + random.nextInt(0x1f);
        case 1 -> "\"\\/\u007f\u2028\u2029\ufeff".charAt(random.nextInt(7));
        case 2 -> 0x10000 + random.nextInt(0x100000);
        case 3 -> 0xE000 + random.nextInt(0x2000);
        case 4 -> 0x80 + random.nextInt(0x2000);
        default -> 'a' + random.nextInt(26);
      };
    }
  }
}
