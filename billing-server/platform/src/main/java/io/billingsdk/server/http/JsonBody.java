package io.billingsdk.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.server.http.Problem.ProblemException;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The fields of a JSON object, each checked when it is read. {@link #end()} refuses those that
 * nobody has asked for: a misspelt limit would else be no limit. For one thread.
 */
public final class JsonBody {
  private static final Pattern MONTH = Pattern.compile("20[0-9]{2}-(0[1-9]|1[0-2])");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,40}([.][0-9]{1,40})?");

  private final JsonNode object;
  private final String prefix;
  private final Set<String> read = new HashSet<>();

  private JsonBody(JsonNode object, String prefix) {
    this.object = object;
    this.prefix = prefix;
  }

  static JsonBody of(byte[] body) {
    // Exactly: an amount is no double.
    JsonNode tree = tree(body, Json::exactTree);
    if (!tree.isObject()) {
      throw new ProblemException(Problem.malformedBody("it is not a JSON object"));
    }
    return new JsonBody(tree, "");
  }

  /** Reads JSON. */
  @FunctionalInterface
  public interface Parser {
    /** Reads one value and nothing behind it. */
    JsonNode parse(byte[] bytes) throws IOException;
  }

  /** The JSON of a body, whatever it is. */
  public static JsonNode tree(byte[] body, Parser parser) {
    try {
      return parser.parse(body);
    } catch (JsonProcessingException malformed) {
      throw new ProblemException(Problem.malformedBody(said(malformed)));
    } catch (IOException unreadable) {
      throw new ProblemException(Problem.malformedBody("it is not in UTF-8"));
    }
  }

  /** Where it is wrong, and nothing of what it says: it may hold a secret. */
  private static String said(JsonProcessingException malformed) {
    return malformed.getLocation() == null
        ? "it is not well-formed JSON"
        : "it is not well-formed JSON, in line "
            + malformed.getLocation().getLineNr()
            + ", column "
            + malformed.getLocation().getColumnNr();
  }

  /** Whether a field is there, and be it null. */
  public boolean has(String name) {
    read.add(name);
    return object.has(name);
  }

  /** A text that must be there, of 1 to so many characters. */
  public String text(String name, int chars) {
    return optionalText(name, chars).orElseThrow(() -> wrong(name, text(chars)));
  }

  /** The same, empty when it is not there or null. */
  public Optional<String> optionalText(String name, int chars) {
    return value(name).map(value -> text(name, value, chars));
  }

  /** Texts; none when it is not there or null. */
  public List<String> texts(String name, int most, int chars) {
    List<String> texts = new ArrayList<>();
    for (JsonNode each : list(name, most)) {
      texts.add(text(name, each, chars));
    }
    return texts;
  }

  /** Objects; none when it is not there or null. */
  public List<JsonBody> objects(String name, int most) {
    List<JsonBody> objects = new ArrayList<>();
    for (JsonNode each : list(name, most)) {
      objects.add(object(name + "[" + objects.size() + "]", each));
    }
    return objects;
  }

  /** An object; empty when it is not there or null. */
  public Optional<JsonBody> object(String name) {
    return value(name).map(value -> object(name, value));
  }

  /** A time; empty when it is not there or null. */
  public Optional<Instant> time(String name) {
    return optionalText(name, 64).map(text -> Request.time(prefix + name, text));
  }

  /** The same that must be there. */
  public Instant requiredTime(String name) {
    return time(name).orElseThrow(() -> wrong(name, "a time in UTC, as 2027-01-31T00:00:00Z"));
  }

  /** A month of 2000 to 2099 that must be there. */
  public YearMonth month(String name) {
    String expected = "a month of 2000 to 2099, as 2026-11";
    String text = optionalText(name, 64).orElseThrow(() -> wrong(name, expected));
    if (!MONTH.matcher(text).matches()) {
      throw wrong(name, expected);
    }
    return YearMonth.parse(text);
  }

  /** A UUID that must be there. */
  public UUID uuid(String name) {
    return Request.uuid(
        prefix + name, optionalText(name, 64).orElseThrow(() -> wrong(name, "a UUID")));
  }

  /** A number that must be there, exactly; it may be a text of plain decimals. */
  public BigDecimal amount(String name) {
    return value(name)
        .map(JsonBody::exactNumber)
        .filter(JsonNode::isNumber)
        .orElseThrow(() -> wrong(name, "a number, or a text of plain decimals"))
        .decimalValue();
  }

  /** A number, and a text of plain decimals as one: it is exact in every language. */
  public static JsonNode exactNumber(JsonNode value) {
    if (value.isTextual() && DECIMAL.matcher(value.textValue()).matches()) {
      BigDecimal number = new BigDecimal(value.textValue());
      // A double may be written with more; who writes a text has chosen each digit.
      if (number.stripTrailingZeros().scale() <= Bounds.USAGE_DECIMALS) {
        return DecimalNode.valueOf(number);
      }
    }
    return value;
  }

  /** A whole number; empty when it is not there or null. */
  public Optional<Long> whole(String name, long least, long most) {
    return value(name).map(value -> whole(name, value, least, most));
  }

  /** Whole numbers, at most so many; none when they are not there or null. */
  public List<Long> wholes(String name, int count, long least, long most) {
    List<Long> numbers = new ArrayList<>();
    for (JsonNode each : list(name, count)) {
      numbers.add(whole(name + "[" + numbers.size() + "]", each, least, most));
    }
    return numbers;
  }

  private long whole(String name, JsonNode value, long least, long most) {
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < least
        || value.longValue() > most) {
      throw wrong(name, "a whole number from " + least + " to " + most);
    }
    return value.longValue();
  }

  /** True or false; false when it is not there or null. */
  public boolean flag(String name) {
    return value(name)
        .map(
            value -> {
              if (!value.isBoolean()) {
                throw wrong(name, "true or false");
              }
              return value.booleanValue();
            })
        .orElse(false);
  }

  /** Refuses a field that was not asked for. */
  public void end() {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!read.contains(name)) {
        // Its name may be anything; what a sender wrote by mistake is not repeated at length.
        throw Request.invalid(prefix + Request.shown(name), "left out: there is no such field");
      }
    }
  }

  /** The field must be something else. */
  public ProblemException wrong(String name, String expected) {
    return Request.invalid(prefix + name, expected);
  }

  private Optional<JsonNode> value(String name) {
    read.add(name);
    return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
  }

  private Iterable<JsonNode> list(String name, int most) {
    Optional<JsonNode> value = value(name);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!(value.get() instanceof ArrayNode list) || list.size() > most) {
      throw wrong(name, "a list of at most " + most);
    }
    return list;
  }

  private JsonBody object(String name, JsonNode value) {
    if (!value.isObject()) {
      throw wrong(name, "an object");
    }
    return new JsonBody(value, prefix + name + ".");
  }

  private String text(String name, JsonNode value, int chars) {
    String text = value.isTextual() ? value.textValue() : "";
    if (text.isBlank() || text.length() > chars || !Bounds.isWellFormedText(text)) {
      throw wrong(name, text(chars));
    }
    if (KeyMask.isIn(text)) {
      throw wrong(name, "a text without an API key, since the text is kept in the clear");
    }
    return text;
  }

  private static String text(int chars) {
    return "a text of 1 to " + chars + " characters";
  }
}
