package io.billingsdk.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.DecimalNode;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.Utf8;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;

/**
 * JSON as this API writes it: records by the names of their components, without those that are
 * null; times as RFC 3339 in UTC; amounts as strings of plain decimals, since a JSON number becomes
 * a double in most languages. And as it reads it: bounded, and no name twice in one object.
 */
public final class Json {
  private static final int NUMBER_CHARS = 64;

  private static final ObjectMapper MAPPER = mapper();
  private static final ObjectReader EXACT =
      MAPPER.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private Json() {}

  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("an answer cannot be written", impossible);
    }
  }

  /** A JSON number with each digit of a decimal, for a field that has always been one. */
  public static JsonNode number(BigDecimal decimal) {
    return DecimalNode.valueOf(decimal);
  }

  /** Reads one value and nothing behind it. */
  public static JsonNode tree(byte[] bytes) throws IOException {
    return read(MAPPER.reader(), bytes);
  }

  /** The same with numbers exactly as they are written. */
  public static JsonNode exactTree(byte[] bytes) throws IOException {
    return read(EXACT, bytes);
  }

  private static JsonNode read(ObjectReader reader, byte[] bytes) throws IOException {
    if (!Utf8.isWellFormed(bytes)) {
      throw new CharacterCodingException();
    }
    try {
      return reader.readTree(bytes);
    } catch (NumberFormatException beyond) {
      // An exponent that no number has. Without its text, which quotes what was sent.
      throw new JsonParseException("a number has too large an exponent");
    }
  }

  private static ObjectMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .addModule(
                new SimpleModule()
                    .addSerializer(Instant.class, text(Instant::toString))
                    .addSerializer(BigDecimal.class, text(BigDecimal::toPlainString)))
            .build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(Bounds.JSON_DEPTH)
                .maxNumberLength(NUMBER_CHARS)
                .build());
    return mapper;
  }

  private static <T> JsonSerializer<T> text(java.util.function.Function<T, String> words) {
    return new JsonSerializer<>() {
      @Override
      public void serialize(T value, JsonGenerator json, SerializerProvider unused)
          throws IOException {
        json.writeString(words.apply(value));
      }
    };
  }
}
