package io.billingsdk.server.catalog;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.common.ShownText;
import java.io.IOException;
import java.util.regex.Pattern;

/** YAML as plan files have it; JSON is YAML too. Numbers stay exactly as they are written. */
final class CatalogYaml {
  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");

  private static final ObjectMapper YAML =
      new ObjectMapper(
              YAMLFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .disable(YAMLGenerator.Feature.SPLIT_LINES)
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                  .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                  .build())
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** The same with all texts in quotes: only there a character may be an escape. */
  private static final ObjectMapper QUOTED =
      new ObjectMapper(
          ((YAMLFactory) YAML.getFactory())
              .rebuild()
              .disable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .stringQuotingChecker(new QuotedNames())
              .build());

  private CatalogYaml() {}

  /** A file. */
  static JsonNode read(String text) {
    try (JsonParser scan = YAML.getFactory().createParser(text)) {
      for (JsonToken token = scan.nextToken(); token != null; token = scan.nextToken()) {
        requirePlain(scan, token);
      }
      return YAML.readTree(text);
    } catch (JsonProcessingException malformed) {
      throw unreadable(malformed.getOriginalMessage(), line(malformed));
    } catch (IOException impossible) {
      throw new IllegalStateException("a text cannot be read", impossible);
    }
  }

  /** A file that a terminal shows as it is: hidden characters are escapes in quotes. */
  static String write(JsonNode tree) {
    String text = write(YAML, tree);
    return text.codePoints().anyMatch(CatalogYaml::hides) ? escaped(write(QUOTED, tree)) : text;
  }

  private static String write(ObjectMapper mapper, JsonNode tree) {
    try {
      return mapper.writeValueAsString(tree);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a tree cannot be written", impossible);
    }
  }

  private static String escaped(String quoted) {
    StringBuilder text = new StringBuilder();
    quoted.codePoints().forEach(each -> append(text, each));
    return text.toString();
  }

  private static boolean hides(int character) {
    return character != '\n' && ShownText.isHidden(character);
  }

  private static void append(StringBuilder text, int character) {
    if (hides(character)) {
      text.append("\\U%08X".formatted(character));
    } else {
      text.appendCodePoint(character);
    }
  }

  private static final class QuotedNames extends StringQuotingChecker.Default {
    private static final long serialVersionUID = 1;

    @Override
    public boolean needToQuoteName(String name) {
      return true;
    }
  }

  /** Refuses what a reader of the file would understand in another way than the server. */
  private static void requirePlain(JsonParser parser, JsonToken token) throws IOException {
    int line = parser.currentTokenLocation().getLineNr();
    if (((YAMLParser) parser).isCurrentAlias()
        || parser.getObjectId() != null
        || parser.getTypeId() != null) {
      throw unreadable("anchors (&), aliases (*) and tags (!) are not read; quote the text", line);
    }
    if (token.isNumeric() && !NUMBER.matcher(parser.getText()).matches()) {
      throw unreadable(
          "write the number " + ShownText.of(parser.getText()) + " in plain digits, as 1000 or 0.5",
          line);
    }
  }

  private static int line(JsonProcessingException malformed) {
    return malformed.getLocation() == null ? 1 : malformed.getLocation().getLineNr();
  }

  private static RequestRefusedException unreadable(String why, int line) {
    String first = String.valueOf(why).lines().findFirst().orElse("");
    return RequestRefusedException.invalid(
        "plan file", "YAML or JSON; line " + line + ": " + ShownText.of(first));
  }
}
