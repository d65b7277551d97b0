package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An object of a profile, whose fields are checked when they are read; {@link #end} refuses those
 * that nobody has asked for. For one thread.
 */
final class ProfileNode {
  private static final int TEXT_CHARS = 128;
  private static final int MOST = 200;
  private static final String NUMBER = "[0-9]{1,20}([.][0-9]{1,18})?";

  private final ObjectNode object;
  private final String place;
  private final Set<String> read = new HashSet<>();

  private ProfileNode(ObjectNode object, String place) {
    this.object = object;
    this.place = place;
  }

  /** That of a whole file. */
  static ProfileNode of(JsonNode file) {
    if (!(file instanceof ObjectNode object)) {
      throw new ProfileException("profile", "an object");
    }
    return new ProfileNode(object, "");
  }

  /** The fault of a field. */
  ProfileException wrong(String field, String expected) {
    return new ProfileException(place + field, expected);
  }

  private Optional<JsonNode> value(String field) {
    read.add(field);
    return Optional.ofNullable(object.get(field)).filter(each -> !each.isNull());
  }

  /** A text that has to be there. */
  String text(String field) {
    return optionalText(field).orElseThrow(() -> wrong(field, "a text of 1 to 128 characters"));
  }

  /** The same if it is there. */
  Optional<String> optionalText(String field) {
    return value(field)
        .map(
            value -> {
              String text = value.isTextual() ? value.textValue() : "";
              if (text.isBlank() || text.length() > TEXT_CHARS) {
                throw wrong(field, "a text of 1 to 128 characters");
              }
              return text;
            });
  }

  /** True or false; false if it is not there. */
  boolean flag(String field) {
    return value(field)
        .map(
            value -> {
              if (!value.isBoolean()) {
                throw wrong(field, "true or false");
              }
              return value.booleanValue();
            })
        .orElse(false);
  }

  /** A decimal as a text or a number, not negative, that has to be there. */
  BigDecimal amount(String field) {
    return value(field)
        .map(JsonNode::asText)
        .filter(text -> text.matches(NUMBER))
        .map(BigDecimal::new)
        .orElseThrow(() -> wrong(field, "a number from 0, with at most 18 decimals"));
  }

  /** The same above 0; this one if it is not there. */
  BigDecimal positive(String field, BigDecimal usual) {
    BigDecimal amount = value(field).isEmpty() ? usual : amount(field);
    if (amount.signum() == 0) {
      throw wrong(field, "a number above 0");
    }
    return amount;
  }

  /** Texts; none if they are not there. */
  List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    value(field)
        .ifPresent(
            value -> {
              if (!value.isArray() || value.isEmpty() || value.size() > MOST) {
                throw wrong(field, "a list of 1 to " + MOST + " texts");
              }
              value.forEach(
                  each -> {
                    if (!each.isTextual() || each.textValue().isBlank()) {
                      throw wrong(field, "a list of texts");
                    }
                    texts.add(each.textValue());
                  });
            });
    return texts;
  }

  /** The texts of an object by their names; none if it is not there. */
  SortedMap<String, String> textsByName(String field) {
    SortedMap<String, String> texts = new TreeMap<>();
    value(field)
        .ifPresent(
            value -> {
              if (!value.isObject()) {
                throw wrong(field, "an object of texts");
              }
              value
                  .properties()
                  .forEach(each -> texts.put(each.getKey(), each.getValue().asText()));
            });
    return texts;
  }

  /** The objects of an object by their names; none if it is not there. */
  SortedMap<String, ProfileNode> objects(String field) {
    SortedMap<String, ProfileNode> objects = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : object(field).properties()) {
      String at = place + field + "." + each.getKey();
      if (!each.getKey().matches("[A-Za-z][A-Za-z0-9_.]{0,63}")) {
        throw new ProfileException(at, "a name of letters, digits, points and underscores");
      }
      if (!(each.getValue() instanceof ObjectNode inner)) {
        throw new ProfileException(at, "an object");
      }
      objects.put(each.getKey(), new ProfileNode(inner, at + "."));
    }
    return objects;
  }

  /** The objects of a list; none if it is not there. */
  List<ProfileNode> list(String field) {
    List<ProfileNode> objects = new ArrayList<>();
    value(field)
        .ifPresent(
            value -> {
              if (!value.isArray() || value.size() > MOST) {
                throw wrong(field, "a list of at most " + MOST);
              }
              value.forEach(
                  each -> {
                    String at = place + field + "[" + objects.size() + "]";
                    if (!(each instanceof ObjectNode inner)) {
                      throw new ProfileException(at, "an object");
                    }
                    objects.add(new ProfileNode(inner, at + "."));
                  });
            });
    return objects;
  }

  /** An object as it is; an empty one if it is not there. */
  ObjectNode object(String field) {
    JsonNode value = value(field).orElseGet(object::objectNode);
    if (!(value instanceof ObjectNode inner) || inner.size() > MOST) {
      throw wrong(field, "an object of at most " + MOST + " fields");
    }
    return inner;
  }

  /** Whether a field is there. */
  boolean has(String field) {
    return value(field).isPresent();
  }

  /** Refuses a field that was not asked for. */
  void end() {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!read.contains(name)) {
                throw wrong(name, "left out: there is no such field");
              }
            });
  }
}
