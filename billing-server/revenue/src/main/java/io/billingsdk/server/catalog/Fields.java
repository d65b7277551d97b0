package io.billingsdk.server.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.common.ShownText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object of a plan file. Each is checked when it is read, and written to a copy in
 * the order of the reading: so the copy has one form, whatever the file looked like, and {@link
 * #end} refuses a field that nobody has asked for. For one thread.
 */
final class Fields {
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,40}(\\.[0-9]{1,40})?");
  static final String SLUG_EXPECTED = "1 to 64 of a-z 0-9 _ . -";

  private static final Pattern SLUG = Pattern.compile("[a-z0-9_.-]{1,64}");

  private final JsonNode object;
  private final String prefix;
  private final ObjectNode copy;
  private final Set<String> read = new HashSet<>();

  private Fields(JsonNode object, String prefix, ObjectNode copy) {
    this.object = object;
    this.prefix = prefix;
    this.copy = copy;
  }

  /** Of the whole of a file or a body. */
  static Fields of(JsonNode root) {
    return of(root, "");
  }

  /** Of an object that stands at a place, which ends with a point. */
  static Fields of(JsonNode root, String prefix) {
    if (!root.isObject()) {
      throw RequestRefusedException.invalid(
          prefix.isEmpty() ? "plan file" : prefix.substring(0, prefix.length() - 1),
          "an object with fields");
    }
    return new Fields(root, prefix, JsonNodeFactory.instance.objectNode());
  }

  /** Whether a text can be the name of a meter, a plan or a charge. */
  static boolean isSlug(String text) {
    return SLUG.matcher(text).matches();
  }

  /** The fields, in one form. */
  ObjectNode copy() {
    return copy;
  }

  /** Where a field stands. */
  String at(String name) {
    return prefix + name;
  }

  boolean has(String name) {
    JsonNode value = object.get(name);
    return value != null && !value.isNull();
  }

  /** A field must be something else. */
  RequestRefusedException wrong(String name, String expected) {
    return RequestRefusedException.invalid(at(name), expected);
  }

  /** Refuses a field that was not asked for: a misspelt limit would be no limit. */
  void end() {
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      if (!read.contains(each.getKey())) {
        throw RequestRefusedException.invalid(
            at(ShownText.of(each.getKey())), "left out: there is no such field here");
      }
    }
  }

  /** A name that others refer to. */
  String slug(String name) {
    String text = plain(name).map(JsonNode::asText).orElse("");
    if (!isSlug(text)) {
      throw wrong(name, SLUG_EXPECTED);
    }
    copy.put(name, text);
    return text;
  }

  /** The same, empty when it is not there. */
  Optional<String> optionalSlug(String name) {
    read.add(name);
    return has(name) ? Optional.of(slug(name)) : Optional.empty();
  }

  /** A text of 1 to so many characters. */
  String text(String name, int chars) {
    String text = checked(name, value(name).orElse(null), chars);
    copy.put(name, text);
    return text;
  }

  Optional<String> optionalText(String name, int chars) {
    read.add(name);
    return has(name) ? Optional.of(text(name, chars)) : Optional.empty();
  }

  /** Texts, none twice; none when the field is not there. */
  List<String> texts(String name, int most, int chars) {
    List<String> texts = new ArrayList<>();
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (JsonNode each : list(name, most)) {
      String text = checked(name + "[" + texts.size() + "]", each, chars);
      if (texts.contains(text)) {
        throw wrong(name, "a list that names nothing twice, but has " + text + " twice");
      }
      texts.add(text);
      list.add(text);
    }
    if (has(name)) {
      copy.set(name, list);
    }
    return texts;
  }

  /** A number from 0 that is exact to 18 decimals; as a text it keeps each digit everywhere. */
  BigDecimal decimal(String name) {
    return optionalDecimal(name).orElseThrow(() -> wrong(name, DECIMAL_EXPECTED));
  }

  private static final String DECIMAL_EXPECTED =
      "a number from 0 with at most 18 decimals, such as 12.50";

  Optional<BigDecimal> optionalDecimal(String name) {
    Optional<BigDecimal> found = value(name).map(value -> number(name, value));
    found.ifPresent(number -> copy.set(name, DecimalNode.valueOf(number)));
    return found;
  }

  private BigDecimal number(String name, JsonNode value) {
    BigDecimal number;
    if (value.isNumber()) {
      number = value.decimalValue();
    } else if (value.isTextual() && DECIMAL.matcher(value.textValue()).matches()) {
      number = new BigDecimal(value.textValue());
    } else {
      throw wrong(name, DECIMAL_EXPECTED);
    }
    // Before it is written out: 1e999999999 would have a billion digits.
    if (number.signum() < 0 || Math.abs((long) number.scale()) > 64 || number.precision() > 64) {
      throw wrong(name, DECIMAL_EXPECTED);
    }
    BigDecimal stripped = number.stripTrailingZeros();
    if (stripped.scale() > Bounds.USAGE_DECIMALS) {
      throw wrong(name, DECIMAL_EXPECTED);
    }
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /**
   * An amount in a currency: a number, or with the currency after it, as {@code 5.00 USD}. The copy
   * has the number.
   */
  Optional<BigDecimal> optionalMoney(String name, String currency) {
    Optional<JsonNode> value = value(name);
    if (value.isPresent() && value.get().isTextual() && value.get().textValue().contains(" ")) {
      String text = value.get().textValue();
      int space = text.indexOf(' ');
      if (!text.substring(space + 1).equals(currency)) {
        throw wrong(name, "in " + currency + ", the currency of the plan");
      }
      BigDecimal number = number(name, JsonNodeFactory.instance.textNode(text.substring(0, space)));
      copy.set(name, DecimalNode.valueOf(number));
      return Optional.of(number);
    }
    return optionalDecimal(name);
  }

  boolean isObject(String name) {
    return has(name) && object.get(name).isObject();
  }

  boolean isList(String name) {
    return has(name) && object.get(name).isArray();
  }

  /** Numbers as {@link #decimal} takes them. */
  List<BigDecimal> decimals(String name, int most) {
    List<BigDecimal> numbers = new ArrayList<>();
    ArrayNode copies = copy.putArray(name);
    for (JsonNode each : list(name, most)) {
      BigDecimal number = number(name + "[" + numbers.size() + "]", each);
      numbers.add(number);
      copies.add(number);
    }
    return numbers;
  }

  /** A whole number; empty when it is not there. */
  Optional<Integer> whole(String name, int least, int most) {
    Optional<Integer> found =
        value(name)
            .map(
                value -> {
                  if (!value.isIntegralNumber()
                      || !value.canConvertToInt()
                      || value.intValue() < least
                      || value.intValue() > most) {
                    throw wrong(name, "a whole number from " + least + " to " + most);
                  }
                  return value.intValue();
                });
    found.ifPresent(number -> copy.put(name, number));
    return found;
  }

  /** Whole numbers that rise; none when the field is not there. */
  List<Integer> rising(String name, int most, int least, int highest) {
    List<Integer> numbers = new ArrayList<>();
    ArrayNode copies = JsonNodeFactory.instance.arrayNode();
    int below = least - 1;
    for (JsonNode each : list(name, most)) {
      if (!each.isInt() || each.intValue() <= below || each.intValue() > highest) {
        throw wrong(name, "whole numbers from " + least + " to " + highest + " that rise");
      }
      below = each.intValue();
      numbers.add(below);
      copies.add(below);
    }
    if (has(name)) {
      copy.set(name, copies);
    }
    return numbers;
  }

  /** Whether the field is this word, rather than anything else. */
  boolean isWord(String name, String word) {
    boolean is = plain(name).map(JsonNode::textValue).filter(word::equals).isPresent();
    if (is) {
      copy.put(name, word);
    }
    return is;
  }

  /** One of some words; empty when it is not there. */
  <T> Optional<T> choice(String name, Map<String, T> words) {
    return value(name)
        .map(
            value -> {
              T chosen = value.isTextual() ? words.get(value.textValue()) : null;
              if (chosen == null) {
                throw wrong(name, "one of " + String.join(", ", words.keySet()));
              }
              copy.put(name, value.textValue());
              return chosen;
            });
  }

  /** An object; empty when it is not there. */
  Optional<Fields> object(String name) {
    return value(name).map(value -> child(name, value));
  }

  /** An object that must be there. */
  Fields requiredObject(String name) {
    return object(name).orElseThrow(() -> wrong(name, "given: an object with fields"));
  }

  private Fields child(String name, JsonNode value) {
    if (!value.isObject()) {
      throw wrong(name, "an object with fields");
    }
    return new Fields(value, at(name) + ".", copy.putObject(name));
  }

  /** Objects; none when the field is not there. */
  List<Fields> objects(String name, int most) {
    Iterable<JsonNode> values = list(name, most);
    List<Fields> objects = new ArrayList<>();
    if (!has(name)) {
      return objects;
    }
    ArrayNode copies = copy.putArray(name);
    for (JsonNode each : values) {
      String place = name + "[" + objects.size() + "]";
      if (!each.isObject()) {
        throw wrong(place, "an object with fields");
      }
      objects.add(new Fields(each, at(place) + ".", copies.addObject()));
    }
    return objects;
  }

  /** The names of an object's fields, which are free, in their order. */
  List<String> names(int most) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      String name = each.getKey();
      if (name.isBlank()
          || name.length() > Bounds.NAME_CHARS
          || !Bounds.isWellFormedText(name)
          || KeyMask.isIn(name)) {
        throw RequestRefusedException.invalid(
            place(), "an object whose names have 1 to " + Bounds.NAME_CHARS + " characters");
      }
      names.add(name);
    }
    if (names.isEmpty() || names.size() > most) {
      throw RequestRefusedException.invalid(place(), "an object with 1 to " + most + " fields");
    }
    return names;
  }

  /** Flags and texts by free names. */
  Map<String, String> features(int most, int chars) {
    Map<String, String> features = new LinkedHashMap<>();
    for (String name : names(most)) {
      JsonNode value = value(name).orElse(JsonNodeFactory.instance.nullNode());
      if (value.isBoolean()) {
        copy.put(name, value.booleanValue());
        features.put(name, value.asText());
      } else {
        features.put(name, text(name, chars));
      }
    }
    return features;
  }

  /** Makes something of what was read; what the library refuses is named by its place here. */
  <T> T rated(Supplier<T> made) {
    try {
      return made.get();
    } catch (RatingInputException refused) {
      throw RequestRefusedException.invalid(at(refused.field()), refused.expectation());
    }
  }

  private String place() {
    return prefix.isEmpty() ? "plan file" : prefix.substring(0, prefix.length() - 1);
  }

  private Optional<JsonNode> value(String name) {
    read.add(name);
    return has(name) ? Optional.of(object.get(name)) : Optional.empty();
  }

  private Optional<JsonNode> plain(String name) {
    return value(name).filter(JsonNode::isTextual);
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

  private String checked(String name, @Nullable JsonNode value, int chars) {
    String text = value != null && value.isTextual() ? value.textValue() : "";
    if (text.isBlank()
        || text.length() > chars
        || !Bounds.isWellFormedText(text)
        || KeyMask.isIn(text)) {
      throw wrong(name, "a text of 1 to " + chars + " characters");
    }
    return text;
  }
}
